import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, SCOPES, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

describe('deducting for an appliance', () => {
  test('takes the lot that expires first, splits over lots, and keeps the cost of each lot (SUP-47, SUP-66)', async () => {
    const item = await p.anItem({ name: 'Metal bracket' });
    await p.receive(item, { lotNumber: 'B', expirationDate: '2026-09-10', packs: '3', packPrice: '2.00' });
    await p.receive(item, { lotNumber: 'A', expirationDate: '2026-09-03', packs: '2', packPrice: '1.25' });
    await p.receive(item, { lotNumber: 'C', packs: '9', packPrice: '4.00' });
    const appliance = await p.aPlaced();

    const answer = await p.deduct(appliance, [{ itemId: item, quantity: '4' }]);

    expect(answer.userErrors).toEqual([]);
    expect(answer.usages.map((u: never) => u['lot'])).toEqual([{ lotNumber: 'A' }, { lotNumber: 'B' }]);
    expect(answer).toMatchObject({
      usages: [
        { quantity: '2', unitCost: '1.25', totalCost: '2.50' },
        { quantity: '2', unitCost: '2', totalCost: '4.00' },
      ],
      lines: [{ index: 0, available: '14', skippedLots: [], error: null }],
      totalCost: '6.50',
      currency: 'USD',
    });
    expect(await p.onHand(item)).toEqual(['10']);
  });

  test('is refused for an appliance that is only ordered (SUP-40)', async () => {
    const item = await p.anItem();
    await p.receive(item);
    const { appliance } = await p.record({ status: 'ORDERED' });

    await expectRefused(p, () => p.deduct(appliance.id, [{ itemId: item }]), ['NOT_PLACED applianceId']);
  });

  test('placing deducts the lines once; a second placement is refused (SUP-02)', async () => {
    const item = await p.anItem();
    await p.receive(item);
    const { appliance } = await p.record();

    const placed = await p.place(appliance.id, { lines: [{ itemId: item, quantity: '2' }] });

    expect(placed).toMatchObject({
      userErrors: [],
      appliances: [{ status: 'PLACED', placedOn: TODAY }],
      totalCost: '5.00',
    });
    await expectRefused(p, () => p.place(appliance.id, { lines: [{ itemId: item, quantity: '2' }] }), [
      'ALREADY_PLACED id',
    ]);
    expect(await p.onHand(item)).toEqual(['8']);
  });

  test('placing without lines and without a kit is refused, so that nothing is forgotten in silence (SUP-46)', async () => {
    const { appliance } = await p.record();

    await expectRefused(p, () => p.place(appliance.id, { withoutInventory: false }), ['EMPTY_KIT input.kitTemplateId']);
  });

  test('lines of the same item are checked on their sum, all or nothing (SUP-44)', async () => {
    const item = await p.anItem({ name: 'Tube' });
    await p.receive(item, { packs: '3' });
    const appliance = await p.aPlaced();
    const lines = [
      { itemId: item, quantity: '2' },
      { itemId: item, quantity: '2' },
    ];

    const answer = await expectRefused(p, () => p.deduct(appliance, lines), [
      'INSUFFICIENT_STOCK input.lines.1.quantity',
    ]);

    expect(answer.userErrors).toMatchObject([{ message: 'Tube: 4 piece requested, 3 available.' }]);
    expect(answer).toMatchObject({
      lines: [
        { index: 0, available: '3', error: null },
        { index: 1, available: '3', error: { code: 'INSUFFICIENT_STOCK' } },
      ],
    });
  });

  test('a shortage tells which lots were passed over and why', async () => {
    const item = await p.anItem();
    const boss = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, subject: 'boss' });
    await p.receive(item, { lotNumber: 'GOOD', packs: '3' });
    const { supplyLot } = await p.receive(item, { lotNumber: 'HELD', packs: '9', expirationDate: '2026-12-31' });
    await graph.get(
      boss,
      `mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code } } }`,
      {
        id: supplyLot.id,
        input: { idempotencyKey: newId(), to: 'QUARANTINE', reason: 'seal broken', expectedVersion: 1 },
      },
    );
    const appliance = await p.aPlaced();

    const answer = await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, quantity: '4' }]), [
      'INSUFFICIENT_STOCK input.lines.0.quantity',
    ]);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: supplyLot.id }]), [
      'LOT_QUARANTINED input.lines.0.lotId',
    ]);

    expect(answer).toMatchObject({
      lines: [{ available: '3', skippedLots: [{ lotNumber: 'HELD', reason: 'QUARANTINED', quantity: '9' }] }],
    });
  });

  test('a lot may be used through its last day and not after; today is that of the place', async () => {
    const item = await p.anItem();
    // At 16:00 UTC it is 30 June at both locations.
    await p.receive(item, { lotNumber: 'LAST', expirationDate: TODAY, receivedOn: '2026-06-01' });
    await graph.sql(`UPDATE supply_lot SET disposition = 'AVAILABLE' WHERE clinic_id = $1 AND lot_number = 'LAST'`, [
      p.clinicId,
    ]);
    const over = await p.receive(item, { lotNumber: 'OVER', expirationDate: '2026-06-29', receivedOn: '2026-06-01' });
    await graph.sql(`UPDATE supply_lot SET disposition = 'AVAILABLE' WHERE clinic_id = $1 AND lot_number = 'OVER'`, [
      p.clinicId,
    ]);
    const appliance = await p.aPlaced();

    const used = await p.deduct(appliance, [{ itemId: item }]);

    expect(used).toMatchObject({
      usages: [{ lot: { lotNumber: 'LAST' } }],
      lines: [{ skippedLots: [{ lotNumber: 'OVER', reason: 'EXPIRED' }] }],
    });
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: over.supplyLot.id }]), [
      'LOT_EXPIRED input.lines.0.lotId',
    ]);
  });

  test('a use dated before the goods came in is refused (SUP-62)', async () => {
    const item = await p.anItem();
    const { supplyLot } = await p.receive(item, { receivedOn: '2026-06-20' });
    const appliance = await p.aPlaced();
    const usedOn = '2026-06-19';

    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: supplyLot.id }], { usedOn }), [
      'LOT_NOT_YET_RECEIVED input.lines.0.lotId',
    ]);
    const byExpiry = await expectRefused(p, () => p.deduct(appliance, [{ itemId: item }], { usedOn }), [
      'LOT_NOT_YET_RECEIVED input.lines.0.quantity',
    ]);
    expect(byExpiry).toMatchObject({ lines: [{ available: '0', skippedLots: [{ reason: 'NOT_YET_RECEIVED' }] }] });
  });

  test('days in the future and too far back are refused; records:backdate lifts the second', async () => {
    const item = await p.anItem();
    await p.receive(item, { receivedOn: '2026-06-01' });
    const appliance = await p.aPlaced();
    const backdater = viewer({ clinicIds: [p.clinicId], scopes: [...SCOPES, 'records:backdate'] });

    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item }], { usedOn: '2026-07-01' }), [
      'FUTURE_DATE input.usedOn',
    ]);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item }], { usedOn: '2026-05-30' }), [
      'BACKDATED_TOO_FAR input.usedOn',
    ]);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item }], { usedOn: '2026-05-30' }, backdater), [
      'LOT_NOT_YET_RECEIVED input.lines.0.quantity',
    ]);
  });

  test('choosing a later lot against first-expiry-first-out needs a reason, which is kept', async () => {
    const item = await p.anItem();
    await p.receive(item, { lotNumber: 'SOON', expirationDate: '2026-09-01' });
    const { supplyLot } = await p.receive(item, { lotNumber: 'LATE', expirationDate: '2027-09-01' });
    const appliance = await p.aPlaced();
    const line = { itemId: item, lotId: supplyLot.id };

    await expectRefused(p, () => p.deduct(appliance, [line]), ['REASON_REQUIRED input.lines.0.fefoOverrideReason']);
    const answer = await p.deduct(appliance, [{ ...line, fefoOverrideReason: 'matches the shade' }]);

    expect(answer.usages).toMatchObject([{ lot: { lotNumber: 'LATE' }, fefoOverrideReason: 'matches the shade' }]);
  });

  test('badly formed lines are refused together, each with its place', async () => {
    const item = await p.anItem();
    const gram = await p.anItem({ wholeUnitsOnly: false, unit: 'gram' });
    await p.receive(gram, { packs: '1', packSize: '12.5' });
    const appliance = await p.aPlaced();

    await expectRefused(
      p,
      () =>
        p.deduct(appliance, [
          { itemId: item, quantity: '1.5' },
          { itemId: item, quantity: '0' },
          { quantity: '1' },
          { itemId: p.id(newId()), quantity: '1' },
          { itemId: item, quantity: '1', lotId: p.id(newId()) },
        ]),
      [
        'WHOLE_UNITS_ONLY input.lines.0.quantity',
        'BAD_QUANTITY input.lines.1.quantity',
        'INVALID input.lines.2.itemId',
        'NOT_FOUND input.lines.3.itemId',
      ],
    );
    await expectRefused(p, () => p.deduct(appliance, []), ['EMPTY_KIT input.lines']);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: p.id(newId()) }]), [
      'NOT_FOUND input.lines.0.lotId',
    ]);
    expect((await p.deduct(appliance, [{ itemId: gram, quantity: '0.75' }])).usages).toMatchObject([
      { quantity: '0.75', unitCost: '0.2', totalCost: '0.15' },
    ]);
  });

  test('an unknown cost stays unknown and is never taken for zero (SUP-43)', async () => {
    const item = await p.anItem();
    await p.receive(item, { packPrice: null });
    const appliance = await p.aPlaced();

    const answer = await p.deduct(appliance, [{ itemId: item }]);

    expect(answer).toMatchObject({ usages: [{ unitCost: null, totalCost: null }], totalCost: null, userErrors: [] });
  });

  test('goods without lots cost their moving average and show no lot', async () => {
    const item = await p.anItem({ lotTracked: false, name: 'Elastics', category: 'ELASTIC' });
    await p.receive(item, { lotNumber: null, packs: '10', packPrice: '1.00' });
    await p.receive(item, { lotNumber: null, packs: '30', packPrice: '2.00' });
    const appliance = await p.aPlaced();

    const answer = await p.deduct(appliance, [{ itemId: item, quantity: '3' }]);

    expect(answer.usages).toMatchObject([{ lot: null, unitCost: '1.75', totalCost: '5.25' }]);
  });

  test('what replaces a lost appliance is rework (SUP-67)', async () => {
    const item = await p.anItem();
    await p.receive(item);
    const patientId = p.id(newId());
    const lost = await p.aPlaced({ patientId });
    const again = await p.aPlaced({ patientId, replacesId: lost });

    const answer = await p.deduct(again, [{ itemId: item }]);

    expect(answer.usages).toMatchObject([{ isRework: true }]);
  });

  test('tells in the same answer what it brought to the reorder point (SUP-04)', async () => {
    const item = await p.anItem({ name: 'Etch gel', reorderPoint: '8' });
    await p.receive(item, { packs: '10' });
    const appliance = await p.aPlaced();

    const first = await p.deduct(appliance, [{ itemId: item, quantity: '1' }]);
    const second = await p.deduct(appliance, [{ itemId: item, quantity: '1' }]);
    const third = await p.deduct(appliance, [{ itemId: item, quantity: '1' }]);

    expect(first.lowStock).toEqual([]);
    expect(second.lowStock).toEqual([{ item: { name: 'Etch gel' }, onHand: '8', available: '8', severity: 'LOW' }]);
    expect(third.lowStock).toEqual([]);
  });

  test('a dry run shows what would be deducted and writes nothing, not even its key', async () => {
    const item = await p.anItem({ reorderPoint: '9' });
    await p.receive(item);
    const { appliance } = await p.record();
    const before = await p.written();
    const input = { lines: [{ itemId: item, quantity: '2' }], idempotencyKey: 'dry', dryRun: true };

    const dry = await p.place(appliance.id, input);

    expect(await p.written()).toEqual(before);
    expect(dry).toMatchObject({
      appliances: [{ status: 'PLACED' }],
      usages: [{ quantity: '2', totalCost: '5.00' }],
      totalCost: '5.00',
      lowStock: [{ available: '8', severity: 'LOW' }],
      userErrors: [],
    });
    const real = await p.place(appliance.id, { ...input, dryRun: false });
    expect(real).toMatchObject({ totalCost: '5.00', userErrors: [] });
  });
});
