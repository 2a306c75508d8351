import { NIL_UUID } from '@practice-graph/practice';

/** Measures of a slice by reason, payer, campaign or state. */
export const DETAIL_MEASURES = [
  ...['amount', 'absolute', 'effect', 'entries', 'pending', 'pending_effect', 'pending_entries'],
  ...['all_amount', 'all_entries', 'facts', 'expected', 'contracted', 'contracts'],
] as const;

/**
 * SQL that gives the slices by reason, payer, campaign and state which rows of a table belong to, by day and by month, with
 * what they add. The table has the columns of an entry, and state, stands, counted and waiting as below; by state all rows
 * are summed, whatever it is.
 */
export const detailRows = (table: string): string => `
  SELECT e.clinic_id, v.dim, g.grain, v.member, e.category,
    CASE g.grain WHEN 'D' THEN e.adjustment_date ELSE date_trunc('month', e.adjustment_date)::date END AS period,
    counted * amount AS amount,
    counted * CASE WHEN is_reversal THEN -abs(amount) ELSE abs(amount) END AS absolute,
    CASE WHEN affects_net_production THEN counted * amount ELSE 0 END AS effect,
    CASE WHEN is_reversal THEN -counted ELSE counted END AS entries,
    waiting * amount AS pending,
    CASE WHEN affects_net_production THEN waiting * amount ELSE 0 END AS pending_effect,
    waiting AS pending_entries,
    v.stands * amount AS all_amount,
    CASE WHEN is_reversal THEN -v.stands ELSE v.stands END AS all_entries,
    CASE WHEN v.dim = 'APPROVAL_STATUS' THEN v.stands ELSE counted + waiting END AS facts,
    CASE WHEN has_contract THEN v.taken * expected_amount ELSE 0 END AS expected,
    CASE WHEN has_contract THEN v.taken * amount ELSE 0 END AS contracted,
    CASE WHEN has_contract THEN v.taken ELSE 0 END AS contracts
  FROM ${table} e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
  CROSS JOIN LATERAL (SELECT e.category = 'INSURANCE_WRITEOFF' AND e.expected_amount IS NOT NULL AS has_contract) h
  CROSS JOIN LATERAL (VALUES ('REASON_CODE', e.reason_code, 0, e.counted), ('PAYER', coalesce(e.payer, ''), 0, e.counted),
    ('CAMPAIGN', coalesce(e.campaign_id::text, ''), 0, e.counted), ('APPROVAL_STATUS', e.state, e.stands, e.stands)
  ) v (dim, member, stands, taken)
  WHERE counted <> 0 OR waiting <> 0 OR v.stands <> 0`;

/** What a written or decided row tells its slices. */
export const told = (table: string): string =>
  ['clinic_id', 'location_id', 'provider_id', 'production_entry_id', 'category', 'amount', 'affects_net_production']
    .concat('is_reversal', 'reason_code', 'payer', 'campaign_id', 'expected_amount')
    .map((column) => `${table}.${column}`)
    .join(', ');

// Adds rows of "e" to all slices that they belong to: "counted" is 1 for one that counts from now on, "waiting" 1 or -1
// for one that begins or ends to wait, "stands" 1 or -1 for one that begins or ends to be in the state "state". The slices are locked in the order of their key, so that two such statements
// never wait for each other crosswise.
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
, y AS (${detailRows('e')})
, details AS (
  INSERT INTO adjustment_detail_slice AS s (clinic_id, dim, grain, period, member, category, slot, ${DETAIL_MEASURES.join(', ')})
  SELECT clinic_id, dim, grain, period, member, category, 0, ${DETAIL_MEASURES.map((of) => `sum(${of})`).join(', ')}
  FROM y GROUP BY clinic_id, dim, grain, period, member, category ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (clinic_id, dim, grain, period, member, category, slot) DO UPDATE SET
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
