import { newId, prepared, type Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { refuse } from '../refusals';

/** A place and a day on which something is to be posted. */
export interface SheetPlace {
  readonly locationId: string;
  readonly day: Day;
}

// Whoever posts holds the lock of the clinic's sheets together with the others who do; whoever closes or reopens one
// holds it alone, for a moment. The lock and the look are two statements, because a statement sees what was committed
// before it began, not before it got its lock; they travel together.
const lockOf = (how: 'pg_advisory_xact_lock' | 'pg_advisory_xact_lock_shared') =>
  `SELECT ${how}(hashtextextended('day-sheets:' || $1::uuid::text, 0))`;
const SHARED = lockOf('pg_advisory_xact_lock_shared');
const ALONE = lockOf('pg_advisory_xact_lock');
const LOOK = `
SELECT s.location_id, s.business_date, s.status FROM unnest($2::uuid[], $3::date[]) AS k (location_id, day)
JOIN day_sheet s ON s.clinic_id = $1::uuid AND s.location_id = k.location_id AND s.business_date = k.day`;
const OPEN = `
INSERT INTO day_sheet (clinic_id, id, location_id, business_date, status, version)
SELECT $1::uuid, i.*, 'OPEN', 1 FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS i ORDER BY 3, 4
ON CONFLICT (clinic_id, location_id, business_date) DO NOTHING`;

type SheetState = 'OPEN' | 'CLOSED' | 'NONE';
const text = ({ locationId, day }: SheetPlace) => `${locationId}/${day}`;
const distinct = (places: readonly SheetPlace[]): SheetPlace[] => [
  ...new Map(places.map((place) => [text(place), place])).values(),
];

// What was seen under the lock stays true until the transaction ends, so one look per place and day is enough.
const seen = new WeakMap<object, Map<string, SheetState>>();

/** Locks the sheets of a clinic alone, to close or reopen one: waits for postings under way. */
export const lockSheetsAlone = async (tx: Tx, clinicId: string): Promise<void> => {
  await prepared(tx, ALONE, [clinicId]);
};

/** Looks at the sheets of places and days; what it saw stays so until the transaction ends. */
async function look(tx: Tx, clinicId: string, places: readonly SheetPlace[]): Promise<Map<string, SheetState>> {
  const known = seen.get(tx.session) ?? new Map<string, SheetState>();
  seen.set(tx.session, known);
  const fresh = distinct(places).filter((place) => !known.has(text(place)));
  if (fresh.length === 0) return known;
  const [, found] = await Promise.all([
    prepared(tx, SHARED, [clinicId]),
    prepared<{ location_id: string; business_date: Day; status: SheetState }>(tx, LOOK, [
      clinicId,
      fresh.map((place) => place.locationId),
      fresh.map((place) => place.day),
    ]),
  ]);
  for (const place of fresh) known.set(text(place), 'NONE');
  for (const row of found) known.set(text({ locationId: row.location_id, day: row.business_date }), row.status);
  return known;
}

/** Sheets that take no postings, among those of places and days. */
export async function closedSheets(
  tx: Tx,
  clinicId: string,
  places: readonly SheetPlace[],
): Promise<(place: SheetPlace) => boolean> {
  const known = await look(tx, clinicId, places);
  return (place) => known.get(text(place)) === 'CLOSED';
}

export const daySheetClosed = ({ day }: SheetPlace, path: readonly string[] | null) =>
  refuse('DAY_SHEET_CLOSED', `The day sheet of ${day} is closed at the location; reopen it first.`, path);

/**
 * The gate of everything that puts entries on day sheets: refuses DAY_SHEET_CLOSED when one of them is closed, opens those
 * that are not there yet, and keeps them open until the transaction ends.
 */
export async function requireOpenSheets(
  tx: Tx,
  clinicId: string,
  places: readonly SheetPlace[],
  path: readonly string[] | null = null,
): Promise<void> {
  const asked = distinct(places);
  const known = await look(tx, clinicId, asked);
  const shut = asked.find((place) => known.get(text(place)) === 'CLOSED');
  if (shut) throw daySheetClosed(shut, path);
  const wanted = asked.filter((place) => known.get(text(place)) === 'NONE');
  if (wanted.length === 0) return;
  await prepared(tx, OPEN, [
    clinicId,
    wanted.map(() => newId()),
    wanted.map((place) => place.locationId),
    wanted.map((place) => place.day),
  ]);
  for (const place of wanted) known.set(text(place), 'OPEN');
}
