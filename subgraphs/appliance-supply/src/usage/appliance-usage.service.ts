import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import type { CostBucket, SupplyCategory } from '../items/supply-category.types';
import { addToPresence, addToSlices, usageFacts } from '../performance/supply-slice.service';
import type { ApplianceRecordType } from '../placements/appliance-record.types';

/** A use to be written; cost is kept as it was at that time and null when it is not known. */
export interface NewUsage {
  readonly id: string;
  readonly applianceId: string | null;
  readonly applianceType: ApplianceRecordType;
  readonly applianceSystem: string | null;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly providerId: string | null;
  readonly locationId: string;
  readonly site: string | null;
  readonly itemId: string;
  readonly lotId: string;
  readonly category: SupplyCategory;
  readonly bucket: CostBucket;
  readonly fefoOverrideReason: string | null;
  readonly usedOn: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal | null;
  readonly totalCost: Decimal | null;
  readonly isRework: boolean;
  readonly notes: string | null;
}

const USE = `
WITH u AS (
  INSERT INTO appliance_usage (clinic_id, id, appliance_id, appliance_type, appliance_system, patient_id, treatment_plan_id,
    provider_id, location_id, site, item_id, lot_id, category, bucket, fefo_override_reason, used_on, quantity, unit_cost,
    total_cost, is_rework, notes, created_at, created_by)
  SELECT $1::uuid, x.*, $22::timestamptz, $23::text FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[],
    $10::text[], $11::uuid[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::date[], $17::numeric[], $18::numeric[],
    $19::numeric[], $20::boolean[], $21::text[]) x
  RETURNING *
), f AS (${usageFacts('u')}
), s AS (${addToSlices('f')}
), p AS (${addToPresence('u')})
SELECT count(*)::int AS n FROM u`;

/** Writes uses with their slices and presence, one statement for all of them. */
export async function writeUsages(tx: Tx, clinicId: string, usages: readonly NewUsage[]): Promise<void> {
  if (usages.length === 0) return;
  const column = <T>(of: (u: NewUsage) => T) => usages.map(of);
  await prepared(tx, USE, [
    clinicId,
    column((u) => u.id),
    column((u) => u.applianceId),
    column((u) => u.applianceType),
    column((u) => u.applianceSystem),
    column((u) => u.patientId),
    column((u) => u.treatmentPlanId),
    column((u) => u.providerId),
    column((u) => u.locationId),
    column((u) => u.site),
    column((u) => u.itemId),
    column((u) => u.lotId),
    column((u) => u.category),
    column((u) => u.bucket),
    column((u) => u.fefoOverrideReason),
    column((u) => u.usedOn),
    column((u) => u.quantity),
    column((u) => u.unitCost),
    column((u) => u.totalCost),
    column((u) => u.isRework),
    column((u) => u.notes),
    tx.session.at,
    tx.session.viewer.subject,
  ]);
}
