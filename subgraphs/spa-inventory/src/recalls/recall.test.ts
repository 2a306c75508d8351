import { eventOf } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC,
  CLINIC_ID,
  id,
  key,
  manager,
  outsider,
  patient,
  send,
  snapshot,
  SOUTH,
} from '../../test/story';
import { aRecall, FIELDS, recalling, type Recalling } from '../../test/recalling';

let graph: TestSubgraph;
let start: Recalling['start'];
let tell: Recalling['tell'];
let close: Recalling['close'];
let status: Recalling['status'];
let differences: Recalling['differences'];
beforeAll(async () => {
  graph = await aSpa();
  ({ start, tell, close, status, differences } = recalling(graph));
});
afterAll(() => graph.stop());

test('a recall blocks every lot with the number at all places, lists the patients and is told to the other inventory (SPA-125)', async () => {
  const [gel, etch] = [await aProduct(graph, { name: 'Gel' }), await aProduct(graph, { name: 'Etch' })];
  await aLot(graph, gel, { lotNumber: 'RC-1', quantity: '20' });
  await aLot(graph, gel, { lotNumber: 'rc-1', quantity: '5', locationId: id(SOUTH) });
  await aLot(graph, etch, { lotNumber: 'RC -1', quantity: '7' });
  const other = await aLot(graph, gel, { lotNumber: 'RC-2', expirationDate: '2027-12-31' });
  await send(graph, 'treatmentUseRecord', aUse(gel, { patientId: id(patient(1)), quantity: '2' }), 'usages { id }');
  await send(graph, 'treatmentUseRecord', aUse(etch, { patientId: id(patient(2)) }), 'usages { id }');

  const { recall, lots, userErrors } = await start({
    recallNumber: 'Z-100',
    recallClass: 'CLASS_I',
    lotNumber: ' rc-1 ',
  });

  expect(userErrors).toEqual([]);
  expect(recall).toMatchObject({
    ...{ status: 'OPEN', lotNumber: 'RC-1', gtin: null, version: 1, outcome: null, notifiedCount: 0, notifiedOn: null },
    ...{ product: null, traces: [{ lotNumber: 'RC-1', gtin: null }] },
    notice: {
      ...{ recallNumber: 'Z-100', recallClass: 'CLASS_I', reason: 'may irritate', announcedOn: '2026-06-29' },
      ...{ startedAt: '2026-06-30T16:00:00.000Z', startedBy: 'test-user' },
    },
  });
  expect(lots.map((lot: { lotNumber: string }) => lot.lotNumber).sort()).toEqual(['RC -1', 'RC-1']);
  for (const lot of lots)
    expect(lot).toMatchObject({
      ...{ status: 'RECALLED', disposition: 'RECALLED', dispositionReason: 'Recall Z-100: may irritate' },
      recall: { recallNumber: 'Z-100', recallClass: 'CLASS_I', startedBy: 'test-user' },
      recallCase: { id: recall.id },
    });
  expect(new Set(recall.notifications.map((each: { patient: { id: string } }) => each.patient.id))).toEqual(
    new Set([id(patient(1)), id(patient(2))]),
  );
  expect(await status(other)).toMatchObject({ status: 'AVAILABLE', recall: null, recallCase: null });
  const told = (await graph.events()).filter(({ event }) => event.type.startsWith('recall.'));
  expect(told.map(({ subscriber, event }) => [subscriber, event.type, event.data])).toEqual([
    [
      'appliance-supply',
      'recall.started',
      expect.objectContaining({ recallNumber: 'Z-100', lotNumber: 'RC-1', gtins: [], isInForce: true, version: 1 }),
    ],
  ]);
  expect(await differences()).toEqual([]);
});

test('a lot under recall cannot be used by anyone, named or not (C-S6)', async () => {
  const product = await aProduct(graph);
  const lot = await aLot(graph, product, { lotNumber: 'USED-1' });
  await start({ lotNumber: 'USED-1' });

  const before = await snapshot(graph);
  const named = await send(graph, 'treatmentUseRecord', aUse(product, { lotId: lot }), 'usages { id }');
  const chosen = await send(
    graph,
    'treatmentUseRecord',
    aUse(product),
    'usages { id } skippedLots { lotNumber reason }',
  );

  expect(named.userErrors).toMatchObject([{ code: 'LOT_RECALLED' }]);
  expect(chosen.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK' }]);
  expect(chosen.skippedLots).toEqual([{ lotNumber: 'USED-1', reason: 'RECALLED' }]);
  expect(await snapshot(graph)).toEqual(before);
});

test('what is not in stock is remembered and a later receipt is blocked with a warning (SPA-129)', async () => {
  const { recall, lots } = await start({ recallNumber: 'Z-LATER', lotNumber: 'LATER-1' });
  expect(lots).toEqual([]);

  const product = await aProduct(graph);
  const receipt = await send(
    graph,
    'stockReceive',
    {
      ...{ clinicId: CLINIC_ID, locationId: id(SOUTH), reason: 'late', receivedAt: '2026-06-30T14:00:00Z' },
      lines: [{ productId: product, quantity: '3', lotNumber: 'later-1', expirationDate: '2026-12-31' }],
    },
    'warnings lots { id status recall { recallNumber } }',
  );

  expect(receipt.warnings).toEqual(['Lot LATER-1 is under recall Z-LATER and blocked.']);
  expect(receipt.lots).toMatchObject([{ status: 'RECALLED', recall: { recallNumber: 'Z-LATER' } }]);
  const found = await graph.get(manager(), `query ($id: ID!) { recall(id: $id) { lots { id } } }`, { id: recall.id });
  expect(found.recall.lots).toEqual([{ id: receipt.lots[0].id }]);
  expect(await differences()).toEqual([]);
});

test('a product is recalled as a whole, with its lots to come, and its GTINs are told for the other inventory', async () => {
  const product = await aProduct(graph, { name: 'Whole', barcodes: [{ gtin: '00301781123453', unitsPerPack: '1' }] });
  const lot = await aLot(graph, product, { lotNumber: 'W-1' });

  const { recall } = await start({ recallNumber: 'Z-WHOLE', itemId: product });
  const later = await aLot(graph, product, { lotNumber: 'W-2' });

  expect(recall).toMatchObject({ lotNumber: null, product: { name: 'Whole' }, traces: [{ lotNumber: 'W-1' }] });
  expect([(await status(lot)).status, (await status(later)).status]).toEqual(['RECALLED', 'RECALLED']);
  const [told] = (await graph.events()).filter(
    ({ event }) => (event.data as { recallNumber: string }).recallNumber === 'Z-WHOLE',
  );
  expect(told?.event.data).toMatchObject({ lotNumber: null, gtins: ['00301781123453'] });
});

test('each patient is told and followed up; the other inventory adds its own patients (SPA-127, SUP-52)', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'TELL-1' });
  await send(graph, 'treatmentUseRecord', aUse(product, { patientId: id(patient(7)) }), 'usages { id }');
  const { recall } = await start({ lotNumber: 'TELL-1' });
  const row =
    (await graph.sql<{ id: string }>('SELECT id FROM recall ORDER BY started_at DESC, id DESC LIMIT 1'))[0]?.id ?? '';
  const applied = () =>
    graph.deliver(
      eventOf(
        CLINIC,
        {
          type: 'recall.applied',
          key: `${row}:1`,
          data: { recallId: row, lotNumbers: ['TELL-1'], patientIds: [patient(7), patient(8)], version: 1 },
        },
        new Date('2026-06-30T16:00:00Z'),
      ),
    );

  expect((await applied()).status).toBe(204);
  expect((await applied()).status).toBe(204);
  const first = await tell(recall.id, {
    patientId: id(patient(8)),
    to: 'NOTIFIED',
    channel: 'PHONE',
    at: '2026-06-30T10:00:00Z',
  });
  expect(first.recall).toMatchObject({ status: 'NOTIFYING', version: 2, notifiedCount: 1, notifiedOn: null });
  await tell(recall.id, { patientId: id(patient(7)), to: 'CLOSED', channel: 'LETTER', note: 'no complaint' });
  const { recall: last } = await tell(recall.id, { patientId: id(patient(8)), to: 'CLOSED', note: 'checked' });

  expect(last).toMatchObject({ status: 'NOTIFYING', version: 2, notifiedCount: 2, notifiedOn: '2026-06-30' });
  expect(last.notifications).toEqual([
    {
      status: 'CLOSED',
      channel: 'LETTER',
      notifiedAt: '2026-06-30T16:00:00.000Z',
      notifiedBy: 'test-user',
      note: 'no complaint',
      patient: { id: id(patient(7)) },
    },
    {
      status: 'CLOSED',
      channel: 'PHONE',
      notifiedAt: '2026-06-30T10:00:00.000Z',
      notifiedBy: 'test-user',
      note: 'checked',
      patient: { id: id(patient(8)) },
    },
  ]);
});

test('a recall that was called off leaves its lots in quarantine, unless another recall holds them (SPA-22)', async () => {
  const product = await aProduct(graph);
  const [one, two] = [
    await aLot(graph, product, { lotNumber: 'OFF-1' }),
    await aLot(graph, product, { lotNumber: 'OFF-2' }),
  ];
  const { recall } = await start({ recallNumber: 'Z-OFF', lotNumber: 'OFF-1' });
  const { recall: whole } = await start({ recallNumber: 'Z-OFF-ALL', itemId: product });

  const off = await close(whole.id, { outcome: 'TERMINATED', note: 'error of the maker', expectedVersion: 1 });

  expect(off.recall).toMatchObject({
    status: 'CLOSED',
    outcome: 'TERMINATED',
    closedBy: 'test-user',
    closedAt: '2026-06-30T16:00:00.000Z',
    version: 2,
  });
  expect(off.lots.map((lot: { id: string }) => lot.id)).toEqual([two]);
  expect(await status(two)).toMatchObject({ status: 'QUARANTINE', recall: null });
  expect(await status(one)).toMatchObject({
    status: 'RECALLED',
    recall: { recallNumber: 'Z-OFF' },
    recallCase: { id: recall.id },
  });
  expect(await differences()).toEqual([]);
  const told = (await graph.events()).filter(({ event }) => event.type === 'recall.closed');
  expect(told.map(({ event }) => event.data)).toMatchObject([
    { recallNumber: 'Z-OFF-ALL', isInForce: false, version: 2 },
  ]);
});

test.each(['DESTROYED', 'RETURNED'])(
  'goods that were %s stay recalled, also those that come later',
  async (outcome) => {
    const product = await aProduct(graph);
    const lot = await aLot(graph, product, { lotNumber: `END-${outcome}` });
    const { recall } = await start({ lotNumber: `END-${outcome}`, recallClass: 'CLASS_III' });

    const { lots, userErrors } = await close(recall.id, { outcome, note: 'done', expectedVersion: 1 });

    expect([lots, userErrors]).toEqual([[], []]);
    expect(await status(lot)).toMatchObject({ status: 'RECALLED' });
    const late = await tell(recall.id, { patientId: id(patient(9)), to: 'NOTIFIED', channel: 'PHONE' });
    expect(late.recall).toMatchObject({ status: 'CLOSED', notifiedCount: 1 });
  },
);

test('a trace shows the recall and how each patient stands, also one whom only the other inventory knows (Q3)', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'TRACE-1' });
  await send(graph, 'treatmentUseRecord', aUse(product, { patientId: id(patient(11)) }), 'usages { id }');
  const { recall } = await start({ lotNumber: 'TRACE-1' });
  await tell(recall.id, { patientId: id(patient(11)), to: 'NOTIFIED', channel: 'PHONE' });

  const { _entities } = await graph.get(
    manager(),
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on LotTrace { recall { id status }
      affectedPatients { patient { id } notification { status channel } } } } }`,
    {
      r: ['TRACE-1', 'TRACE-2'].map((lotNumber) => ({
        ...{ __typename: 'LotTrace', clinicId: CLINIC_ID, lotNumber, gtin: null },
        applianceExposures: [{ patientId: id(patient(12)), lastUsedOn: '2026-06-01' }],
      })),
    },
  );

  expect(_entities).toEqual([
    {
      recall: { id: recall.id, status: 'NOTIFYING' },
      affectedPatients: [
        { patient: { id: id(patient(11)) }, notification: { status: 'NOTIFIED', channel: 'PHONE' } },
        { patient: { id: id(patient(12)) }, notification: { status: 'OPEN', channel: null } },
      ],
    },
    { recall: null, affectedPatients: [{ patient: { id: id(patient(12)) }, notification: null }] },
  ]);
});

test('recalls are listed newest first, by state, with a fixed number of statements', async () => {
  const list = (n: number) =>
    graph.get(
      manager(),
      `query ($c: ID!) { recalls(clinicId: $c, first: ${String(n)}) { totalCount nodes { status notifiedCount notifiedOn product { name } lots { lotNumber recall { recallNumber } }
        traces { lotNumber } notifications { patient { id } } } } }`,
      { c: CLINIC_ID },
    );
  const count = async (n: number) =>
    (await graph.statements(() => list(n))).filter((sql) => !sql.includes('INSERT INTO audit_event')).length;

  // Recalls, their count, products, lots, the recalls of those, patients told, patients, and the clinic.
  expect(await count(50)).toBe(8);
  expect(await count(3)).toBeLessThanOrEqual(8);
  const closed = await graph.get(
    manager(),
    `query ($c: ID!) { recalls(clinicId: $c, statuses: [CLOSED]) { nodes { status } } }`,
    { c: CLINIC_ID },
  );
  expect(new Set(closed.recalls.nodes.map((each: { status: string }) => each.status))).toEqual(new Set(['CLOSED']));
});

test('reading who is to be told is on the audit trail; so is every step of a recall', async () => {
  const { recall } = await start({ lotNumber: 'AUDIT-1' });
  await tell(recall.id, { patientId: id(patient(3)), to: 'NOTIFIED', channel: 'PHONE' });

  const found = await graph.get(
    manager({ scopes: ['inventory:read', 'patient:read', 'audit:read'] }),
    `query ($id: ID!) { recall(id: $id) { notifications { status } auditTrail { action toState note patientHash } } }`,
    { id: recall.id },
  );

  expect(found.recall.auditTrail).toEqual([
    { action: 'recall.start', toState: 'OPEN', note: 'may irritate', patientHash: null },
    { action: 'recall.patient', toState: 'NOTIFIED', note: null, patientHash: expect.any(String) },
  ]);
  const reads = await graph.sql(
    `SELECT entity_type, row_count FROM audit_event WHERE action = 'patient.read' AND entity_type = 'Recall' ORDER BY id DESC LIMIT 1`,
  );
  expect(reads).toEqual([{ entity_type: 'Recall', row_count: 1 }]);
});

test('who may not see patients, or sums only, sees no list of them', async () => {
  const { recall } = await start({ lotNumber: 'SEEN-1' });
  await tell(recall.id, { patientId: id(patient(3)), to: 'NOTIFIED', channel: 'PHONE' });
  const ask = (as: Parameters<typeof manager>[0]) =>
    graph.ask(manager(as), `query ($id: ID!) { recall(id: $id) { status notifications { status } } }`, {
      id: recall.id,
    });

  expect((await ask({ scopes: ['inventory:read'] })).data.recall).toEqual({ status: 'NOTIFYING', notifications: null });
  expect((await ask({ aggregateOnly: true })).data.recall).toEqual({ status: 'NOTIFYING', notifications: null });
  expect(
    (await graph.get(outsider(), `query ($id: ID!) { recall(id: $id) { status } }`, { id: recall.id })).recall,
  ).toBeNull();
});

test('the same key twice starts one recall', async () => {
  const input = { ...aRecall({ lotNumber: 'ONCE-1' }), idempotencyKey: key() };
  const first = await send(graph, 'recallStart', input, FIELDS);
  const second = await send(graph, 'recallStart', input, FIELDS);

  expect(second.recall.id).toBe(first.recall.id);
});

test('a receipt and a recall at the same moment: the lot ends up blocked, whoever comes first', async () => {
  for (let n = 0; n < 5; n++) {
    const product = await aProduct(graph);
    const [lot] = await Promise.all([
      aLot(graph, product, { lotNumber: `RACE-${String(n)}` }),
      start({ lotNumber: `RACE-${String(n)}` }),
    ]);
    expect((await status(lot)).status).toBe('RECALLED');
  }
});

describe('refuses and writes nothing', () => {
  const all = async () => [
    await snapshot(graph),
    await graph.sql('SELECT * FROM recall ORDER BY id'),
    await graph.sql('SELECT * FROM recall_patient ORDER BY 1, 2, 3'),
    await graph.sql('SELECT count(*) FROM audit_event'),
  ];
  const refused = async (work: () => Promise<{ userErrors: { code: string }[] }>, code: string) => {
    const before = await all();
    expect((await work()).userErrors.map((each) => each.code)).toEqual([code]);
    expect(await all()).toEqual(before);
  };

  test('what a recall covers already: ALREADY_RECALLED', async () => {
    await start({ lotNumber: 'TWICE-1' });
    await refused(() => start({ lotNumber: 'twice-1', gtin: '00301781123453' }), 'ALREADY_RECALLED');
  });

  test('a description that names nothing, or lies ahead, or has no reason', async () => {
    await refused(() => start({}), 'INVALID');
    await refused(() => start({ lotNumber: 'X-1', gtin: '123' }), 'INVALID');
    await refused(() => start({ lotNumber: 'X-1', announcedOn: '2026-07-01' }), 'FUTURE_DATE');
    await refused(() => start({ lotNumber: 'X-1', reason: ' ' }), 'REASON_REQUIRED');
    await refused(() => start({ lotNumber: 'X-1' }, outsider()), 'NOT_FOUND');
  });

  test('steps that the recall or the patient do not allow', async () => {
    const { recall } = await start({ lotNumber: 'STEP-1' });
    const who = { patientId: id(patient(1)) };
    await refused(() => tell(recall.id, { ...who, to: 'NOTIFIED' }), 'INVALID');
    await refused(
      () => tell(recall.id, { ...who, to: 'NOTIFIED', channel: 'PHONE', at: '2026-07-01T00:00:00Z' }),
      'FUTURE_DATE',
    );
    await refused(() => tell(id(patient(1)), { ...who, to: 'OPEN' }), 'NOT_FOUND');
    await tell(recall.id, { ...who, to: 'CLOSED', channel: 'PHONE' });
    await refused(() => tell(recall.id, { ...who, to: 'NOTIFIED' }), 'ILLEGAL_STATE_CHANGE');
    await refused(() => close(recall.id, { outcome: 'RETURNED', note: 'x', expectedVersion: 1 }), 'STALE_VERSION');
    await refused(() => close(recall.id, { outcome: 'RETURNED', note: ' ', expectedVersion: 2 }), 'REASON_REQUIRED');
    await close(recall.id, { outcome: 'RETURNED', note: 'x', expectedVersion: 2 });
    await refused(
      () => close(recall.id, { outcome: 'RETURNED', note: 'x', expectedVersion: 3 }),
      'ILLEGAL_STATE_CHANGE',
    );
  });

  test('a caller without the permission is told so', async () => {
    const answer = await graph.ask(
      manager({ scopes: ['inventory:read', 'inventory:write'] }),
      `mutation ($input: RecallInput!) { recallStart(input: $input) { recall { id } } }`,
      { input: { idempotencyKey: key(), ...aRecall({ lotNumber: 'NO-1' }) } },
    );
    expect(answer.errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
  });
});
