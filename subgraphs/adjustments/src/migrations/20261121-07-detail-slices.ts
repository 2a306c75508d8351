import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

const MEASURES: Readonly<Record<string, string>> = {
  amount: 'numeric(16,2)',
  absolute: 'numeric(16,2)',
  effect: 'numeric(16,2)',
  entries: 'integer',
  pending: 'numeric(16,2)',
  pending_effect: 'numeric(16,2)',
  pending_entries: 'integer',
  all_amount: 'numeric(16,2)',
  all_entries: 'integer',
  facts: 'integer',
  expected: 'numeric(16,2)',
  contracted: 'numeric(16,2)',
  contracts: 'integer',
};
const columns = Object.keys(MEASURES);

/** Slices by reason, payer, campaign and state, filled from the ledger as it is. */
export class DetailSlices1763690000071 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The months or days of all reasons, payers, campaigns or states of a clinic".
CREATE TABLE adjustment_detail_slice (
  clinic_id uuid NOT NULL,
  dim text NOT NULL CHECK (dim IN ('REASON_CODE', 'PAYER', 'CAMPAIGN', 'APPROVAL_STATUS')),
  grain text NOT NULL CHECK (grain IN ('D', 'M')),
  period date NOT NULL,
  member text NOT NULL,
  category text NOT NULL,
  slot smallint NOT NULL DEFAULT 0,
${columns.map((column) => `  ${column} ${MEASURES[column] ?? ''} NOT NULL,\n`).join('')}  PRIMARY KEY (clinic_id, dim, grain, period, member, category, slot)
) WITH (fillfactor = 70);
${tenantTable(roles, 'adjustment_detail_slice', `SELECT, INSERT, UPDATE (${columns.join(', ')})`)}

INSERT INTO adjustment_detail_slice (clinic_id, dim, grain, period, member, category, slot, ${columns.join(', ')})
SELECT e.clinic_id, v.dim, g.grain,
  CASE g.grain WHEN 'D' THEN e.adjustment_date ELSE date_trunc('month', e.adjustment_date)::date END, v.member, e.category, 0,
  sum(c.counted * amount), sum(c.counted * c.sign * abs(amount)),
  sum(CASE WHEN affects_net_production THEN c.counted * amount ELSE 0 END), sum(c.sign * c.counted),
  sum(c.waiting * amount), sum(CASE WHEN affects_net_production THEN c.waiting * amount ELSE 0 END), sum(c.waiting),
  sum(v.stands * amount), sum(c.sign * v.stands),
  sum(CASE WHEN v.dim = 'APPROVAL_STATUS' THEN v.stands ELSE c.counted + c.waiting END),
  sum(c.contract * v.taken * coalesce(expected_amount, 0)), sum(c.contract * v.taken * amount), sum(c.contract * v.taken)
FROM adjustment_entry e CROSS JOIN (VALUES ('D'), ('M')) g (grain)
CROSS JOIN LATERAL (SELECT (approval_status IN ('APPROVED', 'AUTO_APPROVED'))::int AS counted,
  (approval_status = 'PENDING')::int AS waiting, CASE WHEN is_reversal THEN -1 ELSE 1 END AS sign,
  (e.category = 'INSURANCE_WRITEOFF' AND expected_amount IS NOT NULL)::int AS contract) c
CROSS JOIN LATERAL (VALUES ('REASON_CODE', e.reason_code, 0, c.counted), ('PAYER', coalesce(e.payer, ''), 0, c.counted),
  ('CAMPAIGN', coalesce(e.campaign_id::text, ''), 0, c.counted), ('APPROVAL_STATUS', e.approval_status, 1, 1)) v (dim, member, stands, taken)
WHERE c.counted + c.waiting + v.stands > 0
GROUP BY 1, 2, 3, 4, 5, 6;

-- What contracts let expect by place or provider, which slices do not carry.
CREATE INDEX adjustment_entry_contract ON adjustment_entry (clinic_id, adjustment_date)
  INCLUDE (location_id, provider_id, approval_status, amount, expected_amount)
  WHERE category = 'INSURANCE_WRITEOFF' AND expected_amount IS NOT NULL;`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
