import type { TestSubgraph } from '@practice-graph/kit/testing';
import type { Viewer } from '@practice-graph/kit';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC,
  CLINIC_ID,
  id,
  manager,
  NORTH,
  outsider,
  patient,
  send,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
  const gel = await aProduct(graph, {
    name: 'Numbing gel',
    category: 'CONSUMABLE',
    unitCost: '1.00',
    barcodes: [{ gtin: '00301781123453', unitsPerPack: '1' }],
  });
  const etch = await aProduct(graph, { name: 'Etch gel', category: 'OTHER', unitCost: '2.00' });
  await aLot(graph, gel, { lotNumber: 'RC-77120', quantity: '20' });
  await aLot(graph, gel, { lotNumber: 'rc-77120', quantity: '5', locationId: id(SOUTH) });
  await aLot(graph, etch, { lotNumber: 'RC-77120', quantity: '7' });
  await aLot(graph, gel, { lotNumber: 'RC-77121', quantity: '7' });
  await send(
    graph,
    'treatmentUseRecord',
    aUse(gel, { patientId: id(patient(1)), quantity: '2', appointmentId: 'A-1' }),
    'usages { id }',
  );
  await send(graph, 'treatmentUseRecord', aUse(gel, { patientId: id(patient(2)) }), 'usages { id }');
  await send(graph, 'treatmentUseRecord', aUse(etch, { patientId: id(patient(2)) }), 'usages { id }');
});
afterAll(() => graph.stop());

const QUERY = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on LotTrace {
  clinicId lotNumber gtin
  inventoryLots { product { name } status currentQuantity stock { location { id } onHand } }
  lotUsages { usedAt quantity appointmentId patient { id } }
  affectedPatientCount
  affectedPatients { lastUsedOn byAppliance byTreatment patient { id } } } } }`;
const trace = (of: Record<string, unknown> = {}) => ({
  __typename: 'LotTrace',
  clinicId: CLINIC_ID,
  lotNumber: 'RC-77120',
  gtin: null,
  applianceExposures: [
    { patientId: id(patient(2)), lastUsedOn: '2026-05-03' },
    { patientId: id(patient(3)), lastUsedOn: '2026-06-01' },
  ],
  ...of,
});
const ask = async (rows: readonly unknown[], as: Viewer = manager()) =>
  (await graph.get(as, QUERY, { r: rows }))._entities;

test('a trace finds every lot with the number, its stock per place and everyone who received it, each once (Q3)', async () => {
  const [found] = await ask([trace()]);

  expect(found.inventoryLots).toEqual([
    {
      product: { name: 'Numbing gel' },
      status: 'AVAILABLE',
      currentQuantity: '22',
      stock: [
        { location: { id: id(NORTH) }, onHand: '17' },
        { location: { id: id(SOUTH) }, onHand: '5' },
      ],
    },
    {
      product: { name: 'Etch gel' },
      status: 'AVAILABLE',
      currentQuantity: '6',
      stock: [{ location: { id: id(NORTH) }, onHand: '6' }],
    },
  ]);
  expect(found.lotUsages).toEqual([
    { usedAt: '2026-06-30T16:00:00.000Z', quantity: '1', appointmentId: null, patient: { id: id(patient(2)) } },
    { usedAt: '2026-06-30T16:00:00.000Z', quantity: '1', appointmentId: null, patient: { id: id(patient(2)) } },
    { usedAt: '2026-06-30T16:00:00.000Z', quantity: '2', appointmentId: 'A-1', patient: { id: id(patient(1)) } },
  ]);
  expect(found.affectedPatientCount).toBe(3);
  const people = found.affectedPatients.map((each: { patient: { id: string } }) => [each.patient.id, each]);
  expect(Object.fromEntries(people)).toEqual({
    [id(patient(1))]: {
      lastUsedOn: '2026-06-30',
      byAppliance: false,
      byTreatment: true,
      patient: { id: id(patient(1)) },
    },
    [id(patient(2))]: {
      lastUsedOn: '2026-06-30',
      byAppliance: true,
      byTreatment: true,
      patient: { id: id(patient(2)) },
    },
    [id(patient(3))]: {
      lastUsedOn: '2026-06-01',
      byAppliance: true,
      byTreatment: false,
      patient: { id: id(patient(3)) },
    },
  });
});

test('the number is matched without case and blanks, and a GTIN keeps other makers out', async () => {
  const [spaced, known, other] = await ask([
    trace({ lotNumber: 'rc -77120' }),
    trace({ gtin: '00301781123453' }),
    trace({ gtin: '00608821000447' }),
  ]);

  expect(spaced.inventoryLots).toHaveLength(2);
  // The etch gel has no barcode at all, so nothing says that it is another maker's: a recall must not miss it.
  expect(known.inventoryLots.map((lot: { product: { name: string } }) => lot.product.name)).toEqual([
    'Numbing gel',
    'Etch gel',
  ]);
  expect(other.inventoryLots.map((lot: { product: { name: string } }) => lot.product.name)).toEqual(['Etch gel']);
});

test('when the appliance supplies did not answer, the list and its length are unknown', async () => {
  const [found] = await ask([trace({ applianceExposures: null })]);

  expect(found.affectedPatients).toBeNull();
  expect(found.affectedPatientCount).toBeNull();
  expect(found.lotUsages).toHaveLength(3);
});

test('another clinic learns nothing', async () => {
  const [found] = await ask([trace()], outsider());

  expect(found).toMatchObject({
    inventoryLots: null,
    lotUsages: null,
    affectedPatientCount: null,
    affectedPatients: null,
  });
});

test('without the right to see patients there is a count and no pseudonym', async () => {
  const answer = await graph.ask(manager({ scopes: ['inventory:read'] }), QUERY, { r: [trace()] });

  const [found] = answer.data._entities;
  expect(found.affectedPatientCount).toBe(3);
  expect(found.affectedPatients).toBeNull();
  expect(found.lotUsages.map((usage: { patient: unknown }) => usage.patient)).toEqual([null, null, null]);
  expect(answer.errors).toMatchObject([
    { path: ['_entities', 0, 'affectedPatients'], extensions: { code: 'FORBIDDEN' } },
  ]);
});

test('readers of aggregates get no rows of patients, and no count below the limit', async () => {
  const answer = await graph.ask(manager({ aggregateOnly: true }), QUERY, { r: [trace()] });

  const [found] = answer.data._entities;
  expect(found).toMatchObject({ lotUsages: null, affectedPatients: null, affectedPatientCount: null });
  expect(found.inventoryLots).toHaveLength(2);
});

test('reading who received a lot is audited with the people concerned (G-15)', async () => {
  const count = async () =>
    (
      await graph.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM audit_event e JOIN audit_subject s ON s.clinic_id = e.clinic_id AND s.event_id = e.id WHERE e.clinic_id = $1 AND e.entity_type = 'LotTrace'`,
        [CLINIC],
      )
    )[0]?.n ?? 0;
  const before = await count();

  await ask([trace()]);

  expect((await count()) - before).toBe(3);
});

test('several traces take the same number of statements as one', async () => {
  const one = await graph.statements(() => ask([trace()]));
  const many = await graph.statements(() =>
    ask([trace(), trace({ lotNumber: 'RC-77121' }), trace({ lotNumber: 'NONE' })]),
  );

  expect(many).toHaveLength(one.length);
});
