/**
 * Slices by procedure code, kind of treatment and appliance system beside those by category: what such a slice is of
 * stands in one column, `member`. The projection of adjustments keeps what the entry named when it was applied, because
 * an entry that comes later must not move what was counted (E-08). Both are filled from the ledgers.
 */
export class SlicesOfMembers17636900000051 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
ALTER TABLE production_adjustment
  ADD COLUMN entry_code text NOT NULL DEFAULT '',
  ADD COLUMN entry_phase text NOT NULL DEFAULT '',
  ADD COLUMN entry_system text NOT NULL DEFAULT '';
UPDATE production_adjustment a
SET entry_code = e.procedure_code, entry_phase = coalesce(e.phase, ''), entry_system = coalesce(e.appliance_system, '')
FROM production_entry e WHERE e.clinic_id = a.clinic_id AND e.id = a.entry_id AND a.entry_category <> '';

ALTER TABLE production_slice RENAME COLUMN category TO member;
ALTER TABLE production_slice DROP CONSTRAINT production_slice_dim_check;
ALTER TABLE production_slice ADD CONSTRAINT production_slice_dim_check
  CHECK (dim IN ('T', 'L', 'P', 'LP', 'C', 'K', 'H', 'S'));

INSERT INTO production_slice (clinic_id, dim, location_id, provider_id, grain, period, member, slot,
  gross, adjustments, collected, insurance, entry_count, start_count, start_net, debond_count, debond_net, visit_count)
SELECT clinic_id, CASE grouping(code, phase, system) WHEN 3 THEN 'K' WHEN 5 THEN 'H' ELSE 'S' END,
  '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', grain, period, coalesce(code, phase, system), 0,
  sum(gross), sum(adjustments), 0, sum(insurance), sum(entry_count), sum(start_count),
  coalesce(sum(gross - adjustments) FILTER (WHERE category = 'TREATMENT_START'), 0), sum(debond_count),
  coalesce(sum(gross - adjustments) FILTER (WHERE category = 'DEBOND'), 0), 0
FROM (
  SELECT f.*, grain, CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END AS period
  FROM (
    SELECT clinic_id, production_date AS day, category, procedure_code AS code, coalesce(phase, '') AS phase,
      coalesce(appliance_system, '') AS system, gross, 0::numeric AS adjustments, insurance_expected AS insurance,
      sign::int AS entry_count, start_count::int AS start_count, debond_count::int AS debond_count
    FROM production_entry WHERE status NOT IN ('PENDING', 'VOIDED')
    UNION ALL
    SELECT clinic_id, adjustment_date, entry_category, entry_code, entry_phase, entry_system, 0,
      CASE WHEN is_affecting THEN amount ELSE 0 END, insurance_change, 0, 0, 0
    FROM production_adjustment
  ) f CROSS JOIN (VALUES ('D'), ('M')) AS g (grain)
) x
GROUP BY clinic_id, grain, period, GROUPING SETS ((code), (phase), (system))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
