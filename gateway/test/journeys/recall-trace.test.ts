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

describe('Q3: a recall over both inventories', () => {
  const RECALL = `query ($clinicId: ID!, $lot: String!) {
    lotTrace(clinicId: $clinicId, lotNumber: $lot) {
      supplyLots { status vendor { name } recall { recallNumber } stock { available } }
      inventoryLots { status vendor { name } recall { recallNumber } availableQuantity recallCase { status } }
      recall { status notifiedCount notice { recallNumber recallClass } notifications { status patient { id } } }
      affectedPatients { notification { status channel } patient { id } }
    } }`;
  const opaque = (ids: Iterable<string>) => [...ids].map((id) => recordIdText(group.clinic.id, id)).sort();
  const treated = new Set(treatments.map((row) => row.patientId as string));
  const everybody = new Set([...treated, ...usages.map((row) => row.patientId)]);

  test('the planted recall blocks the lot on both sides and lists the patients of both, a part of them told', async () => {
    await graph.settled();
    const { lotTrace } = await graph.get('owner', RECALL, { clinicId, lot: RECALLED_LOT });

    const vendor = {
      name: group.vendors.find(
        (each) => each.id === group.supplies.lots.find((lot) => lot.lotNumber === RECALLED_LOT)?.vendorId,
      )?.name,
    };
    expect(lotTrace.supplyLots).toMatchObject([{ status: 'RECALLED', vendor, recall: { recallNumber: 'RCL-77120' } }]);
    expect(lotTrace.supplyLots[0].stock.map((place: { available: string }) => place.available)).toEqual(
      lotTrace.supplyLots[0].stock.map(() => '0'),
    );
    expect(lotTrace.inventoryLots).toMatchObject([
      {
        status: 'RECALLED',
        vendor,
        recall: { recallNumber: 'RCL-77120' },
        availableQuantity: '0',
        recallCase: { status: 'NOTIFYING' },
      },
    ]);
    const told = Math.ceil(treated.size / 2);
    expect(lotTrace.recall).toMatchObject({
      status: 'NOTIFYING',
      notifiedCount: told,
      notice: { recallClass: 'CLASS_II' },
    });
    expect(lotTrace.recall.notifications.map((each: { patient: { id: string } }) => each.patient.id).sort()).toEqual(
      opaque(everybody),
    );
    const states = lotTrace.affectedPatients.map(
      (each: { notification: { status: string } }) => each.notification.status,
    );
    expect(states.filter((state: string) => state !== 'OPEN')).toHaveLength(told);
    expect(states).toHaveLength(everybody.size);
  });

  test('one operation starts a recall in both inventories; the event finds it done, and a later receipt is caught', async () => {
    const lot = 'XR-1';
    const receive = async () => {
      const supply = await graph.get(
        'owner',
        `mutation ($input: SupplyLotReceiveInput!) { supplyLotReceive(input: $input) { supplyLot { status } warnings userErrors { code } } }`,
        {
          input: {
            ...{
              idempotencyKey: `s-${String(Math.random())}`,
              itemId: recordIdText(group.clinic.id, group.supplies.items[0]?.id ?? ''),
            },
            ...{ locationId: recordIdText(group.clinic.id, group.locations[0]?.id ?? ''), reason: 'opening stock' },
            ...{ lotNumber: lot, packs: '1', receivedOn: '2026-06-29' },
          },
        },
      );
      const spa = await graph.get(
        'owner',
        `mutation ($input: StockReceiveInput!) { stockReceive(input: $input) { lots { status } warnings userErrors { code } } }`,
        {
          input: {
            ...{
              idempotencyKey: `p-${String(Math.random())}`,
              clinicId,
              reason: 'opening stock',
              receivedAt: '2026-06-29T15:00:00Z',
            },
            locationId: recordIdText(group.clinic.id, group.spa.receipts[0]?.locationId ?? ''),
            lines: [
              {
                productId: recordIdText(group.clinic.id, group.spa.products[0]?.id ?? ''),
                lotNumber: lot,
                quantity: '1',
                expirationDate: '2027-06-30',
              },
            ],
          },
        },
      );
      expect([supply.supplyLotReceive.userErrors, spa.stockReceive.userErrors]).toEqual([[], []]);
      return [supply.supplyLotReceive.supplyLot.status, spa.stockReceive.lots[0].status];
    };
    expect(await receive()).toEqual(['AVAILABLE', 'AVAILABLE']);

    const started = await graph.get(
      'owner',
      `mutation ($input: RecallInput!) {
        recallStart(input: $input) { recall { id status version traces { lotNumber affectedPatientCount } } lots { status } userErrors { code } }
        supplyRecallApply(input: $input) { supplyLots { status } userErrors { code } } }`,
      {
        input: {
          ...{ idempotencyKey: 'xr', clinicId, recallNumber: 'XR', recallClass: 'CLASS_III', lotNumber: lot },
          ...{ reason: 'label', announcedOn: '2026-06-29' },
        },
      },
    );

    expect(started).toEqual({
      recallStart: {
        recall: {
          id: expect.any(String),
          status: 'OPEN',
          version: 1,
          traces: [{ lotNumber: lot, affectedPatientCount: 0 }],
        },
        ...{ lots: [{ status: 'RECALLED' }], userErrors: [] },
      },
      supplyRecallApply: { supplyLots: [{ status: 'RECALLED' }], userErrors: [] },
    });
    await graph.settled();
    expect(await receive()).toEqual(['RECALLED', 'RECALLED']);

    const closed = await graph.get(
      'owner',
      `mutation ($id: ID!) { recallClose(id: $id, input: { idempotencyKey: "xr-end", outcome: TERMINATED, note: "called off", expectedVersion: 1 }) { lots { status } userErrors { code } } }`,
      { id: started.recallStart.recall.id },
    );
    expect(closed.recallClose).toEqual({ lots: [{ status: 'QUARANTINE' }], userErrors: [] });
    await graph.settled();
    const { lotTrace } = await graph.get('owner', RECALL, { clinicId, lot });
    expect(lotTrace.supplyLots).toMatchObject([{ status: 'QUARANTINE', recall: null }]);
  });
});
