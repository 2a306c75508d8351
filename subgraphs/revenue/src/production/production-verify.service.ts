import { rows, type Comparison, type Verifier } from '@practice-graph/kit';
import { NIL_UUID } from '@practice-graph/practice';

// What the slices must hold, made from the ledgers by another statement than the one that keeps them: counts of visits
// come from the entries of each day, not from changes.
const SLICES = `
WITH fact AS (
  SELECT production_date AS day, location_id, provider_id, category, procedure_code AS code, phase, appliance_system AS system,
    gross, 0::numeric AS adjustments, 0::numeric AS collected, insurance_expected AS insurance, sign::int AS entries, start_count::int AS starts, debond_count::int AS debonds, 0 AS place_visits, 0 AS provider_visits
  FROM production_entry WHERE clinic_id = $1 AND status NOT IN ('PENDING', 'VOIDED')
  UNION ALL
  SELECT adjustment_date, location_id, provider_id, entry_category, entry_code, entry_phase, entry_system, 0, CASE WHEN is_affecting THEN amount ELSE 0 END, 0, insurance_change, 0, 0, 0, 0, 0
  FROM production_adjustment WHERE clinic_id = $1
  UNION ALL
  SELECT c.day, e.location_id, e.provider_id, e.category, e.procedure_code, e.phase, e.appliance_system, 0, 0, c.amount, 0, 0, 0, 0, 0, 0
  FROM payment_collection c JOIN production_entry e ON e.clinic_id = c.clinic_id AND e.id = c.entry_id WHERE c.clinic_id = $1
  UNION ALL
  SELECT production_date, location_id, min(provider_id::text)::uuid, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 1, 0 FROM production_entry
  WHERE clinic_id = $1 AND status NOT IN ('PENDING', 'VOIDED') GROUP BY production_date, location_id, patient_id HAVING sum(sign) > 0
  UNION ALL
  SELECT production_date, location_id, provider_id, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 1 FROM production_entry
  WHERE clinic_id = $1 AND status NOT IN ('PENDING', 'VOIDED') GROUP BY production_date, location_id, provider_id, patient_id HAVING sum(sign) > 0
), split AS (
  SELECT d.dim, CASE WHEN d.dim IN ('L', 'LP') THEN coalesce(f.location_id, '${NIL_UUID}') ELSE '${NIL_UUID}' END AS location_id,
    CASE WHEN d.dim IN ('P', 'LP') THEN coalesce(f.provider_id, '${NIL_UUID}') ELSE '${NIL_UUID}' END AS provider_id,
    coalesce(CASE d.dim WHEN 'C' THEN f.category WHEN 'K' THEN f.code WHEN 'H' THEN f.phase WHEN 'S' THEN f.system END, '') AS member, g.grain,
    CASE g.grain WHEN 'D' THEN f.day ELSE date_trunc('month', f.day)::date END AS period, f.gross, f.adjustments, f.collected, f.insurance, f.entries, f.starts, f.debonds,
    CASE f.category WHEN 'TREATMENT_START' THEN f.gross - f.adjustments ELSE 0 END AS start_net,
    CASE f.category WHEN 'DEBOND' THEN f.gross - f.adjustments ELSE 0 END AS debond_net,
    CASE WHEN d.dim IN ('T', 'L') THEN f.place_visits WHEN d.dim IN ('P', 'LP') THEN f.provider_visits ELSE 0 END AS visits
  FROM fact f CROSS JOIN (VALUES ('T'), ('L'), ('P'), ('LP'), ('C'), ('K'), ('H'), ('S')) AS d (dim) CROSS JOIN (VALUES ('D'), ('M')) AS g (grain)
), wanted AS (
  SELECT dim, location_id, provider_id, member, grain, period,
    concat_ws(' ', 'gross', sum(gross)::numeric(16,2), 'adjustments', sum(adjustments)::numeric(16,2), 'insurance', sum(insurance)::numeric(16,2),
      'entries', sum(entries), 'starts', sum(starts), 'start net', sum(start_net)::numeric(16,2), 'debonds', sum(debonds),
      'debond net', sum(debond_net)::numeric(16,2), 'visits', sum(visits), 'collected', sum(collected)::numeric(16,2)) AS sums,
    bool_and(gross = 0 AND adjustments = 0 AND collected = 0 AND insurance = 0 AND entries = 0 AND visits = 0) AS is_empty
  FROM split GROUP BY 1, 2, 3, 4, 5, 6
), kept AS (
  SELECT dim, location_id, provider_id, member, grain, period,
    concat_ws(' ', 'gross', sum(gross)::numeric(16,2), 'adjustments', sum(adjustments)::numeric(16,2), 'insurance', sum(insurance)::numeric(16,2),
      'entries', sum(entry_count), 'starts', sum(start_count), 'start net', sum(start_net)::numeric(16,2), 'debonds', sum(debond_count),
      'debond net', sum(debond_net)::numeric(16,2), 'visits', sum(visit_count), 'collected', sum(collected)::numeric(16,2)) AS sums
  FROM production_slice WHERE clinic_id = $1 GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT w.sums AS wanted, k.sums AS kept,
  concat_ws(' ', dim, nullif(location_id, '${NIL_UUID}'), nullif(provider_id, '${NIL_UUID}'), nullif(member, ''), grain, period) AS place
FROM wanted w FULL JOIN kept k USING (dim, location_id, provider_id, member, grain, period)
WHERE NOT (k.sums IS NULL AND w.is_empty)`;

const ENTRIES = `
SELECT e.id, concat_ws(' ', 'adjustments', e.adjustments, 'written off', e.insurance_written_off, 'insurance', e.insurance_portion) AS kept,
  concat_ws(' ', 'adjustments', coalesce(a.amount, 0)::numeric(14,2), 'written off', coalesce(a.written_off, 0)::numeric(14,2),
    'insurance', (e.insurance_expected + coalesce(a.insurance_change, 0))::numeric(14,2)) AS wanted
FROM production_entry e LEFT JOIN (
  SELECT entry_id, sum(amount) AS amount, sum(amount) FILTER (WHERE category = 'INSURANCE_WRITEOFF') AS written_off, sum(insurance_change) AS insurance_change
  FROM production_adjustment WHERE clinic_id = $1 AND is_affecting AND entry_id IS NOT NULL GROUP BY entry_id) a ON a.entry_id = e.id
WHERE e.clinic_id = $1`;

const COLLECTED = `
SELECT e.id, concat_ws(' ', e.collected, e.status) AS kept,
  concat_ws(' ', coalesce(c.amount, 0)::numeric(14,2), CASE WHEN e.status IN ('PENDING', 'VOIDED', 'REVERSED') THEN e.status
    WHEN coalesce(c.amount, 0) <= 0 THEN 'POSTED' WHEN c.amount >= e.gross - e.adjustments THEN 'COLLECTED' ELSE 'PARTIALLY_COLLECTED' END) AS wanted
FROM production_entry e LEFT JOIN (SELECT entry_id, sum(amount) AS amount FROM payment_collection WHERE clinic_id = $1 GROUP BY 1) c ON c.entry_id = e.id
WHERE e.clinic_id = $1`;

// A payment is what was tendered, and what it settles with the credit of the patient; refunds never exceed it.
const PAYMENTS = `
SELECT p.id, concat_ws(' ', p.amount, p.amount, 'refunded within') AS wanted,
  concat_ws(' ', t.amount, abs(coalesce(c.amount, 0)) + p.unapplied_credit,
    CASE WHEN coalesce(r.amount, 0) <= p.amount THEN 'refunded within' ELSE 'refunded beyond' END) AS kept
FROM payment p
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM payment_tender WHERE clinic_id = $1 GROUP BY 1) t ON t.payment_id = p.id
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM payment_collection WHERE clinic_id = $1 GROUP BY 1) c ON c.payment_id = p.id
LEFT JOIN (SELECT refund_of_id, sum(amount) AS amount FROM payment WHERE clinic_id = $1 GROUP BY 1) r ON r.refund_of_id = p.id
WHERE p.clinic_id = $1`;

// Every place and day with entries has its sheet, and a closed one still has the entries with which it was closed.
const SHEETS = `
SELECT concat_ws(' ', location_id, day) AS place, e.sums AS wanted,
  CASE WHEN s.status IS NULL THEN NULL WHEN s.status = 'OPEN' THEN e.sums
    ELSE concat_ws(' ', (s.frozen ->> 'gross')::numeric(16,2), s.frozen ->> 'entryCount') END AS kept
FROM (SELECT location_id, production_date AS day, concat_ws(' ', sum(gross)::numeric(16,2), sum(sign)) AS sums FROM production_entry
      WHERE clinic_id = $1 AND status NOT IN ('PENDING', 'VOIDED') GROUP BY 1, 2) e
FULL JOIN (SELECT location_id, business_date AS day, status, frozen FROM day_sheet WHERE clinic_id = $1) s USING (location_id, day)`;

/** Who was where by the ledger, beside what a table of presence keeps. */
const presence = (table: 'visit' | 'provider_visit'): string => {
  const place = table === 'visit' ? 'location_id' : 'location_id, provider_id';
  return `
SELECT concat_ws(' ', day, ${place}) AS place, coalesce(w.n, 0)::text AS wanted, coalesce(k.entries, 0)::text AS kept
FROM (SELECT production_date AS day, ${place}, patient_id, sum(sign)::int AS n FROM production_entry
      WHERE clinic_id = $1 AND status NOT IN ('PENDING', 'VOIDED') GROUP BY production_date, ${place}, patient_id) w
FULL JOIN (SELECT day, ${place}, patient_id, entries FROM ${table} WHERE clinic_id = $1) k USING (day, ${place}, patient_id)`;
};

const CASES = `
SELECT case_id::text AS place, coalesce(m.n, 0)::text AS kept, coalesce(l.n, 0)::text AS wanted
FROM (SELECT case_id, count(entry_id)::int AS n FROM case_milestone WHERE clinic_id = $1 AND kind = 'START' GROUP BY case_id) m
JOIN (SELECT treatment_plan_id AS case_id, sum(start_count)::int AS n FROM production_entry
      WHERE clinic_id = $1 AND treatment_plan_id IS NOT NULL GROUP BY 1 HAVING bool_or(start_count <> 0)) l USING (case_id)`;

interface Pair {
  readonly place?: string;
  readonly id?: string;
  readonly wanted: string | null;
  readonly kept: string | null;
}

const comparison = (what: string, found: readonly Pair[]): Comparison => ({
  what,
  compared: found.length,
  differences: found
    .filter((pair) => pair.wanted !== pair.kept)
    .map(
      (pair) => `${pair.place ?? pair.id ?? ''}: kept ${pair.kept ?? 'nothing'}, ledger ${pair.wanted ?? 'nothing'}`,
    ),
});

/** Recomputes slices, presence, milestones and the state of entries from the ledgers of a clinic. */
export const compareProduction: Verifier = async (tx, clinicId) => [
  comparison('production slices', await rows<Pair>(tx, SLICES, [clinicId])),
  comparison('adjusted entries', await rows<Pair>(tx, ENTRIES, [clinicId])),
  comparison('collected entries', await rows<Pair>(tx, COLLECTED, [clinicId])),
  comparison('payments', await rows<Pair>(tx, PAYMENTS, [clinicId])),
  comparison('day sheets', await rows<Pair>(tx, SHEETS, [clinicId])),
  comparison('visits', await rows<Pair>(tx, presence('visit'), [clinicId])),
  comparison('visits by provider', await rows<Pair>(tx, presence('provider_visit'), [clinicId])),
  comparison('started cases', await rows<Pair>(tx, CASES, [clinicId])),
];
