import { NIL_UUID } from '@practice-graph/practice';

/** Measures of a slice by reason, payer, campaign and state. */
export const DETAIL_MEASURES = [
  ...['amount', 'absolute', 'effect', 'entries', 'facts', 'expected', 'contracted', 'contracts'],
] as const;

/** Columns of its key but for the slot. */
export const DETAIL_KEY =
  'clinic_id, place, grain, period, location_id, provider_id, category, reason_code, payer, campaign_id, approval_status';

/**
 * SELECT that sums entries into slices by reason, payer, campaign and state together, of which an entry names few
 * combinations: over all places and providers, by place, by provider and by both, by day and by month. The table has the
 * columns of an entry, and `state` and `stands` as below; what a state begins with is summed, whatever it is.
 */
export const detailSums = (table: string): string => `
  SELECT clinic_id, CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END AS place,
    grain, period, coalesce(location_id, '${NIL_UUID}') AS location_id, coalesce(provider_id, '${NIL_UUID}') AS provider_id,
    category, reason_code, payer, campaign_id, approval_status, 0 AS slot, ${DETAIL_MEASURES.map((of) => `sum(${of}) AS ${of}`).join(', ')}
  FROM (
    SELECT e.clinic_id, g.grain, CASE g.grain WHEN 'D' THEN e.adjustment_date ELSE date_trunc('month', e.adjustment_date)::date END AS period,
      e.location_id, e.provider_id, e.category, e.reason_code, coalesce(e.payer, '') AS payer,
      coalesce(e.campaign_id, '${NIL_UUID}') AS campaign_id, e.state AS approval_status,
      stands * amount AS amount,
      stands * CASE WHEN is_reversal THEN -abs(amount) ELSE abs(amount) END AS absolute,
      CASE WHEN affects_net_production THEN stands * amount ELSE 0 END AS effect,
      CASE WHEN is_reversal THEN -stands ELSE stands END AS entries,
      stands AS facts,
      CASE WHEN has_contract THEN stands * expected_amount ELSE 0 END AS expected,
      CASE WHEN has_contract THEN stands * amount ELSE 0 END AS contracted,
      CASE WHEN has_contract THEN stands ELSE 0 END AS contracts
    FROM ${table} e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
    CROSS JOIN LATERAL (SELECT e.category = 'INSURANCE_WRITEOFF' AND e.expected_amount IS NOT NULL AS has_contract) h
  ) x
  GROUP BY clinic_id, grain, period, category, reason_code, payer, campaign_id, approval_status,
    GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))`;

/** What a written or decided row tells its slices. */
export const told = (table: string): string =>
  ['clinic_id', 'location_id', 'provider_id', 'production_entry_id', 'category', 'amount', 'affects_net_production']
    .concat('is_reversal', 'reason_code', 'payer', 'campaign_id', 'expected_amount')
    .map((column) => `${table}.${column}`)
    .join(', ');

// Adds rows of "e" to all slices that they belong to: "counted" is 1 for one that counts from now on, "waiting" 1 or -1
// for one that begins or ends to wait, "stands" 1 or -1 for one that begins or ends to be in the state "state". The slices
// are locked in the order of their key, so that two such statements never wait for each other crosswise.
export const INTO_SLICES = `
x AS (
  SELECT e.clinic_id, e.location_id, e.provider_id, e.category, g.grain,
    CASE g.grain WHEN 'D' THEN adjustment_date ELSE date_trunc('month', adjustment_date)::date END AS period,
    counted * amount AS amount,
    counted * CASE WHEN is_reversal THEN -abs(amount) ELSE abs(amount) END AS absolute,
    CASE WHEN affects_net_production THEN counted * amount ELSE 0 END AS effect,
    CASE WHEN affects_net_production AND production_entry_id IS NULL THEN counted * amount ELSE 0 END AS unlinked_effect,
    CASE WHEN is_reversal THEN -counted ELSE counted END AS entries,
    waiting * amount AS pending,
    CASE WHEN affects_net_production THEN waiting * amount ELSE 0 END AS pending_effect,
    waiting AS pending_entries
  FROM e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
  WHERE counted <> 0 OR waiting <> 0
)
, details AS (
  INSERT INTO adjustment_detail_slice AS s (${DETAIL_KEY}, slot, ${DETAIL_MEASURES.join(', ')})
  ${detailSums('e')} ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ON CONFLICT (${DETAIL_KEY}, slot) DO UPDATE SET
    ${DETAIL_MEASURES.map((of) => `${of} = s.${of} + excluded.${of}`).join(', ')}
)
INSERT INTO adjustment_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, category, slot, amount,
  absolute, effect, unlinked_effect, entries, pending, pending_effect, pending_entries)
SELECT clinic_id,
  CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END,
  coalesce(location_id, '${NIL_UUID}'), coalesce(provider_id, '${NIL_UUID}'), grain, period, category, 0,
  sum(amount), sum(absolute), sum(effect), sum(unlinked_effect), sum(entries)::int,
  sum(pending), sum(pending_effect), sum(pending_entries)::int
FROM x GROUP BY clinic_id, grain, period, category,
  GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, category, slot) DO UPDATE SET
  amount = s.amount + excluded.amount, absolute = s.absolute + excluded.absolute, effect = s.effect + excluded.effect,
  unlinked_effect = s.unlinked_effect + excluded.unlinked_effect, entries = s.entries + excluded.entries,
  pending = s.pending + excluded.pending, pending_effect = s.pending_effect + excluded.pending_effect,
  pending_entries = s.pending_entries + excluded.pending_entries`;
