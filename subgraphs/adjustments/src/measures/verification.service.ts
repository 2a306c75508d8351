import { rows, type Comparison, type Tx } from '@practice-graph/kit';
import { NIL_UUID } from '@practice-graph/practice';
import { DETAIL_KEY, DETAIL_MEASURES, detailSums } from '../entries/slice-upkeep.service';

interface Difference {
  compared: number;
  at: string;
  kept: string | null;
  recomputed: string | null;
}

const MEASURES = 'amount, absolute, effect, unlinked_effect, entries, pending, pending_effect, pending_entries'.split(
  ', ',
);
const each = (of: (measure: string) => string) => MEASURES.map(of).join(', ');

const SLICES = `
WITH x AS (
  SELECT e.location_id, e.provider_id, e.category, g.grain,
    CASE g.grain WHEN 'D' THEN adjustment_date ELSE date_trunc('month', adjustment_date)::date END AS period,
    approval_status <> 'PENDING' AS counts, amount, is_reversal, affects_net_production AS affects, production_entry_id
  FROM adjustment_entry e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
  WHERE e.clinic_id = $1 AND approval_status <> 'REJECTED'
), ledger AS (
  SELECT CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END AS dim,
    coalesce(location_id, '${NIL_UUID}') AS location_id, coalesce(provider_id, '${NIL_UUID}') AS provider_id, grain, period, category,
    sum(amount) FILTER (WHERE counts) AS amount,
    sum(CASE WHEN is_reversal THEN -abs(amount) ELSE abs(amount) END) FILTER (WHERE counts) AS absolute,
    sum(amount) FILTER (WHERE counts AND affects) AS effect,
    sum(amount) FILTER (WHERE counts AND affects AND production_entry_id IS NULL) AS unlinked_effect,
    sum(CASE WHEN is_reversal THEN -1 ELSE 1 END) FILTER (WHERE counts) AS entries,
    sum(amount) FILTER (WHERE NOT counts) AS pending,
    sum(amount) FILTER (WHERE NOT counts AND affects) AS pending_effect,
    count(*) FILTER (WHERE NOT counts) AS pending_entries
  FROM x GROUP BY grain, period, category, GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
), kept AS (
  SELECT dim, location_id, provider_id, grain, period, category, ${each((m) => `sum(${m}) AS ${m}`)}
  FROM adjustment_slice WHERE clinic_id = $1 GROUP BY 1, 2, 3, 4, 5, 6
), compared AS (
  SELECT concat_ws(' ', dim, grain, period, category, location_id, provider_id) AS at,
    concat_ws(' ', ${each((m) => `k.${m}`)}) AS kept,
    concat_ws(' ', ${each((m) => `coalesce(l.${m}, 0)`)}) AS recomputed,
    (${each((m) => `coalesce(k.${m}, 0)`)}) = (${each((m) => `coalesce(l.${m}, 0)`)}) AS equal
  FROM kept k FULL JOIN ledger l USING (dim, location_id, provider_id, grain, period, category)
)
SELECT count(*)::int AS compared, NULL AS at, NULL AS kept, NULL AS recomputed FROM compared
UNION ALL SELECT 0, at, kept, recomputed FROM compared WHERE NOT equal`;

/** Recomputes all slices of a clinic from its ledger. */
export async function verifySlices(tx: Tx, clinicId: string): Promise<readonly Comparison[]> {
  const [head, ...different] = await rows<Difference>(tx, SLICES, [clinicId]);
  return [
    {
      what: 'adjustment slices',
      compared: head?.compared ?? 0,
      differences: different.map(
        ({ at, kept, recomputed }) => `${at}: kept ${kept || 'nothing'}, ledger says ${recomputed || 'nothing'}`,
      ),
    },
  ];
}

const detail = (of: (measure: string) => string) => DETAIL_MEASURES.map(of).join(', ');

const DETAILS = `
WITH e AS (
  SELECT *, approval_status AS state, 1 AS stands FROM adjustment_entry WHERE clinic_id = $1
), ledger AS (
  ${detailSums('e')}
), kept AS (
  SELECT ${DETAIL_KEY}, ${detail((of) => `sum(${of}) AS ${of}`)}
  FROM adjustment_detail_slice WHERE clinic_id = $1 GROUP BY ${DETAIL_KEY}
), compared AS (
  SELECT concat_ws(' ', grain, period, reason_code, nullif(payer, ''), approval_status, nullif(campaign_id, '${NIL_UUID}'),
      place, nullif(location_id, '${NIL_UUID}'), nullif(provider_id, '${NIL_UUID}')) AS at,
    concat_ws(' ', ${detail((of) => `k.${of}`)}) AS kept, concat_ws(' ', ${detail((of) => `l.${of}`)}) AS recomputed,
    (${detail((of) => `coalesce(k.${of}, 0)`)}) = (${detail((of) => `coalesce(l.${of}, 0)`)}) AS equal
  FROM kept k FULL JOIN ledger l USING (${DETAIL_KEY})
)
SELECT count(*)::int AS compared, NULL AS at FROM compared
UNION ALL
SELECT 0, at || ': kept ' || coalesce(nullif(kept, ''), 'nothing') || ', ledger says ' || coalesce(nullif(recomputed, ''), 'nothing')
FROM compared WHERE NOT equal`;

/** Recomputes the slices by reason, payer, campaign and state. */
export const verifyDetailSlices = (tx: Tx, clinicId: string): Promise<readonly Comparison[]> =>
  compared(tx, clinicId, 'adjustment slices by reason, payer, campaign and state', DETAILS);

const REVERSALS = `
SELECT count(*)::int AS compared, NULL AS at FROM adjustment_entry WHERE clinic_id = $1 AND is_reversal
UNION ALL
SELECT 0, 'reversal ' || r.id FROM adjustment_entry r
LEFT JOIN adjustment_entry o ON o.clinic_id = r.clinic_id AND o.id = r.reverses_id
WHERE r.clinic_id = $1 AND r.is_reversal AND r.approval_status IN ('APPROVED', 'AUTO_APPROVED')
  AND (o.reversed_by_id IS DISTINCT FROM r.id OR o.is_reversal OR o.amount + r.amount <> 0
    OR (o.category, o.patient_id, o.affects_net_production) IS DISTINCT FROM (r.category, r.patient_id, r.affects_net_production)
    OR o.provider_id IS DISTINCT FROM r.provider_id OR o.location_id IS DISTINCT FROM r.location_id)
UNION ALL
SELECT 0, 'entry ' || o.id || ' names a reversal that does not name it' FROM adjustment_entry o
LEFT JOIN adjustment_entry r ON r.clinic_id = o.clinic_id AND r.id = o.reversed_by_id
WHERE o.clinic_id = $1 AND o.reversed_by_id IS NOT NULL AND r.reverses_id IS DISTINCT FROM o.id`;

/** Checks that every reversal is linked both ways and equal and opposite to its original. */
export async function verifyReversals(tx: Tx, clinicId: string): Promise<readonly Comparison[]> {
  const [head, ...different] = await rows<{ compared: number; at: string }>(tx, REVERSALS, [clinicId]);
  return [
    {
      what: 'reversals of adjustments',
      compared: head?.compared ?? 0,
      differences: different.map(({ at }) => `${at}: it and its counterpart do not fit`),
    },
  ];
}

/** Runs a statement that answers how many rows it compared and then a text for each that does not fit. */
async function compared(tx: Tx, clinicId: string, what: string, statement: string): Promise<readonly Comparison[]> {
  const [head, ...different] = await rows<{ compared: number; at: string }>(tx, statement, [clinicId]);
  return [{ what, compared: head?.compared ?? 0, differences: different.map(({ at }) => at) }];
}

// What stands: neither undone nor rejected. Recoveries that wait are held against the debt too.
const RECOVERIES = `
WITH back AS (
  SELECT recovery_of_id AS id, sum(amount) AS amount, min(adjustment_date) AS first FROM adjustment_entry
  WHERE clinic_id = $1 AND recovery_of_id IS NOT NULL AND NOT is_reversal AND reversed_by_id IS NULL
    AND approval_status <> 'REJECTED' GROUP BY recovery_of_id
)
SELECT count(*)::int AS compared, NULL AS at FROM back
UNION ALL
SELECT 0, 'bad debt ' || b.id || ': ' || b.amount || ' came back of ' || d.amount
FROM back b JOIN adjustment_entry d ON d.clinic_id = $1 AND d.id = b.id WHERE b.amount > d.amount
UNION ALL
SELECT 0, 'bad debt ' || b.id || ': it does not stand, or something came back before it was given up'
FROM back b LEFT JOIN adjustment_entry d ON d.clinic_id = $1 AND d.id = b.id
WHERE d.category IS DISTINCT FROM 'BAD_DEBT' OR d.is_reversal OR d.reversed_by_id IS NOT NULL
  OR d.approval_status IN ('PENDING', 'REJECTED') OR b.first < d.adjustment_date`;

/** Checks that no more came back on a bad debt than was given up (C-A7). */
export const verifyRecoveries = (tx: Tx, clinicId: string): Promise<readonly Comparison[]> =>
  compared(tx, clinicId, 'recovered bad debt', RECOVERIES);

const DECISIONS = `
SELECT count(*)::int AS compared, NULL AS at FROM adjustment_entry WHERE clinic_id = $1
UNION ALL
SELECT 0, 'entry ' || e.id || ': the trail does not say that it is ' || e.approval_status FROM adjustment_entry e
WHERE e.clinic_id = $1 AND NOT EXISTS (SELECT 1 FROM audit_event a
  WHERE a.clinic_id = $1 AND a.entity_id = e.id AND a.to_state = e.approval_status)
UNION ALL
SELECT 0, 'entry ' || e.id || ': it is ' || e.approval_status || CASE WHEN e.decided_at IS NULL THEN ' without a decision' ELSE ' in spite of one' END
FROM adjustment_entry e
WHERE e.clinic_id = $1 AND (e.approval_status IN ('APPROVED', 'REJECTED')) <> (e.decided_at IS NOT NULL AND e.decided_by IS NOT NULL)`;

/** Checks that each entry has its present state from an event of the trail (ADJ-06), and a decision where the state says so. */
export const verifyDecisions = (tx: Tx, clinicId: string): Promise<readonly Comparison[]> =>
  compared(tx, clinicId, 'decisions on adjustments', DECISIONS);
