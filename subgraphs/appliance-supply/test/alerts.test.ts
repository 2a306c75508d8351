import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply, sweepStock } from '../src';
import { aPractice, expectRefused, SCOPES, type Practice } from './practice';

let now = new Date('2026-06-30T16:00:00Z');
let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply, { clock: { now: () => now } });
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

const ALERTS = `query ($c: ID!, $f: SupplyAlertFilter) { supplyAlerts(clinicId: $c, filter: $f) { totalCount nodes {
  id type severity status message item { name } lot { lotNumber } location { id } raisedAt handledBy handledAt note version } } }`;
const alertsOf = async (filter: object = {}, as = p.me) =>
  (await graph.get(as, ALERTS, { c: p.clinic, f: filter })).supplyAlerts.nodes;
const everOf = (itemId: string) =>
  alertsOf({ itemIds: [itemId], statuses: ['ACTIVE', 'ACKNOWLEDGED', 'DISMISSED', 'RESOLVED'] });
const typesOf = (alerts: { type: string; status: string }[]) =>
  alerts.map(({ type, status }) => `${type} ${status}`).sort();
const UPDATE = `mutation ($id: ID!, $input: AlertUpdateInput!) { supplyAlertUpdate(id: $id, input: $input) { supplyAlert { status handledBy note version } userErrors { code message path } } }`;
const move = async (id: string, input: object, as = p.me) =>
  (await graph.get(as, UPDATE, { id, input: { idempotencyKey: newId(), expectedVersion: 1, ...input } }))
    .supplyAlertUpdate;

/** An item with a lot of it; every item of these tests is scarce at 10 and critical at 1. */
async function stocked(packs: string, lot: object = {}, item: object = {}) {
  const itemId = await p.anItem({ name: 'Etch gel', reorderPoint: '10', maxLevel: '50', ...item });
  const lotId = (await p.receive(itemId, { packs, ...lot })).supplyLot.id as string;
  const applianceId = await p.aPlaced();
  const use = async (quantity: string, input: object = {}) =>
    p.deduct(applianceId, [{ itemId, quantity }], { ...input });
  return { itemId, lotId, use };
}

describe('alerts on scarce stock (SUP-04, SUP-41)', () => {
  test('come with the deduction that causes them, once per cause, and close by themselves', async () => {
    const { itemId, use } = await stocked('12');

    expect((await use('1')).alerts).toEqual([]);
    expect((await use('1')).alerts).toEqual([{ type: 'LOW_STOCK', severity: 'WARNING', status: 'ACTIVE' }]);
    expect((await use('1')).alerts).toEqual([]);
    expect((await use('8')).alerts).toEqual([{ type: 'CRITICAL_STOCK', severity: 'CRITICAL', status: 'ACTIVE' }]);
    expect((await use('1')).alerts).toEqual([{ type: 'OUT_OF_STOCK', severity: 'CRITICAL', status: 'ACTIVE' }]);
    expect(await alertsOf({ itemIds: [itemId] })).toMatchObject([
      {
        ...{ type: 'OUT_OF_STOCK', message: 'Etch gel: nothing is available at Harbour North.', version: 1 },
        ...{ item: { name: 'Etch gel' }, lot: null, location: { id: p.northId }, handledBy: null, handledAt: null },
      },
    ]);
    await p.receive(itemId, { packs: '5' });
    expect(typesOf(await everOf(itemId))).toEqual([
      ...['CRITICAL_STOCK RESOLVED', 'LOW_STOCK ACTIVE', 'LOW_STOCK RESOLVED', 'OUT_OF_STOCK RESOLVED'],
    ]);
    await p.receive(itemId, { packs: '50' });
    expect(await alertsOf({ itemIds: [itemId] })).toEqual([]);
  });

  test('what was dismissed is raised again only when it gets worse', async () => {
    const { itemId, lotId, use } = await stocked('12');
    const [low] = (await use('3')) && (await alertsOf({ itemIds: [itemId] }));

    const dismissed = await move(low.id, { to: 'DISMISSED', note: 'a delivery is due' });

    expect(dismissed.supplyAlert).toEqual({
      ...{ status: 'DISMISSED', handledBy: 'test-user', note: 'a delivery is due', version: 2 },
    });
    expect((await use('1')).alerts).toEqual([]);
    expect(await alertsOf({ itemIds: [itemId] })).toEqual([]);
    expect((await use('7')).alerts).toMatchObject([{ type: 'CRITICAL_STOCK' }]);
    const [critical] = await alertsOf({ itemIds: [itemId] });
    await move(critical.id, { to: 'DISMISSED' });
    await p.adjust({ lotId, delta: '4', reason: 'FOUND' });
    expect(typesOf(await everOf(itemId))).toEqual(['CRITICAL_STOCK DISMISSED', 'LOW_STOCK RESOLVED']);
    await p.adjust({ lotId, delta: '20', reason: 'FOUND' });
    expect(typesOf(await everOf(itemId))).toEqual(['CRITICAL_STOCK RESOLVED', 'LOW_STOCK RESOLVED']);
  });

  test('follow every way in which stock changes, and the reorder point itself', async () => {
    const { itemId, lotId, use } = await stocked('12');
    const open = async () => (await alertsOf({ itemIds: [itemId] })).map((a: { type: string }) => a.type);

    await p.adjust({ lotId, delta: '-2', reason: 'LOSS' });
    expect(await open()).toEqual(['LOW_STOCK']);
    const used = await use('1');
    await p.adjust({ lotId, delta: '2', reason: 'FOUND' });
    expect(await open()).toEqual([]);
    await p.transfer({ lotId, quantity: '6' });
    expect(await open()).toEqual(['LOW_STOCK', 'LOW_STOCK']);
    await p.transfer({ lotId, quantity: '6', fromLocationId: p.southId, toLocationId: p.northId });
    expect(await open()).toEqual(['OUT_OF_STOCK']);
    await p.adjust({ lotId, delta: '-1', reason: 'LOSS' });
    expect(await open()).toEqual(['OUT_OF_STOCK', 'LOW_STOCK']);
    await p.reverse(used.usages[0].id);
    expect(await open()).toEqual(['OUT_OF_STOCK']);
    await graph.get(
      p.me,
      'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code } } }',
      { id: lotId, input: { idempotencyKey: newId(), to: 'QUARANTINE', reason: 'seal', expectedVersion: 1 } },
    );
    expect(await open()).toEqual(['OUT_OF_STOCK', 'OUT_OF_STOCK']);
    const { supplyItem } = await graph.get(p.me, 'query ($id: ID!) { supplyItem(id: $id) { sku version } }', {
      id: itemId,
    });
    await p.saveItem({ id: itemId, sku: supplyItem.sku, name: 'Etch gel', active: false });
    expect(await open()).toEqual([]);
  });

  test('of many writers at once one raises the alert', async () => {
    const { itemId, use } = await stocked('30');

    const answers = await Promise.all(Array.from({ length: 20 }, () => use('1')));

    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(answers.flatMap((answer) => answer.alerts)).toHaveLength(1);
    expect(typesOf(await everOf(itemId))).toEqual(['LOW_STOCK ACTIVE']);
  });

  test('a dry run shows the alert that would be raised, and raises none', async () => {
    const { use } = await stocked('11');
    const before = await p.written();

    const answer = await use('1', { dryRun: true });

    expect(answer.alerts).toMatchObject([{ type: 'LOW_STOCK' }]);
    expect(await p.written()).toEqual(before);
  });
});

describe('moving an alert on', () => {
  test('acknowledged, resolved; other moves are refused and write nothing', async () => {
    const { itemId, use } = await stocked('10', {}, { reorderPoint: '20', maxLevel: '20' });
    await use('1');
    const [{ id }] = await alertsOf({ itemIds: [itemId] });
    const no = (input: object, codes: string[], as = p.me) => expectRefused(p, () => move(id, input, as), codes);
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });

    await no({ to: 'ACTIVE' }, ['ILLEGAL_STATE_CHANGE input.to']);
    await no({ to: 'ACKNOWLEDGED', expectedVersion: 2 }, ['STALE_VERSION input.expectedVersion']);
    await no({ to: 'ACKNOWLEDGED' }, ['NOT_FOUND id'], south);
    expect((await move(id, { to: 'ACKNOWLEDGED' })).supplyAlert).toMatchObject({ status: 'ACKNOWLEDGED', version: 2 });
    expect(await alertsOf({ itemIds: [itemId] })).toMatchObject([{ status: 'ACKNOWLEDGED', handledBy: 'test-user' }]);
    await no({ to: 'ACKNOWLEDGED', expectedVersion: 2 }, ['ILLEGAL_STATE_CHANGE input.to']);
    expect((await move(id, { to: 'RESOLVED', expectedVersion: 2 })).supplyAlert).toMatchObject({ status: 'RESOLVED' });
    await no({ to: 'DISMISSED', expectedVersion: 3 }, ['ILLEGAL_STATE_CHANGE input.to']);
    expect(await alertsOf({ itemIds: [itemId] }, south)).toEqual([]);
  });
});

describe('alerts on lots', () => {
  test('tell that a lot expires in 90, 30 and 7 days, that it has expired, and close when it is gone', async () => {
    const { itemId, lotId } = await stocked('20', { lotNumber: 'EXP', expirationDate: '2026-09-20' });
    const open = async () =>
      (await alertsOf({ itemIds: [itemId], types: ['EXPIRING_SOON', 'EXPIRED'] })).map(
        (a: { type: string; severity: string; lot: { lotNumber: string } }) =>
          `${a.lot.lotNumber} ${a.type} ${a.severity}`,
      );
    const on = async (day: string) => {
      now = new Date(`${day}T16:00:00Z`);
      await p.within((tx) => sweepStock(tx, p.clinicId));
      return open();
    };

    expect(await open()).toEqual(['EXP EXPIRING_SOON INFO']);
    expect(await on('2026-08-20')).toEqual(['EXP EXPIRING_SOON INFO']);
    expect(await on('2026-08-21')).toEqual(['EXP EXPIRING_SOON WARNING']);
    expect(await on('2026-09-13')).toEqual(['EXP EXPIRING_SOON CRITICAL']);
    expect(await on('2026-09-20')).toEqual(['EXP EXPIRING_SOON CRITICAL']);
    expect(await on('2026-09-21')).toEqual(['EXP EXPIRED CRITICAL']);
    expect(await alertsOf({ itemIds: [itemId], types: ['OUT_OF_STOCK'] })).toHaveLength(1);
    await p.adjust({ lotId, delta: '-20', reason: 'EXPIRED' });
    expect(await open()).toEqual([]);
    now = new Date('2026-06-30T16:00:00Z');
    expect(await p.within((tx) => sweepStock(tx, p.clinicId))).toBe(0);
  });

  test('tell that a lot is under recall, until the recall is lifted', async () => {
    const { itemId, lotId } = await stocked('20', { lotNumber: 'RC-1' });
    const boss = viewer({ clinicIds: [p.clinicId], scopes: [...SCOPES, 'inventory:recall'] });
    const { supplyRecallApply } = await graph.get(
      boss,
      'mutation ($input: RecallInput!) { supplyRecallApply(input: $input) { supplyLots { id } alerts { type severity message } userErrors { code } } }',
      {
        input: {
          ...{
            idempotencyKey: newId(),
            clinicId: p.clinic,
            recallNumber: 'R-7',
            lotNumber: 'rc-1',
            recallClass: 'CLASS_III',
          },
          ...{ reason: 'seal', announcedOn: '2026-06-29' },
        },
      },
    );
    expect(supplyRecallApply).toEqual({
      supplyLots: [{ id: lotId }],
      alerts: [
        { type: 'RECALL', severity: 'WARNING', message: 'Etch gel, lot RC-1: under recall R-7.' },
        { type: 'OUT_OF_STOCK', severity: 'CRITICAL', message: 'Etch gel: nothing is available at Harbour North.' },
      ],
      userErrors: [],
    });
    await p.receive(itemId, { lotNumber: 'RC-1', vendorId: p.id(newId()), packs: '1' });
    expect(typesOf(await alertsOf({ itemIds: [itemId] }))).toEqual([
      'OUT_OF_STOCK ACTIVE',
      'RECALL ACTIVE',
      'RECALL ACTIVE',
    ]);

    await graph.get(
      boss,
      'mutation ($c: ID!, $input: WorkflowStepInput!) { supplyRecallLift(clinicId: $c, recallNumber: "R-7", input: $input) { userErrors { code } } }',
      { c: p.clinic, input: { idempotencyKey: newId(), reason: 'wrong lot' } },
    );
    expect(typesOf(await alertsOf({ itemIds: [itemId] }))).toEqual(['OUT_OF_STOCK ACTIVE']);
  });

  test('a list of many costs as many statements as one', async () => {
    const one = await graph.statements(() => alertsOf({ types: ['RECALL'] }));
    const many = await graph.statements(() => alertsOf({ statuses: ['RESOLVED', 'ACTIVE'] }));

    expect(many.length).toBeLessThanOrEqual(one.length + 2);
    expect(many.length).toBeLessThanOrEqual(5);
  });
});
