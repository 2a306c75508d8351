import { rows, type Comparison, type Tx, type Verifier } from '@practice-graph/kit';
import { NIL_UUID } from '@practice-graph/practice';

interface Compared {
  compared: string;
  differences: string[] | null;
}

/** At most so many differences are told of one kind; their number is never cut off silently. */
const TOLD_MAX = 20;

/**
 * Runs a comparison: `pairs` selects, per value, its name, what is kept and what the ledger says, both as text. $1 is
 * the clinic.
 */
async function compare(tx: Tx, clinicId: string, what: string, pairs: string): Promise<Comparison> {
  const [found] = await rows<Compared & { wrong: number }>(
    tx,
    `WITH pairs AS (${pairs})
     SELECT (SELECT count(*) FROM pairs) AS compared, (SELECT count(*)::int FROM pairs WHERE kept IS DISTINCT FROM told) AS wrong,
       (SELECT array_agg(name || ': kept ' || coalesce(kept, 'nothing') || ', ledger ' || coalesce(told, 'nothing'))
        FROM (SELECT * FROM pairs WHERE kept IS DISTINCT FROM told ORDER BY name LIMIT ${String(TOLD_MAX)}) d) AS differences`,
    [clinicId],
  );
  const differences = [...(found?.differences ?? [])];
  if (found && found.wrong > TOLD_MAX) differences.push(`and ${String(found.wrong - TOLD_MAX)} more`);
  return { what, compared: Number(found?.compared ?? 0), differences };
}

const BALANCES = `
SELECT 'lot ' || lot_id || ' at ' || location_id AS name, k.kept, t.told FROM
  (SELECT lot_id, location_id, concat_ws(' ', on_hand, value, movements) AS kept FROM lot_stock WHERE clinic_id = $1 AND movements > 0) k
FULL JOIN
  (SELECT lot_id, location_id, concat_ws(' ', sum(quantity), sum(total_cost), count(*)) AS told
   FROM inventory_transaction WHERE clinic_id = $1 AND status IN ('COMPLETED', 'REVERSED') GROUP BY lot_id, location_id) t
USING (lot_id, location_id)`;

const CHAIN = `
SELECT 'movement ' || id AS name, concat_ws(' ', seq, quantity_before, quantity_after) AS kept,
  concat_ws(' ', row_number() OVER w, coalesce(lag(quantity_after) OVER w, 0.0000), quantity_before + quantity) AS told
FROM inventory_transaction WHERE clinic_id = $1 WINDOW w AS (PARTITION BY lot_id, location_id ORDER BY seq)`;

const RECEIPTS = `
SELECT 'lot ' || l.id AS name, l.initial_quantity::text AS kept, coalesce(t.received, 0)::numeric(18,4)::text AS told
FROM inventory_lot l LEFT JOIN (
  SELECT lot_id, sum(quantity) AS received FROM inventory_transaction WHERE clinic_id = $1 AND type = 'RECEIVE' GROUP BY lot_id
) t ON t.lot_id = l.id WHERE l.clinic_id = $1`;

const USES = `
SELECT 'use ' || u.id AS name, concat_ws(' ', u.quantity, u.cost, u.lot_id, u.location_id, u.business_date) AS kept,
  string_agg(concat_ws(' ', -t.quantity, -t.total_cost, t.lot_id, t.location_id, t.business_date), '; ') AS told
FROM lot_usage u LEFT JOIN inventory_transaction t ON t.clinic_id = $1 AND t.usage_id = u.id AND t.type = 'TREATMENT_USE'
WHERE u.clinic_id = $1 GROUP BY u.clinic_id, u.id`;

// Told by the rows of uses and waste themselves, not by the ledger's columns that the slices were made of.
const SLICES = `
SELECT concat_ws(' ', dim, grain, period, location_id, provider_id, product) AS name, k.kept, t.told FROM (
  SELECT dim, grain, period, location_id, provider_id, product,
    concat_ws(' ', sum(used_cost), sum(waste_cost), sum(expired_cost), sum(revenue), sum(used_quantity), sum(wasted_quantity), sum(use_count)) AS kept
  FROM spa_slice WHERE clinic_id = $1 GROUP BY 1, 2, 3, 4, 5, 6
) k FULL JOIN (
  SELECT CASE grouping(location_id, provider_id, product_id) WHEN 7 THEN 'T' WHEN 3 THEN 'L' WHEN 5 THEN 'P' WHEN 1 THEN 'LP' WHEN 2 THEN 'LG' END AS dim,
    grain, CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END AS period,
    coalesce(location_id, '${NIL_UUID}') AS location_id, coalesce(provider_id, '${NIL_UUID}') AS provider_id, coalesce(product_id::text, '') AS product,
    concat_ws(' ', sum(used_cost), sum(waste_cost), sum(expired_cost), sum(revenue), sum(used), sum(wasted), sum(uses)) AS told
  FROM (
    SELECT location_id, provider_id, product_id, business_date AS day, cost AS used_cost, 0.00 AS waste_cost, 0.00 AS expired_cost,
      coalesce(revenue, 0.00) AS revenue, quantity AS used, 0.0000 AS wasted, 1 AS uses FROM lot_usage WHERE clinic_id = $1
    UNION ALL
    SELECT location_id, coalesce(provider_id, '${NIL_UUID}'), product_id, business_date, 0.00, cost,
      CASE WHEN reason IN ('EXPIRED_UNUSED', 'STABILITY_EXCEEDED') THEN cost ELSE 0.00 END, 0.00, 0.0000, quantity, 0 FROM waste_record WHERE clinic_id = $1
  ) f CROSS JOIN (VALUES ('D'), ('M')) g (grain)
  GROUP BY grain, CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END,
    GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id), (location_id, product_id))
) t USING (dim, grain, period, location_id, provider_id, product)`;

const PRESENCE = `
SELECT concat_ws(' ', dim, day, location_id, provider_id, patient_id) AS name, k.uses::text AS kept, t.uses::text AS told FROM
  (SELECT * FROM spa_presence WHERE clinic_id = $1) k
FULL JOIN (
  SELECT CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' WHEN 0 THEN 'LP' END AS dim,
    coalesce(location_id, '${NIL_UUID}') AS location_id, coalesce(provider_id, '${NIL_UUID}') AS provider_id, business_date AS day, patient_id, count(*) AS uses
  FROM lot_usage WHERE clinic_id = $1
  GROUP BY business_date, patient_id, GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
) t USING (dim, location_id, provider_id, day, patient_id)`;

// A lot is blocked exactly while a recall that stands holds it; a damaged one is blocked anyway and stays damaged.
const RECALLED_LOTS = `
SELECT 'lot ' || l.id AS name, (l.disposition = 'RECALLED')::text AS kept, (l.disposition <> 'DAMAGED' AND EXISTS (
  SELECT 1 FROM recall_lot x JOIN recall r ON r.clinic_id = x.clinic_id AND r.id = x.recall_id
  WHERE x.clinic_id = l.clinic_id AND x.lot_id = l.id AND r.outcome IS DISTINCT FROM 'TERMINATED'))::text AS told
FROM inventory_lot l WHERE l.clinic_id = $1`;

const COMPARISONS: readonly (readonly [string, string])[] = [
  ['balances of lots at places', BALANCES],
  ['chain of movements', CHAIN],
  ['receipts of lots', RECEIPTS],
  ['uses and their movements', USES],
  ['spa slices', SLICES],
  ['presence of patients', PRESENCE],
  ['lots under recall', RECALLED_LOTS],
];

/** Recomputes every balance and slice of a clinic from what it was made of (C-S1, C-S4, C-S16). */
export const verifyInventory: Verifier = async (tx, clinicId) => {
  const found: Comparison[] = [];
  for (const [what, pairs] of COMPARISONS) found.push(await compare(tx, clinicId, what, pairs));
  return found;
};
