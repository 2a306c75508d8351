/** An index that answers reports without visiting the uses themselves. */
export class Reports17636900000094 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "The sums of a stretch of days by several dimensions at once", where slices do not carry them.
CREATE INDEX appliance_usage_report ON appliance_usage (clinic_id, used_on)
  INCLUDE (location_id, provider_id, appliance_type, appliance_system, item_id, category, bucket, lot_id, quantity, total_cost, is_rework, patient_id, treatment_plan_id);
-- "The waste of a stretch of days".
CREATE INDEX supply_transaction_waste ON supply_transaction (clinic_id, business_date) WHERE type = 'WASTE';
-- "The months or days of all places or providers of a clinic".
CREATE INDEX ON supply_slice (clinic_id, dim, grain, period);
`);
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
