import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, refused, SCOPES, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

const RECEIVE_MANY = `mutation ($input: SupplyLotsReceiveInput!) { supplyLotsReceive(input: $input) {
  supplyLots { lotNumber unitCost } transactions { quantity totalCost } warnings userErrors { code message path } } }`;
const DISPOSE = `mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { supplyLot { disposition status version dispositionReason } userErrors { code message path } } }`;

const receiveMany = async (lines: object[], more: object = {}) =>
  (
    await graph.get(p.me, RECEIVE_MANY, {
      input: { idempotencyKey: newId(), clinicId: p.clinic, reason: 'opening stock', lines, ...more },
    })
  ).supplyLotsReceive;
const line = (itemId: string, more: object = {}) => ({
  ...{ itemId, locationId: p.northId, lotNumber: 'L1', packs: '1', receivedOn: TODAY, packPrice: '1.00' },
  ...more,
});
const dispose = async (id: string, input: object, as = p.me) =>
  (await graph.get(as, DISPOSE, { id, input: { idempotencyKey: newId(), reason: 'why', ...input } }))
    .supplyLotDispositionSet;

describe('receiving', () => {
  test('a box of 100 is 100 pieces at a hundredth of its price, to six decimals (SUP-65)', async () => {
    const item = await p.anItem();

    const answer = await p.receive(item, { packs: '3', packSize: '100', packPrice: '12.34' });

    expect(answer).toMatchObject({
      supplyLot: { unitCost: '0.1234', status: 'AVAILABLE', version: 1 },
      transactions: [
        {
          type: 'RECEIVE',
          quantity: '300',
          quantityBefore: '0',
          quantityAfter: '300',
          unitCost: '0.1234',
          totalCost: '37.02',
        },
      ],
      warnings: [],
      userErrors: [],
    });
  });

  test('the same number again adds to its lot, and lot and item keep a moving average, so that all uses together cost what was paid', async () => {
    const item = await p.anItem();
    await p.receive(item, { lotNumber: 'ab 1', packs: '10', packPrice: '1.00' });
    await p.deduct(await p.aPlaced(), [{ itemId: item, quantity: '5' }]);

    const again = await p.receive(item, { lotNumber: 'AB1', packs: '10', packPrice: '4.00' });

    expect(again.supplyLot).toMatchObject({ lotNumber: 'AB 1', unitCost: '3', version: 2 });
    expect(again.transactions).toMatchObject([{ quantityBefore: '5', quantityAfter: '15' }]);
    const { supplyItem } = await graph.get(
      p.me,
      'query ($id: ID!) { supplyItem(id: $id) { currentUnitCost stock { onHand value } lots { lotNumber } } }',
      { id: item },
    );
    // 5 left at 1.00 and 10 at 4.00.
    expect(supplyItem).toEqual({
      ...{ currentUnitCost: '3', stock: [{ onHand: '15', value: '45.00' }], lots: [{ lotNumber: 'AB 1' }] },
    });
    const { totalCost } = await p.deduct(await p.aPlaced(), [{ itemId: item, quantity: '15' }]);
    expect(totalCost).toBe('45.00');
  });

  test('a known lot does not take another expiry date', async () => {
    const item = await p.anItem();
    await p.receive(item, { lotNumber: 'X', expirationDate: '2027-01-31' });

    await expectRefused(p, () => p.receive(item, { lotNumber: 'x', expirationDate: '2027-02-28' }), [
      'EXPIRY_MISMATCH input.expirationDate',
    ]);
  });

  test('bonding material needs its last day of use, once per lot; other goods and goods without lots do not', async () => {
    const primer = await p.anItem({ category: 'PRIMER' });
    const without = { lotNumber: 'AGES', expirationDate: null };
    await expectRefused(p, () => p.receive(primer, without), ['EXPIRY_REQUIRED input.expirationDate']);

    await p.receive(primer, { ...without, expirationDate: '2027-01-31' });

    expect((await p.receive(primer, without)).userErrors).toEqual([]);
    const loose = await p.anItem({ category: 'ETCH', lotTracked: false });
    expect((await p.receive(loose, { lotNumber: null, expirationDate: null })).userErrors).toEqual([]);
    expect((await p.receive(await p.anItem(), without)).userErrors).toEqual([]);
  });

  test.each([
    ['2026-06-29', 'expired on 2026-06-29'],
    ['2026-07-29', 'expires on 2026-07-29, less than 30 days after receipt'],
  ])('goods that expire on %s go to quarantine with a warning', async (expirationDate, words) => {
    const item = await p.anItem();

    const answer = await p.receive(item, { lotNumber: 'Q', receivedOn: TODAY, expirationDate });

    expect(answer.supplyLot).toMatchObject({ status: 'QUARANTINE', disposition: 'QUARANTINE' });
    expect(answer.warnings).toEqual([`Lot Q: ${words}; it is in quarantine.`]);
    expect((await p.receive(item, { receivedOn: TODAY, expirationDate: '2026-07-30' })).warnings).toEqual([]);
  });

  test('what is not well formed is refused', async () => {
    const item = await p.anItem();
    const loose = await p.anItem({ lotTracked: false });
    const refuses = (input: object, codes: string[]) => expectRefused(p, () => p.receive(item, input as never), codes);

    await refuses({ reason: null }, ['REASON_REQUIRED input.reason']);
    await refuses({ lotNumber: ' ' }, ['LOT_REQUIRED input.lotNumber']);
    await refuses({ packs: '0' }, ['BAD_QUANTITY input.packs']);
    await refuses({ packSize: '-1' }, ['BAD_QUANTITY input.packSize']);
    await refuses({ packs: '0.5' }, ['WHOLE_UNITS_ONLY input.packs']);
    await refuses({ packs: '0.0001', packSize: '0.1' }, ['BAD_QUANTITY input.packs']);
    await refuses({ packPrice: '-1.00' }, ['INVALID input.packPrice']);
    await refuses({ receivedOn: '2026-07-01' }, ['FUTURE_DATE input.receivedOn']);
    await refuses({ receivedOn: '2026-05-30' }, ['BACKDATED_TOO_FAR input.receivedOn']);
    await refuses({ itemId: p.id(newId()) }, ['NOT_FOUND input.itemId']);
    await refuses({ itemId: null }, ['INVALID input.itemId']);
    await refuses({ locationId: p.id(newId()) }, ['CONFLICT_RETRY input.locationId']);
    await refuses({ vendorId: newId() }, ['NOT_FOUND input.vendorId']);
    await expectRefused(p, () => p.receive(loose), ['INVALID input.lotNumber']);
  });

  test('many lots come in all or none, and an error names its line', async () => {
    const [a, b] = [await p.anItem(), await p.anItem()];

    const lines = [
      line(a),
      line(b, { lotNumber: 'S', expirationDate: '2026-07-01' }),
      line(a, { packs: '2', packPrice: '4.00' }),
    ];
    const good = await receiveMany(lines);
    await expectRefused(p, () => receiveMany([line(a), line(b, { packs: '-1' })]), [
      'BAD_QUANTITY input.lines.1.packs',
    ]);
    await expectRefused(p, () => receiveMany([line(a)], { reason: null }), ['REASON_REQUIRED input.lines.0.reason']);
    await expectRefused(p, () => receiveMany(Array.from({ length: 501 }, () => line(a))), [
      'TOO_MANY_LINES input.lines',
    ]);

    expect(good).toMatchObject({
      supplyLots: [{ lotNumber: 'L1', unitCost: '3' }, { lotNumber: 'S' }],
      transactions: [{ totalCost: '1.00' }, { totalCost: '1.00' }, { totalCost: '8.00' }],
      warnings: ['1: Lot S: expires on 2026-07-01, less than 30 days after receipt; it is in quarantine.'],
    });
    expect(await p.onHand(a)).toEqual(['3']);
  });

  test('500 lots take as many statements as one', async () => {
    const items = await Promise.all(Array.from({ length: 5 }, () => p.anItem()));
    const lines = Array.from({ length: 500 }, (_, i) => line(items[i % 5] as string, { lotNumber: `N${String(i)}` }));

    const one = await graph.statements(() => receiveMany([line(items[0] as string, { lotNumber: 'ONE' })]));
    const many = await graph.statements(() => receiveMany(lines));

    expect(many.length).toBe(one.length);
  });
});

test('two receipts of one lot in one operation each show the stock as it is after them', async () => {
  const item = await p.anItem();
  const one = (
    alias: string,
  ) => `${alias}: supplyLotReceive(input: { idempotencyKey: "${newId()}", itemId: "${item}", locationId: "${p.northId}",
    lotNumber: "TWICE", packs: "3", receivedOn: "${TODAY}", reason: "opening stock" }) { supplyLot { version stock { onHand } balance { received } } }`;

  const answer = await graph.get(p.me, `mutation { ${one('first')} ${one('second')} }`);

  expect(answer).toEqual({
    first: { supplyLot: { version: 1, stock: [{ onHand: '3' }], balance: { received: '3' } } },
    second: { supplyLot: { version: 2, stock: [{ onHand: '6' }], balance: { received: '6' } } },
  });
});

describe('blocking a lot', () => {
  test('takes a reason and a second person for the release; damage and recalls are not undone by hand', async () => {
    const item = await p.anItem();
    const { supplyLot } = await p.receive(item);
    const boss = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, subject: 'boss' });
    const refuses = (input: object, codes: string[], as = p.me) =>
      expectRefused(p, () => dispose(supplyLot.id, input, as), codes);

    await refuses({ to: 'RECALLED', expectedVersion: 1 }, ['ILLEGAL_STATE_CHANGE input.to']);
    await refuses({ to: 'QUARANTINE', expectedVersion: 1, reason: ' ' }, ['REASON_REQUIRED input.reason']);
    await refuses({ to: 'QUARANTINE', expectedVersion: 7 }, ['STALE_VERSION input.expectedVersion']);
    const held = await dispose(supplyLot.id, { to: 'QUARANTINE', expectedVersion: 1, reason: 'seal broken' });
    expect(held.supplyLot).toEqual({
      ...{ disposition: 'QUARANTINE', status: 'QUARANTINE', version: 2, dispositionReason: 'seal broken' },
    });
    await refuses({ to: 'AVAILABLE', expectedVersion: 2 }, ['SELF_APPROVAL input.to']);
    expect((await dispose(supplyLot.id, { to: 'AVAILABLE', expectedVersion: 2 }, boss)).supplyLot.status).toBe(
      'AVAILABLE',
    );
    expect((await dispose(supplyLot.id, { to: 'DAMAGED', expectedVersion: 3 })).supplyLot.status).toBe('DAMAGED');
    await refuses({ to: 'AVAILABLE', expectedVersion: 4 }, ['ILLEGAL_STATE_CHANGE input.to'], boss);
    expect(
      await graph.sql('SELECT from_state, to_state FROM audit_event WHERE clinic_id = $1 AND action = $2 ORDER BY id', [
        p.clinicId,
        'supply_lot.disposition',
      ]),
    ).toEqual([
      { from_state: 'AVAILABLE', to_state: 'QUARANTINE' },
      { from_state: 'QUARANTINE', to_state: 'AVAILABLE' },
      { from_state: 'AVAILABLE', to_state: 'DAMAGED' },
    ]);
  });
});

describe('items', () => {
  test('are created with defaults, changed by version, and keep what a change leaves out', async () => {
    const { supplyItem } = await p.saveItem({ sku: 'BR-1', name: 'Bracket', category: 'BAND', gtin: '00301781123453' });

    const changed = await p.saveItem({
      ...{ id: supplyItem.id, sku: 'BR-1', name: 'Bracket, metal', category: 'TAD', active: false },
      expectedVersion: 1,
    });

    expect(supplyItem).toMatchObject({
      bucket: 'BRACKET',
      currency: 'USD',
      currentUnitCost: null,
      active: true,
      version: 1,
    });
    expect(changed.supplyItem).toMatchObject({
      name: 'Bracket, metal',
      bucket: 'ACCESSORY',
      active: false,
      version: 2,
    });
    expect(
      await graph.sql('SELECT gtin, whole_units_only, lot_tracked FROM supply_item WHERE sku = $1', ['BR-1']),
    ).toEqual([{ gtin: '00301781123453', whole_units_only: true, lot_tracked: true }]);
    await expectRefused(p, () => p.saveItem({ id: supplyItem.id, sku: 'BR-1', expectedVersion: 1 }), [
      'STALE_VERSION input.expectedVersion',
    ]);
  });

  test('a taken SKU, a bad GTIN, levels the wrong way round and a unit of stocked goods are refused', async () => {
    const item = await p.anItem({ sku: 'TAKEN' });
    await p.receive(item);
    const refuses = (input: object, codes: string[]) => expectRefused(p, () => p.saveItem(input as never), codes);

    await refuses({ sku: 'TAKEN' }, ['DUPLICATE input.sku']);
    await refuses({ gtin: '123' }, ['INVALID input.gtin']);
    await refuses({ name: '  ' }, ['INVALID input.name']);
    await refuses({ reorderPoint: '-1' }, ['BAD_QUANTITY input.reorderPoint']);
    await refuses({ reorderPoint: '5', maxLevel: '4' }, ['INVALID input.maxLevel']);
    await refuses({ id: item, sku: 'TAKEN', unit: 'box' }, ['IN_USE input.unit']);
    await refuses({ id: item, sku: 'TAKEN', lotTracked: false }, ['IN_USE input.lotTracked']);
    await refuses({ id: p.id(newId()) }, ['NOT_FOUND input.id']);
    await refuses({ clinicId: newId() }, ['NOT_FOUND input.clinicId']);
  });

  test('two requests for one SKU at once make one item', async () => {
    const answers = await Promise.all([p.saveItem({ sku: 'RACE' }), p.saveItem({ sku: 'RACE' })]);

    expect(answers.flatMap(refused).sort()).toEqual(['DUPLICATE input.sku']);
  });
});

describe('appliances', () => {
  test('are saved before placement only, by id or by the identifier of the clinical system', async () => {
    const patientId = p.id(newId());
    const first = await p.record({ externalId: 'EXT-1', patientId });
    const again = await p.record({ externalId: 'EXT-1', patientId, status: 'RECEIVED' });
    expect(again.appliance).toMatchObject({ id: first.appliance.id, status: 'RECEIVED', version: 2 });

    await expectRefused(p, () => p.record({ status: 'PLACED' }), ['ILLEGAL_STATE_CHANGE input.status']);
    await expectRefused(p, () => p.record({ orderedOn: '2026-07-01' }), ['FUTURE_DATE input.orderedOn']);
    await expectRefused(p, () => p.record({ patientId: newId() }), ['NOT_FOUND input.patientId']);
    await expectRefused(p, () => p.record({ replacesId: first.appliance.id }), ['NOT_FOUND input.replacesId']);
    await p.place(first.appliance.id);
    await expectRefused(p, () => p.record({ externalId: 'EXT-1', patientId }), ['ALREADY_PLACED input.id']);
  });
});
