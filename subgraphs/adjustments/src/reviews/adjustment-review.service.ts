import { audit, expectVersion, hydrate, recordIdText, rows, type Tx } from '@practice-graph/kit';
import { clinicOf, endOfMonth, isCalendarDay, todayAt, type Day, type SliceScope } from '@practice-graph/practice';
import { sumsOfScopes } from '../measures/category-sums.loader';
import { codes, refuse } from '../refusals';
import { KeptReview } from './adjustment-review.entity';
import { isStale, keptSums } from './adjustment-review.rules';

const NOTES_MAX = 2_000;

const scopeOfMonth = (clinicId: string, first: Day): SliceScope => ({
  clinicId,
  locationIds: null,
  providerIds: null,
  from: first,
  to: endOfMonth(first),
});

const LAST = `
SELECT DISTINCT ON (month) * FROM adjustment_review
WHERE clinic_id = $1 AND month = ANY ($2::date[]) ORDER BY month, revision DESC`;

/** A month with its last review, if there is one, and whether it still is as reviewed. */
export interface ReviewedMonth {
  readonly first: Day;
  readonly review: KeptReview | null;
  readonly isStale: boolean;
}

/** The months that begin on the given days, with two statements for all; totals are of the whole clinic. */
export async function reviewedMonths(tx: Tx, clinicId: string, firsts: readonly Day[]): Promise<ReviewedMonth[]> {
  const reviews = hydrate(tx, KeptReview, await rows(tx, LAST, [clinicId, firsts]));
  const now = await sumsOfScopes(
    tx,
    reviews.map(({ month }) => scopeOfMonth(clinicId, month)),
  );
  return firsts.map((first) => {
    const index = reviews.findIndex(({ month }) => month === first);
    const review = reviews[index] ?? null;
    const sums = now[index];
    return { first, review, isStale: review !== null && sums !== undefined && isStale(review.sums, sums) };
  });
}

/** Signs off a month that has ended and keeps its totals; again only when it changed since (ADJ-93). */
export async function completeReview(
  tx: Tx,
  clinicId: string,
  month: string,
  input: { readonly expectedVersion?: number | null | undefined; readonly reason?: string | null | undefined },
): Promise<{ first: Day }> {
  const first = `${month}-01`;
  if (!/^\d{4}-\d{2}$/.test(month) || !isCalendarDay(first))
    throw refuse('INVALID', 'A month is written YYYY-MM.', ['month']);
  const notes = input.reason?.trim() || null;
  if (notes !== null && notes.length > NOTES_MAX)
    throw refuse('INVALID', `Remarks have up to ${String(NOTES_MAX)} characters.`, ['input', 'reason']);
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  if (endOfMonth(first) >= todayAt(tx, clinic))
    throw refuse('INVALID', 'A month is reviewed when it has ended.', ['month']);

  // Reviews of one clinic come one after the other, so that each sees the one before.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('adjustment review:' || $1::text, 0))`, [clinicId]);
  const [last] = await reviewedMonths(tx, clinicId, [first]);
  const revision = last?.review?.revision ?? 0;
  expectVersion(revision, input.expectedVersion);
  if (last?.review && !last.isStale) throw refuse('ALREADY_REVIEWED', codes.ALREADY_REVIEWED, ['month']);

  const [position] = await rows<{ id: string }>(
    tx,
    'SELECT id FROM adjustment_entry WHERE clinic_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
    [clinicId],
  );
  const [sums] = await sumsOfScopes(tx, [scopeOfMonth(clinicId, first)]);
  await rows(
    tx,
    `INSERT INTO adjustment_review (clinic_id, month, revision, reviewed_by, reviewed_at, notes, sums, source_high_water_mark)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      clinicId,
      first,
      revision + 1,
      tx.session.viewer.subject,
      tx.session.at,
      notes,
      JSON.stringify(sums ? keptSums(sums) : []),
      position ? recordIdText(clinicId, position.id) : null,
    ],
  );
  await audit(tx, clinicId, {
    action: 'adjustment_review.complete',
    entityType: 'AdjustmentReview',
    note: notes === null ? month : `${month}: ${notes}`,
  });
  return { first };
}
