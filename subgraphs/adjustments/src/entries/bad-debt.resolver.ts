import { Change, change, clinicOfInput, Decimal, Money, Scopes, transact, type Context } from '@practice-graph/kit';
import { clinicCopies, daysBetween } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { CollectionEffort } from '../collection/collection-effort.entity';
import { effortsOfEntries } from '../collection/collection-effort.loader';
import { payloadOfMany } from './adjustment-decision.resolver';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { entries } from './adjustment-entry.loader';
import { AdjustmentPayload, AdjustmentsPayload } from './adjustment-entry.types';
import { RecoveryRecordInput, SmallBalanceInput } from './bad-debt.inputs';
import { recoveriesOf } from './bad-debt.loader';
import type { LedgerRow } from './ledger.service';
import { clinicOfRecovery, recordRecovery } from './recovery.service';
import { planSweep, sweepBalances } from './small-balance.service';

const asEntry = (clinicId: string, row: LedgerRow): AdjustmentEntry =>
  Object.assign(new AdjustmentEntry(), row, {
    clinicId,
    isReversal: false,
    reversedById: null,
    approvalReasons: [...row.approvalReasons],
    version: 1,
  });

/** What concerns debts that were given up: recoveries, documented tries, small balances. */
@Resolver(() => AdjustmentEntry)
export class BadDebtResolver {
  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentPayload, {
    description: 'Records money recovered on a bad-debt write-off; it lowers net bad debt on its own day.',
  })
  async adjustmentRecoveryRecord(
    @Arg('input', () => RecoveryRecordInput, { description: 'Data of the change.' }) input: RecoveryRecordInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPayload> {
    const clinicId = clinicOfRecovery(context, input);
    const kept = await change(context, { clinicId, mutation: 'adjustmentRecoveryRecord', input }, (tx) =>
      recordRecovery(tx, clinicId, input),
    );
    return Object.assign(new AdjustmentPayload(), { adjustment: await context.of(entries).load(kept) });
  }

  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentsPayload, {
    description:
      'Writes off every listed balance that is within the small-balance limit, exactly to zero. A dry run shows what would be written.',
  })
  async smallBalanceWriteOff(
    @Arg('input', () => SmallBalanceInput, { description: 'Data of the change.' }) input: SmallBalanceInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentsPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    if (!input.dryRun) {
      const done = await change(context, { clinicId, mutation: 'smallBalanceWriteOff', input }, (tx) =>
        sweepBalances(tx, clinicId, input),
      );
      return payloadOfMany(context, clinicId, done);
    }
    // A dry run neither reads nor writes keys; it takes the locks of the real one and lets them go again.
    const { rows, refusals } = await transact(context.database, context.viewer, clinicId, (tx) =>
      planSweep(tx, clinicId, input),
    );
    const clinic = await context.of(clinicCopies).load(clinicId);
    return Object.assign(new AdjustmentsPayload(), {
      adjustments: rows.map((row) => asEntry(clinicId, row)),
      total: rows.length ? rows.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)) : null,
      currency: rows.length ? (clinic?.currency ?? null) : null,
      userErrors: refusals.map(({ code, message, path }) => ({ code, message, path: path && [...path] })),
    });
  }

  @FieldResolver(() => AdjustmentEntry, {
    nullable: true,
    description: 'Bad debt that a recovery belongs to; null for bad debt from before the ledger.',
  })
  async recoveryOf(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<AdjustmentEntry | null> {
    const { clinicId, recoveryOfId } = entry;
    return recoveryOfId === null ? null : context.of(entries).load({ clinicId, id: recoveryOfId });
  }

  @FieldResolver(() => Boolean, { description: 'True for a recovery of bad debt from before the ledger.' })
  isLegacyRecovery(@Root() entry: AdjustmentEntry): boolean {
    return entry.category === 'RECOVERY' && entry.recoveryOfId === null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Days from write-off to recovery; null for other entries.',
  })
  async recoveryAgeDays(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<number | null> {
    const debt = await this.recoveryOf(entry, context);
    return debt && daysBetween(debt.adjustmentDate, entry.adjustmentDate);
  }

  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [AdjustmentEntry], { description: 'Recoveries of this bad debt, oldest first.' })
  async recoveries(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<AdjustmentEntry[]> {
    return entry.category === 'BAD_DEBT' ? context.of(recoveriesOf).load(entry) : [];
  }

  @FieldResolver(() => Money, { description: 'Sum of the recoveries of this bad debt; 0 for other entries.' })
  async recoveredAmount(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<Decimal> {
    const all = await this.recoveries(entry, context);
    return all.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
  }

  @Directive('@listSize(assumedSize: 4)')
  @FieldResolver(() => [CollectionEffort], { description: 'Tries to collect that document a bad debt.' })
  async collectionEfforts(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<CollectionEffort[]> {
    return entry.category === 'BAD_DEBT' ? context.of(effortsOfEntries).load(entry) : [];
  }
}
