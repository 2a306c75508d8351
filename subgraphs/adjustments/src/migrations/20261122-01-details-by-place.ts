import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');
const NIL = `'00000000-0000-0000-0000-000000000000'::uuid`;
const MEASURES = 'amount, absolute, effect, entries, facts, expected, contracted, contracts';

/**
 * Slices by reason, payer, campaign and state together in place of one of each, and also by location, by provider and by
 * both; filled from the ledger as it is.
 */
export class DetailsByPlace17637800000011 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
DROP TABLE adjustment_detail_slice;

-- "The months or days of all reasons, payers, campaigns and states of a clinic, or of each of its places and providers".
CREATE TABLE adjustment_detail_slice (
  clinic_id uuid NOT NULL,
  place text NOT NULL CHECK (place IN ('T', 'L', 'P', 'LP')),
  grain text NOT NULL CHECK (grain IN ('D', 'M')),
  period date NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  category text NOT NULL,
  reason_code text NOT NULL,
  payer text NOT NULL,
  campaign_id uuid NOT NULL,
  approval_status text NOT NULL,
  slot smallint NOT NULL DEFAULT 0,
  amount numeric(16,2) NOT NULL,
  absolute numeric(16,2) NOT NULL,
  effect numeric(16,2) NOT NULL,
  entries integer NOT NULL,
  facts integer NOT NULL,
  expected numeric(16,2) NOT NULL,
  contracted numeric(16,2) NOT NULL,
  contracts integer NOT NULL
) WITH (fillfactor = 70);
${tenantTable(roles, 'adjustment_detail_slice', `SELECT, INSERT, UPDATE (${MEASURES})`)}

INSERT INTO adjustment_detail_slice (clinic_id, place, grain, period, location_id, provider_id, category, reason_code, payer,
  campaign_id, approval_status, slot, ${MEASURES})
SELECT clinic_id, CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END, grain, period,
  coalesce(location_id, ${NIL}), coalesce(provider_id, ${NIL}), category, reason_code, payer, campaign_id, approval_status, 0,
  sum(amount), sum(sign * abs(amount)), sum(CASE WHEN affects_net_production THEN amount ELSE 0 END), sum(sign), count(*),
  sum(contract * coalesce(expected_amount, 0)), sum(contract * amount), sum(contract)
FROM (
  SELECT e.clinic_id, g.grain, CASE g.grain WHEN 'D' THEN e.adjustment_date ELSE date_trunc('month', e.adjustment_date)::date END AS period,
    e.location_id, e.provider_id, e.category, e.reason_code, coalesce(e.payer, '') AS payer,
    coalesce(e.campaign_id, ${NIL}) AS campaign_id, e.approval_status, e.amount, e.affects_net_production, e.expected_amount,
    CASE WHEN e.is_reversal THEN -1 ELSE 1 END AS sign,
    (e.category = 'INSURANCE_WRITEOFF' AND e.expected_amount IS NOT NULL)::int AS contract
  FROM adjustment_entry e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
) x
GROUP BY clinic_id, grain, period, category, reason_code, payer, campaign_id, approval_status,
  GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;

ALTER TABLE adjustment_detail_slice ADD PRIMARY KEY (clinic_id, place, grain, period, location_id, provider_id, category,
  reason_code, payer, campaign_id, approval_status, slot);`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
