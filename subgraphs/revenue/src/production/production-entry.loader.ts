import type { Viewer } from '@practice-graph/kit';
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
