import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { postMovements, type Movement } from '../ledger/movement.service';
import type { StoredArea } from './treatment-area.rules';

/** A use to be written, with the id of its movement. */
export interface NewUsage {
  readonly id: string;
  readonly transactionId: string;
  readonly productId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly patientId: string;
  readonly providerId: string;
  readonly appointmentId: string | null;
  readonly chartId: string | null;
  readonly serviceName: string | null;
  readonly at: Date;
  readonly isClockSkewed: boolean;
  readonly quantity: Decimal;
  readonly areas: readonly StoredArea[];
  readonly unitCost: Decimal;
  readonly cost: Decimal;
  readonly revenue: Decimal | null;
  readonly fefoOverrideReason: string | null;
  readonly businessDate: Day;
}

const INSERT = `
INSERT INTO lot_usage (clinic_id, id, product_id, lot_id, location_id, patient_id, provider_id, appointment_id, chart_id,
  service_name, used_at, created_at, is_clock_skewed, quantity, areas, unit_cost, cost, revenue, fefo_override_reason,
  business_date, created_by)
SELECT $1, u.*, $21 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[],
  $10::text[], $11::timestamptz[], $12::timestamptz[], $13::boolean[], $14::numeric[], $15::jsonb[], $16::numeric[],
  $17::numeric[], $18::numeric[], $19::text[], $20::date[]) AS u`;

/** The movement of a use: takes its quantity out of the lot. */
export const movementOfUsage = (usage: NewUsage): Movement => ({
  id: usage.transactionId,
  type: 'TREATMENT_USE',
  productId: usage.productId,
  lotId: usage.lotId,
  locationId: usage.locationId,
  quantity: usage.quantity.neg(),
  unitCost: usage.unitCost,
  totalCost: usage.cost.neg(),
  patientId: usage.patientId,
  providerId: usage.providerId,
  appointmentId: usage.appointmentId,
  usageId: usage.id,
  wasteId: null,
  receivingId: null,
  reason: null,
  businessDate: usage.businessDate,
  at: usage.at,
  revenue: usage.revenue,
  isExpired: false,
});

/** Writes uses without their movements. */
export async function insertUsages(tx: Tx, clinicId: string, usages: readonly NewUsage[]): Promise<void> {
  if (usages.length === 0) return;
  const column = <K extends keyof NewUsage>(name: K) => usages.map((usage) => usage[name]);
  await prepared(tx, INSERT, [
    clinicId,
    column('id'),
    column('productId'),
    column('lotId'),
    column('locationId'),
    column('patientId'),
    column('providerId'),
    column('appointmentId'),
    column('chartId'),
    column('serviceName'),
    column('at'),
    column('at'),
    column('isClockSkewed'),
    column('quantity'),
    usages.map((usage) => JSON.stringify(usage.areas)),
    column('unitCost'),
    column('cost'),
    column('revenue'),
    column('fefoOverrideReason'),
    column('businessDate'),
    tx.session.viewer.subject,
  ]);
}

/** Writes uses with their movements. The stock must be locked. */
export async function writeUsages(tx: Tx, clinicId: string, usages: readonly NewUsage[]): Promise<void> {
  await insertUsages(tx, clinicId, usages);
  await postMovements(tx, clinicId, usages.map(movementOfUsage));
}
