import type { Day } from '@practice-graph/practice';

/** Last use of a lot on a patient, in one of the inventories. */
export interface Exposure {
  readonly patientId: string;
  readonly lastUsedOn: Day;
}

/** A patient who received a lot, by an appliance, in a treatment, or both. */
export interface AffectedPerson {
  readonly patientId: string;
  readonly lastUsedOn: Day;
  readonly byAppliance: boolean;
  readonly byTreatment: boolean;
}

/** Every patient of either inventory once, with the latest day; latest first, then by id (Q3). */
export function affectedPatients(appliances: readonly Exposure[], treatments: readonly Exposure[]): AffectedPerson[] {
  const found = new Map<string, AffectedPerson>();
  const add = ({ patientId, lastUsedOn }: Exposure, byAppliance: boolean) => {
    const known = found.get(patientId);
    found.set(patientId, {
      patientId,
      lastUsedOn: known && known.lastUsedOn > lastUsedOn ? known.lastUsedOn : lastUsedOn,
      byAppliance: byAppliance || (known?.byAppliance ?? false),
      byTreatment: !byAppliance || (known?.byTreatment ?? false),
    });
  };
  for (const exposure of appliances) add(exposure, true);
  for (const exposure of treatments) add(exposure, false);
  return [...found.values()].sort((a, b) =>
    a.lastUsedOn === b.lastUsedOn ? (a.patientId < b.patientId ? -1 : 1) : a.lastUsedOn > b.lastUsedOn ? -1 : 1,
  );
}
