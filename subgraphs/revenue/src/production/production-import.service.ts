import { audit, eventOf, findByKeys, type Decimal, type GraphEvent, type Tx } from '@practice-graph/kit';
import { factsOfEntries, type Day } from '@practice-graph/practice';
import { ensureProviders } from '../clinics/provider.service';
import { newBalance, type Balance } from './production-balance.service';
import { ProductionEntry } from './production-entry.entity';
import { writeLedger, type LedgerRow } from './production-ledger.service';
import { balancesOf, postReversals, type Posting } from './production-reversal.service';
import type { ProductionCategory } from './production.types';

/** A production entry as it comes from elsewhere, under its own uuid. References are those of the imported directory. */
export interface ImportedEntry {
  readonly id: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly appointmentId: string | null;
  readonly procedureId: string | null;
  /** Business day at the location. */
  readonly productionDate: Day;
  readonly occurredAt: Date;
  readonly procedureCode: string;
  readonly category: ProductionCategory;
  readonly description: string;
  readonly gross: Decimal;
  readonly insurancePortion: Decimal;
  /** The entry that this one undoes, imported before or with it; the amounts are then those of that entry, negated. */
  readonly reversesId: string | null;
}

const BATCH = 2_000;

const ledgerRow = (entry: ImportedEntry): LedgerRow => ({
  ...entry,
  originalProductionDate: null,
  phase: null,
  applianceSystem: null,
  insurance: entry.insurancePortion,
  reversal: null,
  isImported: true,
});

/**
 * Imports production of one clinic by the statement that records single entries, 2,000 rows at a time, oldest first.
 * Cases keep the state with which they were imported. Answers the events by which the ledger of adjustments hears of the
 * entries; they are not enqueued, so that a loader may hand them over in bulk.
 */
export async function importProduction(
  tx: Tx,
  clinicId: string,
  entries: readonly ImportedEntry[],
): Promise<GraphEvent[]> {
  const byDay = [...entries].sort((a, b) => (a.productionDate < b.productionDate ? -1 : 1));
  const originals = byDay.filter((entry) => entry.reversesId === null);
  const reversals = byDay.filter((entry) => entry.reversesId !== null);
  await ensureProviders(
    tx,
    clinicId,
    originals.map((entry) => entry.providerId),
  );
  const batches: ImportedEntry[][] = [];
  for (let start = 0; start < originals.length; start += BATCH) batches.push(originals.slice(start, start + BATCH));
  // Sent one behind the other without waiting, so that the next is made ready while the database works on the last.
  await Promise.all(batches.map((batch) => writeLedger(tx, clinicId, batch.map(ledgerRow))));
  const balances = new Map(originals.map((entry): [string, Balance] => [entry.id, newBalance(ledgerRow(entry))]));
  for (let start = 0; start < reversals.length; start += BATCH) {
    const batch = reversals.slice(start, start + BATCH);
    const keys = batch.flatMap(({ reversesId }) => (reversesId === null ? [] : [{ clinicId, id: reversesId }]));
    const undone = new Map(
      (await findByKeys(tx, ProductionEntry, keys, { lock: 'UPDATE' })).map((entry) => [entry.id, entry]),
    );
    const postings = batch.map(({ id, reversesId, productionDate, occurredAt }): Posting => {
      const original = undone.get(reversesId ?? '');
      if (!original) throw new Error(`entry ${id} undoes ${String(reversesId)}, which is not there`);
      return { original, id, day: productionDate, occurredAt, isImported: true };
    });
    await postReversals(tx, clinicId, postings);
    for (const balance of balancesOf(postings)) balances.set(balance.id, balance);
  }
  await audit(tx, clinicId, {
    action: 'productionEntry.import',
    entityType: 'ProductionEntry',
    rowCount: entries.length,
  });
  return factsOfEntries([...balances.values()]).map((fact) => eventOf(clinicId, fact, tx.session.at));
}
