import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
const patient = { a: '', b: '' };

const TRACE = `query ($c: ID!, $lot: String!, $gtin: String) { lotTrace(clinicId: $c, lotNumber: $lot, gtin: $gtin) { lotNumber gtin
  supplyLots { item { name } vendor { id } status stock { location { id } onHand available } balance { received onHand used wasted returned inTransit inOpenVials adjusted } receipts { quantity businessDate } }
  applianceUsages { usedOn applianceType site quantity lot { lotNumber } patient { id } } applianceExposures { patientId lastUsedOn } } }`;
const trace = async (lot: string, more: object = {}, as = p.me) =>
  (await graph.get(as, TRACE, { c: p.clinic, lot, ...more })).lotTrace;

beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  const etch = await p.anItem({ name: 'Etch gel', category: 'ETCH', gtin: '00301781123453' });
  const primer = await p.anItem({ name: 'Primer', category: 'PRIMER' });
  const vendorId = p.id(newId());
  await p.receive(etch, { lotNumber: 'rc-77 120', packs: '10', vendorId });
  await p.receive(etch, {
    lotNumber: 'RC-77120',
    packs: '5',
    vendorId,
    locationId: p.southId,
    receivedOn: '2026-06-10',
  });
  await p.receive(etch, { lotNumber: 'RC-77120', packs: '2', vendorId: p.id(newId()) });
  await p.receive(primer, { lotNumber: 'Rc-77120', gtin: '10301781123450', packs: '3' });
  patient.a = p.id(newId());
  patient.b = p.id(newId());
  const [one, two] = [
    await p.aPlaced({ patientId: patient.a, site: 'UR3' }),
    await p.aPlaced({ patientId: patient.b, locationId: p.southId }),
  ];
  await p.deduct(one, [{ itemId: etch, quantity: '2' }], { usedOn: '2026-06-12' });
  await p.deduct(one, [{ itemId: etch, quantity: '1' }], { usedOn: '2026-06-20' });
  await p.deduct(two, [{ itemId: etch, quantity: '5' }], { usedOn: '2026-06-15' });
});
afterAll(() => graph.stop());

test('a lot number finds its lots whatever its case and blanks, one per item and vendor, and where everything went (SUP-14, SUP-42)', async () => {
  const found = await trace(' rc-77120 ');

  expect(found.lotNumber).toBe('RC-77120');
  expect(found.supplyLots.map((l: any) => [l.item.name, l.balance.received, l.balance.onHand, l.balance.used])).toEqual(
    [
      ['Etch gel', '15', '7', '8'],
      ['Etch gel', '2', '2', '0'],
      ['Primer', '3', '3', '0'],
    ],
  );
  expect(found.supplyLots[0]).toMatchObject({
    status: 'AVAILABLE',
    receipts: [
      { quantity: '10', businessDate: '2026-06-01' },
      { quantity: '5', businessDate: '2026-06-10' },
    ],
  });
  expect(new Set(found.supplyLots[0].stock.map((s: any) => `${s.location.id} ${s.onHand} ${s.available}`))).toEqual(
    new Set([`${p.northId} 7 7`, `${p.southId} 0 0`]),
  );
  expect(found.applianceUsages.map((u: any) => [u.usedOn, u.quantity, u.site, u.patient.id])).toEqual([
    ['2026-06-20', '1', 'UR3', patient.a],
    ['2026-06-15', '5', null, patient.b],
    ['2026-06-12', '2', 'UR3', patient.a],
  ]);
  expect(found.applianceExposures).toEqual([
    { patientId: patient.a, lastUsedOn: '2026-06-20' },
    { patientId: patient.b, lastUsedOn: '2026-06-15' },
  ]);
});

test('received equals everything else of each lot (C-S3, C-S15)', async () => {
  const { supplyLots } = await trace('RC-77120');

  for (const { balance: b } of supplyLots)
    expect(Number(b.onHand) + Number(b.used) + Number(b.wasted) + Number(b.returned) + Number(b.adjusted)).toBe(
      Number(b.received),
    );
});

test('a GTIN tells equal numbers of different makers apart', async () => {
  expect((await trace('RC-77120', { gtin: '301781123453' })).supplyLots.map((l: any) => l.item.name)).toEqual([
    'Etch gel',
    'Etch gel',
  ]);
  expect((await trace('RC-77120', { gtin: '10301781123450' })).supplyLots.map((l: any) => l.item.name)).toEqual([
    'Primer',
  ]);
});

test('a lot is found under the GTIN of its pack and under that of its item, as a recall finds it', async () => {
  const item = await p.anItem({ name: 'Adhesive', gtin: '00614141999996' });
  await p.receive(item, { lotNumber: 'PACK-1', gtin: '10614141999993' });
  const found = async (gtin: string) => (await trace('PACK-1', { gtin })).supplyLots.length;

  expect([await found('614141999996'), await found('10614141999993'), await found('00301781123453')]).toEqual([
    1, 1, 0,
  ]);
});

test('a number that nobody knows is an empty trace, and its key leads to the same answer from another domain', async () => {
  expect(await trace('NOPE')).toMatchObject({ supplyLots: [], applianceUsages: [], applianceExposures: [] });
  const answer = await graph.get(
    p.me,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on LotTrace { lotNumber supplyLots { item { name } } applianceExposures { patientId } } } }`,
    { r: [{ __typename: 'LotTrace', clinicId: p.clinic, lotNumber: 'RC-77120', gtin: null }] },
  );
  expect(answer._entities[0].supplyLots).toHaveLength(3);
  expect(answer._entities[0].applianceExposures).toHaveLength(2);
});

test('the number of statements does not grow with lots, places and uses', async () => {
  // Clinic, lots, items, their vendors, stock, balances, receipts, uses, their lots, exposures; and the trail of the reads.
  const sent = await graph.statements(() => trace('RC-77120'));

  expect(sent.filter((sql) => sql.includes('INSERT INTO audit_event'))).toHaveLength(1);
  expect(sent.length).toBeLessThanOrEqual(11);
});

test('reads of patients are on the audit trail under a hash', async () => {
  const before = await graph.sql('SELECT 1 FROM audit_subject WHERE clinic_id = $1', [p.clinicId]);

  await trace('RC-77120');

  const events = await graph.sql(
    `SELECT entity_type, row_count, filter::text FROM audit_event WHERE clinic_id = $1 AND action = 'patient.read' ORDER BY id DESC LIMIT 2`,
    [p.clinicId],
  );
  expect(events).toEqual([
    { entity_type: 'ApplianceExposure', row_count: 2, filter: '{"lotNumber":"RC-77120","gtin":null}' },
    { entity_type: 'ApplianceUsage', row_count: 3, filter: '{"lotNumber":"RC-77120","gtin":null}' },
  ]);
  const after = await graph.sql('SELECT 1 FROM audit_subject WHERE clinic_id = $1', [p.clinicId]);
  expect(after.length - before.length).toBe(4);
});

test('patients are shown to those who may see them, and lists of them to no reader of sums', async () => {
  const clerk = viewer({ clinicIds: [p.clinicId], scopes: ['inventory:read'] });
  const analyst = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, aggregateOnly: true });
  const outsider = viewer({ clinicIds: [newId()], scopes: SCOPES });

  expect((await trace('RC-77120', {}, clerk)).applianceUsages.map((u: any) => u.patient)).toEqual([null, null, null]);
  const answer = await graph.ask(analyst, TRACE, { c: p.clinic, lot: 'RC-77120' });
  expect(answer.data.lotTrace.applianceUsages).toBeNull();
  expect(answer.errors?.map((e) => e.extensions['code'])).toEqual(['FORBIDDEN']);
  expect(await trace('RC-77120', {}, outsider)).toBeNull();
});

test('a lot reaches its trace, and the trace of nothing is nobody else’s', async () => {
  const foreign = await aPractice(graph);
  const item = await foreign.anItem();
  await foreign.receive(item, { lotNumber: 'RC-77120' });

  const found = await graph.get(foreign.me, TRACE, { c: foreign.clinic, lot: 'rc-77120' });

  expect(found.lotTrace.supplyLots).toHaveLength(1);
  expect(found.lotTrace.applianceUsages).toEqual([]);
});

test('a lot tells its history to those who may read trails, oldest first', async () => {
  const history = `query ($clinicId: ID!) { supplyLots(clinicId: $clinicId) { nodes { lotNumber auditTrail { action actorId entityType } } } }`;
  const { supplyLots } = await graph.get({ ...p.me, scopes: [...p.me.scopes, 'audit:read'] }, history, {
    clinicId: p.clinic,
  });

  for (const lot of supplyLots.nodes)
    expect(lot.auditTrail[0]).toEqual({
      action: 'supply_lot.receive',
      actorId: p.me.subject,
      entityType: 'SupplyLot',
    });
});
