import { Refused, type Viewer } from '@practice-graph/kit';
import { linkedLoader, type LinkedRows } from '../patients/patient-rows.loader';
import { ProductionEntry } from './production-entry.entity';

const within = (only: readonly string[] | undefined, id: string) => only === undefined || only.includes(id);

export const productionEntryRows: LinkedRows<ProductionEntry> = {
  action: 'productionEntry.read',
  entityType: 'ProductionEntry',
  patientOf: (entry) => entry.patientId,
  isVisible: (entry, { restrictions }: Viewer) =>
    within(restrictions['locations'], entry.locationId) && within(restrictions['providers'], entry.providerId),
};

export const productionEntryLoader = linkedLoader(ProductionEntry, productionEntryRows);

const forbidden = (message: string) => new Refused({ code: 'FORBIDDEN', message, path: ['filter'] });

/**
 * True for a filter that names one patient, case or procedure: what it answers is an account of a patient. FORBIDDEN for
 * a patient without patient:read, and for readers of aggregates.
 */
export function requireReadOfOne(
  viewer: Viewer,
  filter: {
    readonly patientId?: string | null | undefined;
    readonly treatmentPlanId?: string | null | undefined;
    readonly procedureId?: string | null | undefined;
  } | null,
): boolean {
  const isOfOne = Boolean(filter?.patientId ?? filter?.treatmentPlanId ?? filter?.procedureId);
  if (filter?.patientId && !viewer.scopes.includes('patient:read'))
    throw forbidden('A filter by patient needs the permission patient:read.');
  if (isOfOne && viewer.aggregateOnly)
    throw forbidden('You may read sums only, and the account of one patient is none.');
  return isOfOne;
}
