import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { tellPeriod } from '@practice-graph/practice/testing';
import { applianceSupply } from '../src';
import { UserErrorCode } from '../src/refusals';
import { aPractice, expectRefused, SCOPES, TODAY, type Practice } from './practice';

type Answer = Awaited<ReturnType<Practice['receive']>>;
type Request = () => Promise<Answer>;

let graph: TestSubgraph;
let p: Practice;
let off: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  off = await aPractice(graph, { capabilities: [] });
  await tellPeriod(graph, p.clinicId, '2026-05', 'CLOSED');
});
afterAll(() => graph.stop());

const dispose = async (lot: { id: string; version: number }, to: string, of: object = {}) =>
  (
    await graph.get(
      p.me,
      'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { supplyLot { id version } userErrors { code path } } }',
      { id: lot.id, input: { idempotencyKey: newId(), to, reason: 'looked at', expectedVersion: lot.version, ...of } },
    )
  ).supplyLotDispositionSet;
const recall = async (of: object) =>
  (
    await graph.get(
      p.me,
      'mutation ($input: RecallInput!) { supplyRecallApply(input: $input) { supplyLots { id } userErrors { code path } } }',
      {
        input: {
          ...{ idempotencyKey: newId(), clinicId: p.clinic, recallNumber: 'Z-1', recallClass: 'CLASS_I' },
          ...{ reason: 'may break', announcedOn: TODAY, ...of },
        },
      },
    )
  ).supplyRecallApply;
/** An item with ten pieces in one lot. */
const stocked = async (lot: Record<string, unknown> = {}) => {
  const itemId = await p.anItem();
  const { supplyLot } = await p.receive(itemId, lot);
  return { itemId, lot: supplyLot as { id: string; version: number; lotNumber: string } };
};
/** A use that names the lot, after something was done to it. */
const useOf = async (done: (lot: { id: string; version: number; lotNumber: string }) => Promise<unknown>, of = {}) => {
  const { itemId, lot } = await stocked(of);
  await done(lot);
  const appliance = await p.aPlaced();
  return () => p.deduct(appliance, [{ itemId, lotId: lot.id }]);
};
const now = (ask: Request) => () => Promise.resolve(ask);

/** For each code what must be there first, and then the request that is refused. */
const REQUESTS: Readonly<Record<string, () => Promise<Request>>> = {
  INVALID: now(() => p.saveItem({ name: ' ' })),
  NOT_FOUND: now(() => p.deduct(p.id(newId()), [{ itemId: p.id(newId()) }])),
  STALE_VERSION: async () => {
    const { lot } = await stocked();
    return () => dispose(lot, 'QUARANTINE', { expectedVersion: 9 });
  },
  IDEMPOTENCY_KEY_REUSED: async () => {
    const [itemId, idempotencyKey] = [await p.anItem(), newId()];
    await p.receive(itemId, { lotNumber: 'K-1', idempotencyKey });
    return () => p.receive(itemId, { lotNumber: 'K-2', idempotencyKey });
  },
  CONFLICT_RETRY: async () => {
    const itemId = await p.anItem();
    return () => p.receive(itemId, { locationId: p.id(newId()) });
  },
  CAPABILITY_OFF: now(() => off.saveItem()),
  ILLEGAL_STATE_CHANGE: async () => {
    const { appliance } = await p.record();
    return () => p.end(appliance.id, { to: 'REMOVED' });
  },
  REASON_REQUIRED: async () => {
    const itemId = await p.anItem();
    return () => p.receive(itemId, { reason: null });
  },
  PERIOD_CLOSED: async () => {
    const { itemId } = await stocked();
    const appliance = await p.aPlaced();
    const chief = viewer({ clinicIds: [p.clinicId], scopes: [...SCOPES, 'records:backdate'] });
    return () => p.deduct(appliance, [{ itemId }], { usedOn: '2026-05-31' }, chief);
  },
  BACKDATED_TOO_FAR: async () => {
    const itemId = await p.anItem();
    return () => p.receive(itemId, { receivedOn: '2026-05-30' });
  },
  FUTURE_DATE: async () => {
    const itemId = await p.anItem();
    return () => p.receive(itemId, { receivedOn: '2026-07-01' });
  },
  BAD_QUANTITY: async () => {
    const { itemId } = await stocked();
    const appliance = await p.aPlaced();
    return () => p.deduct(appliance, [{ itemId, quantity: '0' }]);
  },
  WHOLE_UNITS_ONLY: async () => {
    const { itemId } = await stocked();
    const appliance = await p.aPlaced();
    return () => p.deduct(appliance, [{ itemId, quantity: '0.5' }]);
  },
  INSUFFICIENT_STOCK: async () => {
    const { itemId } = await stocked();
    const appliance = await p.aPlaced();
    return () => p.deduct(appliance, [{ itemId, quantity: '11' }]);
  },
  LOT_REQUIRED: async () => {
    const itemId = await p.anItem();
    return () => p.receive(itemId, { lotNumber: null });
  },
  LOT_RECALLED: () => useOf(({ lotNumber }) => recall({ lotNumber, recallNumber: lotNumber })),
  LOT_EXPIRED: () =>
    useOf(
      (lot) =>
        graph.sql("UPDATE supply_lot SET expiration_date = '2026-06-29' WHERE lot_number = $1 RETURNING id", [
          lot.lotNumber,
        ]),
      { expirationDate: '2027-01-31' },
    ),
  LOT_QUARANTINED: () => useOf((lot) => dispose(lot, 'QUARANTINE')),
  LOT_DAMAGED: () => useOf((lot) => dispose(lot, 'DAMAGED')),
  LOT_NOT_YET_RECEIVED: async () => {
    const { itemId } = await stocked({ receivedOn: '2026-06-20' });
    const appliance = await p.aPlaced();
    return () => p.deduct(appliance, [{ itemId }], { usedOn: '2026-06-19' });
  },
  EXPIRY_REQUIRED: async () => {
    const itemId = await p.anItem({ category: 'ADHESIVE' });
    return () => p.receive(itemId, { expirationDate: null });
  },
  EXPIRY_MISMATCH: async () => {
    const { itemId } = await stocked({ lotNumber: 'E-1', expirationDate: '2027-01-31' });
    return () => p.receive(itemId, { lotNumber: 'e-1', expirationDate: '2027-02-28' });
  },
  OVER_RECEIPT: async () => {
    const itemId = await p.anItem();
    const { supplyOrder } = await p.order({ itemId, quantity: '9' });
    return () => p.receive(itemId, { orderId: supplyOrder.id });
  },
  NOT_PLACED: async () => {
    const { itemId } = await stocked();
    const { appliance } = await p.record({ status: 'RECEIVED' });
    return () => p.deduct(appliance.id, [{ itemId }]);
  },
  ALREADY_PLACED: async () => {
    const appliance = await p.aPlaced();
    return () => p.place(appliance);
  },
  EMPTY_KIT: async () => {
    const { appliance } = await p.record();
    return () => p.place(appliance.id, { withoutInventory: false });
  },
  TOO_MANY_LINES: async () => {
    const { itemId } = await stocked();
    const appliance = await p.aPlaced();
    return () => p.deduct(appliance, Array<object>(501).fill({ itemId, quantity: '1' }) as never);
  },
  ALREADY_REVERSED: async () => {
    const { itemId } = await stocked();
    const { usages } = await p.deduct(await p.aPlaced(), [{ itemId }]);
    await p.reverse(usages[0].id);
    return () => p.reverse(usages[0].id);
  },
  NOT_REVERSIBLE: async () => {
    const { itemId } = await stocked();
    const { usages } = await p.deduct(await p.aPlaced(), [{ itemId }]);
    const undone = await p.reverse(usages[0].id);
    return () => p.reverse(undone.usages[0].id);
  },
  SELF_APPROVAL: async () => {
    const { supplyLot } = await dispose((await stocked()).lot, 'QUARANTINE');
    return () => dispose(supplyLot, 'AVAILABLE');
  },
  BARCODE_UNREADABLE: now(() => p.receive('', { itemId: null, scanned: '01003017811234541727043010AB-12' })),
  BARCODE_UNKNOWN: now(() => p.receive('', { itemId: null, scanned: '01003017811234531727043010AB-12' })),
  IN_USE: async () => {
    const { itemId } = await stocked();
    return () => p.saveItem({ id: itemId, sku: 'SKU-USED', unit: 'box' });
  },
  DUPLICATE: async () => {
    await p.anItem({ sku: 'TAKEN' });
    return () => p.saveItem({ sku: 'TAKEN' });
  },
  ALREADY_RECALLED: async () => {
    await recall({ lotNumber: 'TWICE-1' });
    return () => recall({ lotNumber: 'twice-1', gtin: '00301781123453', recallNumber: 'Z-2' });
  },
  SAME_LOCATION: async () => {
    const { lot } = await stocked();
    return () => p.transfer({ lotId: lot.id, quantity: '1', toLocationId: p.northId });
  },
};

test('the table names every code that a change can be refused with, and no other', () => {
  expect(Object.keys(REQUESTS).sort()).toEqual(Object.keys(UserErrorCode).sort());
});

test.each(Object.keys(REQUESTS))('%s is reached, and the refused request leaves nothing behind', async (code) => {
  const ask = await (REQUESTS[code] as () => Promise<Request>)();
  const codes: string[] = [];

  await expectRefused(p, async () => {
    const answer = await ask();
    codes.push(...answer.userErrors.map((error: { code: string }) => error.code));
    return { ...answer, userErrors: [] };
  }, []);
  expect(codes).toEqual([code]);
});

test('names take 200 characters, reasons and remarks 2,000, blanks around them not counted', async () => {
  const { itemId: item, lot } = await stocked();
  const appliance = await p.aPlaced();
  const [name, note] = ['x'.repeat(201), 'x'.repeat(2_001)];
  const kit = { name: 'Long', applianceType: 'MARA', lines: [{ itemId: item, quantity: '1' }] };
  const requests: [path: string, ask: Request][] = [
    ['serialNumber', () => p.receive(item, { serialNumber: name })],
    ['storageLocation', () => p.receive(item, { storageLocation: name })],
    ['reason', () => p.receive(item, { reason: note })],
    ['storageLocation', () => p.transfer({ lotId: lot.id, quantity: '1', storageLocation: name })],
    ['reason', () => p.transfer({ lotId: lot.id, quantity: '1', reason: note })],
    ['note', () => p.adjust({ lotId: lot.id, delta: '-1', reason: 'LOSS', note })],
    ['lines.0.site', () => p.deduct(appliance, [{ itemId: item, site: name }])],
    ['lines.0.fefoOverrideReason', () => p.deduct(appliance, [{ itemId: item, fefoOverrideReason: note }])],
    ['notes', () => p.deduct(appliance, [{ itemId: item }], { notes: note })],
    ['reason', () => p.unplace(appliance, { reason: note })],
    ['reason', () => dispose(lot, 'QUARANTINE', { reason: note })],
    ['applianceSystem', () => p.saveKit({ ...kit, applianceSystem: name })],
    ['reason', () => recall({ lotNumber: 'LONG', reason: note })],
  ];

  for (const [path, ask] of requests) await expectRefused(p, ask, [`INVALID input.${path}`]);
  const longest = await p.receive(item, { reason: ` ${'x'.repeat(2_000)} `, storageLocation: ` ${'x'.repeat(200)} ` });
  expect(longest.userErrors).toEqual([]);
});
