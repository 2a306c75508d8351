import { emit, type Tx } from '@practice-graph/kit';
import { factOf } from '@practice-graph/practice';
import type { Clinic } from './clinic.entity';
import type { Location } from './location.entity';
import type { Provider } from './provider.entity';

/** Tells the other domains of the state of a clinic. */
export const announceClinic = (tx: Tx, clinic: Clinic): Promise<void> =>
  emit(
    tx,
    clinic.clinicId,
    factOf('clinic.saved', clinic.clinicId, {
      name: clinic.name,
      kind: clinic.kind,
      currency: clinic.currency,
      timeZone: clinic.timeZone,
      fiscalYearStartMonth: clinic.fiscalYearStartMonth,
      capabilities: clinic.capabilities,
      version: clinic.version,
    }),
  );

/** Tells the other domains of the state of locations of one clinic. */
export const announceLocations = (tx: Tx, clinicId: string, locations: readonly Location[]): Promise<void> =>
  emit(
    tx,
    clinicId,
    locations.map((location) =>
      factOf('location.saved', location.id, {
        id: location.id,
        name: location.name,
        kind: location.kind,
        timeZone: location.timeZone,
        chairCount: location.chairCount,
        workingWeekdays: location.workingWeekdays,
        closedDates: location.closedDates,
        active: location.active,
        version: location.version,
      }),
    ),
  );

/** Tells the other domains of the state of providers of one clinic. */
export const announceProviders = (tx: Tx, clinicId: string, providers: readonly Provider[]): Promise<void> =>
  emit(
    tx,
    clinicId,
    providers.map((provider) =>
      factOf('provider.saved', provider.id, {
        id: provider.id,
        name: provider.name,
        role: provider.role,
        active: provider.active,
        isStub: provider.isStub,
        version: provider.version,
      }),
    ),
  );
