import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds, RECALLED_LOT } from '../../../app/src/demo/organisation';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { ANCHOR, openGraph, type Graph } from './graph';

/** Q3: where is a lot, and who was treated from it, in both inventories. */
const Q3 = `query RecallTrace($clinicId: ID!, $lot: String!) {
  lotTrace(clinicId: $clinicId, lotNumber: $lot) {
    lotNumber
    supplyLots { lotNumber item { name } stock { location { name } onHand } balance { received onHand used } }
    applianceUsages { usedOn quantity patient { reference } }
    inventoryLots { lotNumber product { name } currentQuantity stock { location { name } onHand } }
    lotUsages { usedAt quantity patient { reference } }
    affectedPatientCount
    affectedPatients { lastUsedOn byAppliance byTreatment patient { id reference } }
  }
}`;

const group = generateDemo({ size: 'tiny', anchor: ANCHOR }).find(
  (rows) => rows.clinic.id === demoIds.clinics.group,
) as ClinicRows;
const clinicId = clinicIdText(group.clinic.id);
const idsOf = (lots: readonly { id: string; lotNumber: string }[]) =>
  new Set(lots.filter((lot) => lot.lotNumber === RECALLED_LOT).map((lot) => lot.id));
const supplyLots = idsOf(group.supplies.lots);
const spaLots = idsOf(group.spa.lots);
const usages = group.supplies.usages.filter((row) => supplyLots.has(row.lotId));
const treatments = group.spa.movements.filter((row) => spaLots.has(row.lotId));
const referenceOf = new Map(group.patients.map((patient) => [patient.id, patient.reference]));
const placeOf = new Map(group.locations.map((place) => [place.id, place.name]));

const quantity = (milli: number): string => String(milli / 1_000);
const sum = (rows: readonly { quantityMilli: number }[]): number =>
  rows.reduce((total, row) => total + row.quantityMilli, 0);

/** Patients by reference with their last day and where they met the lot. */
function patientsExpected() {
  const found = new Map<string, { lastUsedOn: string; byAppliance: boolean; byTreatment: boolean }>();
  const meet = (patientId: string, day: string, how: 'byAppliance' | 'byTreatment') => {
    const known = found.get(patientId) ?? { lastUsedOn: day, byAppliance: false, byTreatment: false };
    found.set(patientId, { ...known, [how]: true, lastUsedOn: known.lastUsedOn > day ? known.lastUsedOn : day });
  };
  for (const row of usages) meet(row.patientId, row.date, 'byAppliance');
  for (const row of treatments) meet(row.patientId as string, row.date, 'byTreatment');
  return [...found]
    .map(([id, how]) => ({
      ...how,
      patient: { id: recordIdText(group.clinic.id, id), reference: referenceOf.get(id) as string },
    }))
    .sort(byReference);
}
const byReference = (a: { patient: { reference: string } }, b: { patient: { reference: string } }) =>
  a.patient.reference < b.patient.reference ? -1 : 1;

const stockOf = (
  receipts: ClinicRows['spa']['receipts'],
  lots: ReadonlySet<string>,
  used: typeof usages | typeof treatments,
) => {
  const left = new Map<string, number>();
  for (const row of receipts.filter((each) => lots.has(each.lotId)))
    left.set(row.locationId, (left.get(row.locationId) ?? 0) + row.quantityMilli);
  for (const row of used) left.set(row.locationId, (left.get(row.locationId) ?? 0) - row.quantityMilli);
  return new Map([...left].map(([id, milli]) => [placeOf.get(id) as string, quantity(milli)]));
};
/** Places with something left, as the answer lists them. */
const shownStock = (stock: readonly { location: { name: string }; onHand: string }[]) =>
  new Map(stock.map((each) => [each.location.name, each.onHand]));

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

describe('Q3: the trace of a lot that one vendor sold to both inventories', () => {
  test('stock per place, every use and each patient once are those of the rows', async () => {
    const { lotTrace } = await graph.get('owner', Q3, { clinicId, lot: RECALLED_LOT });

    expect(lotTrace.supplyLots).toHaveLength(1);
    expect(lotTrace.supplyLots[0].item.name).toBe('Etch gel 37 %, syringe');
    expect(lotTrace.supplyLots[0].balance.used).toBe(quantity(sum(usages)));
    expect(shownStock(lotTrace.supplyLots[0].stock)).toEqual(stockOf(group.supplies.receipts, supplyLots, usages));
    expect(lotTrace.inventoryLots).toHaveLength(1);
    expect(shownStock(lotTrace.inventoryLots[0].stock)).toEqual(stockOf(group.spa.receipts, spaLots, treatments));
    expect(
      lotTrace.applianceUsages.map((row: { patient: { reference: string } }) => row.patient.reference).sort(),
    ).toEqual(usages.map((row) => referenceOf.get(row.patientId)).sort());
    expect(lotTrace.lotUsages.map((row: { usedAt: string }) => row.usedAt).sort()).toEqual(
      treatments.map((row) => row.at).sort(),
    );
    expect(lotTrace.affectedPatients.sort(byReference)).toEqual(patientsExpected());
    expect(lotTrace.affectedPatientCount).toBe(7);
  });

  test('the number is found however it is typed', async () => {
    const { lotTrace } = await graph.get('owner', Q3, { clinicId, lot: ` ${RECALLED_LOT.toLowerCase()} ` });

    expect(lotTrace.lotNumber).toBe(RECALLED_LOT);
    expect(lotTrace.affectedPatientCount).toBe(7);
  });

  test('a number that nobody knows has an empty trace', async () => {
    const { lotTrace } = await graph.get('owner', Q3, { clinicId, lot: 'NO-SUCH-LOT' });

    expect(lotTrace).toMatchObject({
      supplyLots: [],
      inventoryLots: [],
      affectedPatientCount: 0,
      affectedPatients: [],
    });
  });

  test('who may not see patients still sees how many are concerned', async () => {
    const answer = await graph.ask('accountant', Q3, { clinicId, lot: RECALLED_LOT });

    expect(answer.data.lotTrace.affectedPatientCount).toBe(7);
    expect(answer.data.lotTrace.affectedPatients).toBeNull();
    expect(answer.errors?.every((error) => error.extensions['code'] === 'FORBIDDEN')).toBe(true);
    expect(JSON.stringify(answer.data)).not.toContain('PT-0');
  });
});
