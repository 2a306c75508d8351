import { Change, change, ClinicArg, clinicOfInput, reachableClinic, Scopes, type Context } from '@practice-graph/kit';
import { Arg, Ctx, Directive, Query, Resolver } from 'type-graphql';
import { reasons } from '../entries/adjustment-entry.loader';
import { AdjustmentCategory } from '../entries/adjustment-category.types';
import { ReasonCode } from './reason-code.entity';
import { ReasonCodeInput } from './reason-code.inputs';
import { reasonsIn, saveReason } from './reason-code.service';
import { ReasonCodePayload } from './reason-code.types';

@Resolver(() => ReasonCode)
export class ReasonCodeResolver {
  @Scopes(['finance:view_reports'], ['finance:manage_adjustments'])
  @Directive('@listSize(assumedSize: 30)')
  @Query(() => [ReasonCode], {
    nullable: true,
    description: 'Standard reasons that an adjustment can be recorded under.',
  })
  async reasonCodes(
    @ClinicArg() opaque: string,
    @Arg('category', () => AdjustmentCategory, {
      nullable: true,
      description: 'Category to include; null for all.',
    })
    category: AdjustmentCategory | null,
    @Arg('activeOnly', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'False also lists retired reasons.',
    })
    activeOnly: boolean | null,
    @Ctx() context: Context,
  ): Promise<ReasonCode[] | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    return reasonsIn(await context.read(), clinicId, { category, activeOnly: activeOnly ?? true });
  }

  @Scopes(['finance:manage_policy'])
  @Change(() => ReasonCodePayload, { description: 'Creates or changes a reason.' })
  async reasonCodeSave(
    @Arg('input', () => ReasonCodeInput, { description: 'Data of the change.' }) input: ReasonCodeInput,
    @Ctx() context: Context,
  ): Promise<ReasonCodePayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { code } = await change(context, { clinicId, mutation: 'reasonCodeSave', input }, (tx) =>
      saveReason(tx, clinicId, input),
    );
    return Object.assign(new ReasonCodePayload(), { reasonCode: await context.of(reasons).load({ clinicId, code }) });
  }
}
