import { findByKeys, type Tx } from '@practice-graph/kit';
import {
  firstOpenDay,
  LocationCopy,
  monthStates,
  startOfMonth,
  todayAt,
  type ClinicCopy,
  type Day,
} from '@practice-graph/practice';
import type { LedgerRow } from './ledger.service';

/**
 * Days on which waiting entries count when they are approved now (ADJ-64): the day that each was meant for, or, when
 * that month closed meanwhile, its location's today or the first day of the next open month (E-17).
 */
export async function countingDays(
  tx: Tx,
  clinic: ClinicCopy,
  entries: readonly Pick<LedgerRow, 'id' | 'adjustmentDate' | 'locationId'>[],
): Promise<ReadonlyMap<string, Day>> {
  const { clinicId } = clinic;
  const states = await monthStates(
    tx,
    clinicId,
    entries.map((entry) => entry.adjustmentDate),
  );
  const open = new Set(states.filter((state) => state.status === 'OPEN').map((state) => state.month));
  const isLate = (entry: { adjustmentDate: Day }) => !open.has(startOfMonth(entry.adjustmentDate));
  const ids = entries.filter(isLate).flatMap((entry) => entry.locationId ?? []);
  const places = new Map(
    ids.length === 0
      ? []
      : (
          await findByKeys(
            tx,
            LocationCopy,
            [...new Set(ids)].map((id) => ({ clinicId, id })),
          )
        ).map((place) => [place.id, place]),
  );
  const days = new Map<string, Day>();
  for (const entry of entries) {
    const place = places.get(entry.locationId ?? '') ?? clinic;
    days.set(entry.id, isLate(entry) ? await firstOpenDay(tx, clinicId, todayAt(tx, place)) : entry.adjustmentDate);
  }
  return days;
}
