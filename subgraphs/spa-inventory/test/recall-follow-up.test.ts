import { eventOf } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { recalling, type Recalling } from './recalling';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC,
  CLINIC_ID,
  id,
  INJECTOR,
  manager,
  NORTH,
  NURSE,
  patient,
  send,
  SOUTH,
} from './story';

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

test('every later receipt of a recalled lot is told, not only the first', async () => {
  await start({ recallNumber: 'Z-AGAIN', lotNumber: 'AGAIN-1' });
  const product = await aProduct(graph);
  const receive = async (locationId: string) =>
    (
      await send(
        graph,
        'stockReceive',
        {
          ...{ clinicId: CLINIC_ID, locationId, reason: 'late', receivedAt: '2026-06-30T14:00:00Z' },
          lines: [{ productId: product, quantity: '3', lotNumber: 'AGAIN-1', expirationDate: '2026-12-31' }],
        },
        'warnings',
      )
    ).warnings;

  expect([await receive(id(SOUTH)), await receive(id(NORTH))]).toEqual([
    ['Lot AGAIN-1 is under recall Z-AGAIN and blocked.'],
    ['Lot AGAIN-1 is under recall Z-AGAIN and blocked.'],
  ]);
});

test('goods that turn out later to have the recalled GTIN are blocked then, and their patients listed', async () => {
  const product = await aProduct(graph, { name: 'Uncoded' });
  const lot = await aLot(graph, product, { lotNumber: 'CODE-1' });
  await send(graph, 'treatmentUseRecord', aUse(product, { patientId: id(patient(5)) }), 'usages { id }');
  const { recall, lots } = await start({ recallNumber: 'Z-CODE', gtin: '614141999996' });
  expect(lots).toEqual([]);

  const present = (
    await graph.get(
      manager(),
      `query ($id: ID!) { product(id: $id) { version sku name unitType category reorderPoint unitCost } }`,
      { id: product },
    )
  ).product;
  const { version: expectedVersion, ...values } = present;
  const saved = await send(
    graph,
    'productSave',
    {
      ...{ clinicId: CLINIC_ID, id: product, expectedVersion, ...values },
      barcodes: [{ gtin: '00614141999996', unitsPerPack: '1' }],
    },
    'product { id }',
  );

  expect(saved.userErrors).toEqual([]);
  expect(await status(lot)).toMatchObject({ status: 'RECALLED', recall: { recallNumber: 'Z-CODE' } });
  const found = await graph.get(
    manager(),
    `query ($id: ID!) { recall(id: $id) { lots { id } notifications { status patient { id } } } }`,
    { id: recall.id },
  );
  expect(found.recall).toEqual({
    lots: [{ id: lot }],
    notifications: [{ status: 'OPEN', patient: { id: id(patient(5)) } }],
  });
  expect(await differences()).toEqual([]);
});

test('what the other inventory tells in another order is put together, never lost', async () => {
  const { recall } = await start({ itemId: await aProduct(graph) });
  const row =
    (await graph.sql<{ id: string }>('SELECT id FROM recall ORDER BY started_at DESC, id DESC LIMIT 1'))[0]?.id ?? '';
  const applied = (lotNumbers: string[], version: number) =>
    graph.deliver(
      eventOf(
        CLINIC,
        {
          type: 'recall.applied',
          key: `${row}:${String(version)}:${String(lotNumbers.length)}`,
          data: { recallId: row, lotNumbers, patientIds: [], version },
        },
        new Date('2026-06-30T16:00:00Z'),
      ),
    );

  await applied(['S-1', 'S-2'], 1);
  await applied(['S-1'], 1);

  const found = await graph.get(manager(), `query ($id: ID!) { recall(id: $id) { traces { lotNumber } } }`, {
    id: recall.id,
  });
  expect(found.recall.traces).toEqual([{ lotNumber: 'S-1' }, { lotNumber: 'S-2' }]);
});

test('a remark keeps when and by whom the patient was told; telling again does not', async () => {
  const { recall } = await start({ lotNumber: 'REMARK-1' });
  const who = { patientId: id(patient(4)) };
  await tell(recall.id, { ...who, to: 'NOTIFIED', channel: 'LETTER', at: '2026-06-30T10:00:00Z' });
  const remark = await tell(recall.id, { ...who, to: 'NOTIFIED', note: 'moved' }, manager({ subject: 'second' }));
  const again = await tell(
    recall.id,
    { ...who, to: 'NOTIFIED', channel: 'PHONE', at: '2026-06-30T15:00:00Z' },
    manager({ subject: 'second' }),
  );

  expect([remark.recall.notifications, again.recall.notifications]).toMatchObject([
    [{ channel: 'LETTER', notifiedAt: '2026-06-30T10:00:00.000Z', notifiedBy: 'test-user', note: 'moved' }],
    [{ channel: 'PHONE', notifiedAt: '2026-06-30T15:00:00.000Z', notifiedBy: 'second', note: 'moved' }],
  ]);
});

test('two people who deal with the same patient at once: each step counts once and none is undone', async () => {
  const { recall } = await start({ lotNumber: 'BOTH-1' });
  const who = { patientId: id(patient(6)) };

  const outcomes = await Promise.all([
    tell(recall.id, { ...who, to: 'NOTIFIED', channel: 'PHONE' }, manager({ subject: 'first' })),
    tell(recall.id, { ...who, to: 'CLOSED', channel: 'LETTER' }, manager({ subject: 'second' })),
  ]);

  const codes = outcomes.flatMap(({ userErrors }) => userErrors.map((each: { code: string }) => each.code));
  expect(codes.every((code) => code === 'ILLEGAL_STATE_CHANGE')).toBe(true);
  const found = await graph.get(
    manager({ scopes: ['inventory:read', 'patient:read', 'audit:read'] }),
    `query ($id: ID!) { recall(id: $id) { status notifiedCount notifications { status } auditTrail { action } } }`,
    { id: recall.id },
  );
  expect(found.recall).toMatchObject({ status: 'NOTIFYING', notifiedCount: 1, notifications: [{ status: 'CLOSED' }] });
  expect(found.recall.auditTrail).toHaveLength(3 - codes.length);
});

test('who sees only own work or own places sees those patients alone', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'OWN-1' });
  await aLot(graph, product, { lotNumber: 'OWN-1', locationId: id(SOUTH) });
  const use = (n: number, of: Record<string, unknown>) =>
    send(graph, 'treatmentUseRecord', aUse(product, { patientId: id(patient(n)), ...of }), 'usages { id }');
  await use(21, {});
  await use(22, { providerId: id(NURSE) });
  await use(23, { locationId: id(SOUTH) });
  const { recall } = await start({ lotNumber: 'OWN-1' });
  const seen = async (restrictions: Record<string, string[]>) =>
    (
      await graph.get(
        manager({ restrictions }),
        `query ($id: ID!) { recall(id: $id) { notifications { patient { id } } } }`,
        { id: recall.id },
      )
    ).recall.notifications
      .map((each: { patient: { id: string } }) => each.patient.id)
      .sort();

  expect(await seen({})).toHaveLength(3);
  expect(await seen({ providers: [INJECTOR] })).toEqual([id(patient(21)), id(patient(23))].sort());
  expect(await seen({ locations: [NORTH] })).toEqual([id(patient(21)), id(patient(22))].sort());
  expect(await seen({ locations: [NORTH], providers: [NURSE] })).toEqual([id(patient(22))]);
});

test('a recall that was called off may be started again, also in a graver class, and blocks again', async () => {
  const lot = await aLot(graph, await aProduct(graph), { lotNumber: 'TWICE-1' });
  const { recall } = await start({ recallNumber: 'Z-TWICE', recallClass: 'CLASS_III', lotNumber: 'TWICE-1' });
  await close(recall.id, { outcome: 'TERMINATED', note: 'error of the maker', expectedVersion: 1 });
  expect(await status(lot)).toMatchObject({ status: 'QUARANTINE', recall: null });

  const again = await start({ recallNumber: 'Z-TWICE', recallClass: 'CLASS_I', lotNumber: 'twice-1' });

  expect(again.userErrors).toEqual([]);
  expect(await status(lot)).toMatchObject({ status: 'RECALLED', recallCase: { id: again.recall.id } });
  const { _entities } = await graph.get(
    manager(),
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on LotTrace { recall { id notice { recallClass } } } } }`,
    { r: [{ __typename: 'LotTrace', clinicId: CLINIC_ID, lotNumber: 'TWICE-1', gtin: null }] },
  );
  expect(_entities).toEqual([{ recall: { id: again.recall.id, notice: { recallClass: 'CLASS_I' } } }]);
  expect(await differences()).toEqual([]);
});
