import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  DateScalar,
  FirstArg,
  PagedList,
  reachableClinic,
  recordLoader,
  Scopes,
  type Context,
  type Page,
} from '@practice-graph/kit';
import { clinicCopies, todayAt } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { PayerFee } from './payer-fee.entity';
import { PayerFeeInput } from './payer-fee.inputs';
import { listFees, setFee } from './payer-fee.service';
import { PayerFeeConnection, PayerFeePayload } from './payer-fee.types';

/** Fees by key. */
export const fees = recordLoader(PayerFee);

@Resolver(() => PayerFee)
export class PayerFeeResolver {
  @Scopes(['finance:view_reports'])
  @PagedList()
  @Query(() => PayerFeeConnection, {
    nullable: true,
    description: 'Contracted fees of payers, from which the expected insurance write-off follows.',
  })
  async payerFees(
    @ClinicArg() opaque: string,
    @Arg('payer', () => String, { nullable: true, description: 'One payer.' }) payer: string | null,
    @Arg('asOf', () => DateScalar, {
      nullable: true,
      description: 'Day whose rules or state are asked for; null for today.',
    })
    asOf: string | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<Page<PayerFee> | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    return clinic && listFees(tx, { clinicId, payer: payer ?? null, day: asOf ?? todayAt(tx, clinic), first, after });
  }

  @Scopes(['finance:manage_policy'])
  @Change(() => PayerFeePayload, {
    description: 'Sets the usual and the contracted fee of a payer for a procedure from a day on.',
  })
  async payerFeeSet(
    @Arg('input', () => PayerFeeInput, { description: 'Data of the change.' }) input: PayerFeeInput,
    @Ctx() context: Context,
  ): Promise<PayerFeePayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'payerFeeSet', input }, (tx) =>
      setFee(tx, clinicId, input),
    );
    return Object.assign(new PayerFeePayload(), { payerFee: await context.of(fees).load(kept) });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the fees.' })
  async currency(@Root() fee: PayerFee, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicCopies).load(fee.clinicId))?.currency;
  }
}
