import { eventOf, newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf, type EventInput } from '@practice-graph/practice';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, refused, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
});
beforeEach(async () => {
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

type Input = Record<string, unknown>;
const FIELDS = `supplyLots { id lotNumber status disposition dispositionReason stock { onHand available }
  recall { recallNumber recallClass reason announcedOn startedBy } } userErrors { code message path }`;
const described = (of: Input = {}): Input => ({
  ...{ idempotencyKey: newId(), clinicId: p.clinic, recallNumber: 'Z-1', recallClass: 'CLASS_II' },
  ...{ reason: 'may irritate', announcedOn: '2026-06-29', ...of },
});
const apply = async (of: Input, as = p.me) =>
  (
    await graph.get(as, `mutation ($input: RecallInput!) { supplyRecallApply(input: $input) { ${FIELDS} } }`, {
      input: described(of),
    })
  ).supplyRecallApply;
const lift = async (recallNumber: string, reason: string | null = 'called off') =>
  (
    await graph.get(
      p.me,
      `mutation ($c: ID!, $n: String!, $input: WorkflowStepInput!) { supplyRecallLift(clinicId: $c, recallNumber: $n, input: $input) { ${FIELDS} } }`,
      { c: p.clinic, n: recallNumber, input: { idempotencyKey: newId(), reason } },
    )
  ).supplyRecallLift;
const recallId = newId();
type State = EventInput<'recall.started'>;
const tell = (type: 'recall.started' | 'recall.closed', of: Partial<State> = {}) =>
  graph.deliver(
    eventOf(
      p.clinicId,
      factOf(type, of.id ?? recallId, {
        ...{
          id: recallId,
          recallNumber: 'Z-1',
          recallClass: 'CLASS_II',
          reason: 'may irritate',
          announcedOn: '2026-06-29',
        },
        ...{
          lotNumber: 'RC-1',
          gtin: null,
          itemId: null,
          gtins: [],
          startedAt: '2026-06-30T15:00:00.000Z',
          startedBy: 'chief',
        },
        ...{ closedBy: null, isInForce: type === 'recall.started', version: type === 'recall.started' ? 1 : 2, ...of },
      }),
      new Date('2026-06-30T16:00:00Z'),
    ),
  );
const lots = async () =>
  (
    await graph.get(
      p.me,
      `query ($c: ID!) { supplyLots(clinicId: $c) { nodes { lotNumber status recall { recallNumber startedBy } } } }`,
      {
        c: p.clinic,
      },
    )
  ).supplyLots.nodes as { lotNumber: string; status: string; recall: unknown }[];
const states = async () => Object.fromEntries((await lots()).map((lot) => [lot.lotNumber, lot.status]));
const applied = async () =>
  (await graph.events()).filter(({ event }) => event.clinicId === p.clinicId && event.type === 'recall.applied');
const stands = async () => expect((await p.verify()).differences).toEqual([]);

test('a recall blocks every lot with the number at all places; doing it twice changes nothing (SUP-42)', async () => {
  const [etch, primer] = [await p.anItem({ category: 'ETCH' }), await p.anItem()];
  await p.receive(etch, { lotNumber: 'rc-1' });
  await p.receive(etch, { lotNumber: 'RC-1', locationId: p.southId });
  await p.receive(primer, { lotNumber: 'RC 1' });
  await p.receive(primer, { lotNumber: 'RC-2' });

  const first = await apply({ lotNumber: 'Rc-1' });
  const second = await apply({ lotNumber: 'RC -1', recallNumber: ' z-1 ' });

  expect(first.userErrors).toEqual([]);
  expect(first.supplyLots).toEqual([
    {
      ...{ id: expect.any(String), lotNumber: 'RC-1', status: 'RECALLED', disposition: 'RECALLED' },
      ...{ dispositionReason: 'Recall Z-1: may irritate' },
      stock: [
        { onHand: '10', available: '0' },
        { onHand: '10', available: '0' },
      ],
      recall: {
        ...{ recallNumber: 'Z-1', recallClass: 'CLASS_II', reason: 'may irritate' },
        announcedOn: '2026-06-29',
        startedBy: 'test-user',
      },
    },
  ]);
  expect(second.supplyLots.map((lot: { id: string }) => lot.id)).toEqual([first.supplyLots[0].id]);
  expect(await states()).toEqual({ 'RC-1': 'RECALLED', 'RC 1': 'AVAILABLE', 'RC-2': 'AVAILABLE' });
  await stands();
});

test('the event of the other inventory does the same, in any order and more than once, and hears what was found', async () => {
  const etch = await p.anItem({ category: 'ETCH' });
  await p.receive(etch, { lotNumber: 'RC-1' });
  const patientId = p.id(newId());
  await p.deduct(await p.aPlaced({ patientId }), [{ itemId: etch, quantity: '2' }]);

  await apply({ lotNumber: 'RC-1' });
  for (let n = 0; n < 2; n++) expect((await tell('recall.started')).status).toBe(204);

  expect(await lots()).toMatchObject([{ status: 'RECALLED', recall: { recallNumber: 'Z-1', startedBy: 'test-user' } }]);
  expect((await applied()).map(({ subscriber, event }) => [subscriber, event.data])).toEqual([
    ['spa-inventory', { recallId, lotNumbers: ['RC-1'], patientIds: [expect.any(String)], version: 1 }],
  ]);
  await p.within((tx) => applianceSupply.resync(tx, p.clinicId));
  expect(await applied()).toHaveLength(1);
  await stands();
});

test('the end of a recall that overtakes its start leaves nothing blocked', async () => {
  await p.receive(await p.anItem(), { lotNumber: 'RC-1' });

  await tell('recall.closed');
  await tell('recall.started');

  expect(await states()).toEqual({ 'RC-1': 'AVAILABLE' });
  await stands();
});

test('a recall that is started again after it was called off blocks again, whatever is told late of the first', async () => {
  await p.receive(await p.anItem(), { lotNumber: 'RC-1' });
  const [first, second] = [newId(), newId()];
  await tell('recall.started', { id: first });
  await tell('recall.closed', { id: first, version: 4 });
  await tell('recall.started', { id: second, reason: 'it was true after all', startedBy: 'second chief' });
  await tell('recall.closed', { id: first, version: 5 });

  expect(await lots()).toMatchObject([{ status: 'RECALLED', recall: { startedBy: 'second chief' } }]);
  expect((await applied()).map(({ event }) => event.data)).toMatchObject([
    { recallId: first, lotNumbers: ['RC-1'], version: 1 },
    { recallId: second, lotNumbers: ['RC-1'], version: 1 },
  ]);
  await tell('recall.closed', { id: second, version: 2 });
  expect(await states()).toEqual({ 'RC-1': 'QUARANTINE' });
  await stands();
});

test('a recall that was lifted here is in force again when it is started anew', async () => {
  await p.receive(await p.anItem(), { lotNumber: 'RC-1' });
  await tell('recall.started', { id: newId() });
  await lift('Z-1');
  expect(await states()).toEqual({ 'RC-1': 'QUARANTINE' });

  await tell('recall.started', { id: newId() });

  expect(await states()).toEqual({ 'RC-1': 'RECALLED' });
  await stands();
});

test('what comes later under a recall is told to its owner too', async () => {
  const item = await p.anItem({ gtin: '00614141999996' });
  await p.receive(item, { lotNumber: 'W-1' });
  await tell('recall.started', { lotNumber: null, itemId: newId(), gtins: ['00614141999996'] });

  await p.receive(item, { lotNumber: 'W-2' });
  await p.receive(item, { lotNumber: 'W-2', locationId: p.southId });

  expect((await applied()).map(({ event }) => (event.data as { lotNumbers: string[] }).lotNumbers)).toEqual([
    ['W-1'],
    ['W-1', 'W-2'],
  ]);
});

test('goods that turn out later to have the recalled GTIN are blocked then, and their patients told of', async () => {
  const item = await p.anItem();
  await p.receive(item, { lotNumber: 'W-1' });
  const patient = newId();
  await p.deduct(await p.aPlaced({ patientId: p.id(patient) }), [{ itemId: item }]);
  await tell('recall.started', { lotNumber: null, gtin: '00614141999996', gtins: ['00614141999996'] });
  expect(await states()).toEqual({ 'W-1': 'AVAILABLE' });

  const { supplyItem } = await graph.get(
    p.me,
    `query ($id: ID!) { supplyItem(id: $id) { version sku name category unit reorderPoint maxLevel } }`,
    { id: item },
  );
  const { version: expectedVersion, ...values } = supplyItem;
  const saved = await graph.get(
    p.me,
    `mutation ($input: SupplyItemInput!) { supplyItemSave(input: $input) { userErrors { code path message } } }`,
    {
      input: {
        ...{ idempotencyKey: newId(), clinicId: p.clinic, id: item, expectedVersion, ...values },
        gtin: '614141999996',
      },
    },
  );

  expect(saved.supplyItemSave.userErrors).toEqual([]);
  expect(await states()).toEqual({ 'W-1': 'RECALLED' });
  expect((await applied()).at(-1)?.event.data).toMatchObject({ lotNumbers: ['W-1'], patientIds: [patient] });
  await stands();
});

test('a recall that was called off leaves its lots in quarantine, one whose goods were destroyed does not', async () => {
  const item = await p.anItem();
  await p.receive(item, { lotNumber: 'RC-1' });
  await p.receive(item, { lotNumber: 'RC-2' });
  const other = newId();
  await tell('recall.started');
  await tell('recall.started', { id: other, recallNumber: 'Z-2', lotNumber: 'RC-2' });

  await tell('recall.closed', { closedBy: 'test-user' });
  await tell('recall.closed', { id: other, recallNumber: 'Z-2', lotNumber: 'RC-2', isInForce: true });

  expect(await states()).toEqual({ 'RC-1': 'QUARANTINE', 'RC-2': 'RECALLED' });
  // Whoever called the recall off does not release the lot too.
  const [lot] = (
    await graph.get(
      p.me,
      `query ($c: ID!) { supplyLots(clinicId: $c, filter: { lotNumber: "RC-1" }) { nodes { id version } } }`,
      { c: p.clinic },
    )
  ).supplyLots.nodes;
  const release = async (subject: string) =>
    (
      await graph.get(
        { ...p.me, subject },
        `mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code path } } }`,
        {
          id: lot.id,
          input: { idempotencyKey: newId(), to: 'AVAILABLE', reason: 'sound', expectedVersion: lot.version },
        },
      )
    ).supplyLotDispositionSet;
  expect(refused(await release('test-user'))).toEqual(['SELF_APPROVAL input.to']);
  expect(refused(await release('second'))).toEqual([]);
  await stands();
});

test('what is received later against a recalled number is blocked with a warning (SPA-129)', async () => {
  await tell('recall.started');
  const item = await p.anItem();

  const { supplyLot, warnings } = await p.receive(item, { lotNumber: 'rc-1' });

  expect(supplyLot).toMatchObject({ status: 'RECALLED', disposition: 'RECALLED' });
  expect(warnings).toEqual(['Lot RC-1 is under recall Z-1 and blocked.']);
  await stands();
});

test('a recalled lot is refused when it is named and passed over when it is not (SUP-48)', async () => {
  const item = await p.anItem();
  const { supplyLot } = await p.receive(item, { lotNumber: 'RC-1', expirationDate: '2026-12-31' });
  await p.receive(item, { lotNumber: 'RC-9', expirationDate: '2027-12-31' });
  const appliance = await p.aPlaced();
  await tell('recall.started');

  await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: supplyLot.id }]), [
    'LOT_RECALLED input.lines.0.lotId',
  ]);
  const { usages, lines } = await p.deduct(appliance, [{ itemId: item }]);

  expect(usages).toMatchObject([{ lot: { lotNumber: 'RC-9' } }]);
  expect(lines[0].skippedLots).toEqual([{ lotNumber: 'RC-1', reason: 'RECALLED', quantity: '10' }]);
});

test('a whole product of the other inventory is found here by its GTIN, an item of ours by its id', async () => {
  const [coded, plain, named] = [await p.anItem({ gtin: '00301781123453' }), await p.anItem(), await p.anItem()];
  await p.receive(coded, { lotNumber: 'A' });
  await p.receive(plain, { lotNumber: 'B' });
  await p.receive(named, { lotNumber: 'C' });

  await tell('recall.started', { lotNumber: null, itemId: newId(), gtins: ['00301781123453'] });
  await apply({ recallNumber: 'Z-3', itemId: named });

  expect(await states()).toEqual({ A: 'RECALLED', B: 'AVAILABLE', C: 'RECALLED' });
  await p.receive(named, { lotNumber: 'D' });
  expect(await states()).toMatchObject({ D: 'RECALLED' });
  await stands();
});

test('a lifted recall leaves its lots in quarantine, and applied again it blocks them again', async () => {
  const item = await p.anItem();
  await p.receive(item, { lotNumber: 'RC-1' });
  await apply({ lotNumber: 'RC-1' });

  const { supplyLots, userErrors } = await lift('z-1');

  expect(userErrors).toEqual([]);
  expect(supplyLots).toMatchObject([{ lotNumber: 'RC-1', status: 'QUARANTINE', recall: null }]);
  await expectRefused(p, () => lift('Z-1'), ['NOT_FOUND recallNumber']);
  expect((await apply({ lotNumber: 'RC-1' })).supplyLots).toMatchObject([{ status: 'RECALLED' }]);
  await expectRefused(p, () => lift('Z-1', ' '), ['REASON_REQUIRED input.reason']);
  await stands();
});

test('goods without lots are blocked under the name of their item, and usable again when the recall ends: nobody could release them', async () => {
  const item = await p.anItem({ name: 'Loose ties', lotTracked: false });
  await p.receive(item, { lotNumber: null });
  const available = async () =>
    (
      await graph.get(p.me, 'query ($id: ID!) { supplyItem(id: $id) { stock { available } } }', { id: item })
    ).supplyItem.stock.map((at: { available: string }) => at.available);

  await apply({ itemId: item });
  const late = await p.receive(item, { lotNumber: null, packs: '5' });

  expect(await available()).toEqual(['0']);
  expect(late.warnings).toEqual(['Loose ties is under recall Z-1 and blocked.']);
  const { supplyAlerts } = await graph.get(
    p.me,
    'query ($c: ID!, $i: [ID!]) { supplyAlerts(clinicId: $c, filter: { itemIds: $i, types: [RECALL] }) { nodes { message } } }',
    { c: p.clinic, i: [item] },
  );
  expect(supplyAlerts.nodes).toEqual([{ message: 'Loose ties: under recall Z-1.' }]);

  await lift('Z-1');
  await p.receive(item, { lotNumber: null, packs: '5' });

  expect(await available()).toEqual(['20']);
  await stands();
});

test('refuses a description that names nothing, lies ahead, has no reason, or is of another clinic', async () => {
  await expectRefused(p, () => apply({}), ['INVALID input.lotNumber']);
  await expectRefused(p, () => apply({ lotNumber: 'X', announcedOn: '2026-07-01' }), ['FUTURE_DATE input.announcedOn']);
  await expectRefused(p, () => apply({ lotNumber: 'X', reason: '' }), ['REASON_REQUIRED input.reason']);
  const other = await aPractice(graph);
  await expectRefused(p, () => apply({ itemId: other.id(newId()) }), ['NOT_FOUND input.itemId']);
  await expectRefused(p, () => apply({ lotNumber: 'X' }, other.me), ['NOT_FOUND input.clinicId']);
});

test('what another recall covers is refused; the same recall in another class, a wider one, and one after its end are not', async () => {
  await p.receive(await p.anItem(), { lotNumber: 'RC-1/a' });
  await apply({ lotNumber: 'RC-1/A', gtin: '00301781123453' });

  const narrow = { lotNumber: 'rc-1/a', gtin: '00301781123453', itemId: p.id(newId()), recallNumber: 'Z-2' };
  await expectRefused(p, () => apply(narrow), ['ALREADY_RECALLED input.lotNumber']);
  const worse = await apply({ lotNumber: 'RC-1/A', gtin: '00301781123453', recallClass: 'CLASS_I' });
  expect(worse.supplyLots).toMatchObject([{ recall: { recallClass: 'CLASS_I' } }]);
  expect((await apply({ lotNumber: 'RC-1/A', recallNumber: 'Z-3' })).userErrors).toEqual([]);
  await lift('Z-1');
  await lift('Z-3');
  expect((await apply(narrow)).userErrors).toEqual([]);
  await stands();
});

test('needs the permission to recall', async () => {
  const clerk = viewer({ clinicIds: [p.clinicId], scopes: SCOPES.filter((scope) => scope !== 'inventory:recall') });
  const answer = await graph.ask(
    clerk,
    `mutation ($input: RecallInput!) { supplyRecallApply(input: $input) { supplyLots { id } } }`,
    { input: described({ lotNumber: 'X' }) },
  );

  expect(answer.errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
});

test('a receipt and a recall at the same moment: the lot ends up blocked, whoever comes first', async () => {
  for (let n = 0; n < 5; n++) {
    const item = await p.anItem();
    await Promise.all([
      p.receive(item, { lotNumber: `RACE-${String(n)}` }),
      apply({ lotNumber: `RACE-${String(n)}`, recallNumber: `Z-R${String(n)}` }),
    ]);
  }

  expect(new Set(Object.values(await states()))).toEqual(new Set(['RECALLED']));
});

test('a deduction and a recall at the same moment: what was taken was taken before the block (C-S6)', async () => {
  const item = await p.anItem();
  await p.receive(item, { lotNumber: 'RC-1', packs: '20' });
  const appliances = await Promise.all(Array.from({ length: 6 }, () => p.aPlaced()));

  const outcomes = await Promise.all([
    ...appliances.map((appliance) => p.deduct(appliance, [{ itemId: item }])),
    apply({ lotNumber: 'RC-1' }),
  ]);

  const taken = outcomes.slice(0, -1).filter((outcome) => outcome.userErrors.length === 0).length;
  expect(await states()).toEqual({ 'RC-1': 'RECALLED' });
  expect((await p.onHand(item)).map(Number)).toEqual([20 - taken]);
  const late = await graph.sql(
    `SELECT 1 FROM appliance_usage u JOIN supply_recall r ON r.clinic_id = u.clinic_id WHERE u.clinic_id = $1 AND u.created_at > r.started_at`,
    [p.clinicId],
  );
  expect(late).toEqual([]);
  await stands();
});
