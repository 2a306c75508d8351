import { emit, newId, rows, systemViewer, transactFor, type GraphEvent, type Tx } from '@practice-graph/kit';
import { cloneDatabase, testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { checkDefinition } from '../test/database';
import { datedFact, firstOpenDay, lockMonthsAlone, openDayOr, requireOpenMonths } from '.';
import { periodEvent, tellPeriod } from './testing';

let subgraph: TestSubgraph;
const within = <T>(clinicId: string, work: (tx: Tx) => Promise<T>, of = subgraph) =>
  transactFor(of.running.database, systemViewer(clinicId), [clinicId], work);
const refusal = (month: string, path: string[] | null) => ({
  refusals: [{ code: 'PERIOD_CLOSED', message: month, path }],
});
const sell = (clinicId: string, day: string) =>
  within(clinicId, async (tx) => {
    await requireOpenMonths(tx, clinicId, [day], ['input', 'day']);
    await rows(tx, 'INSERT INTO sale (clinic_id, id, day, amount) VALUES ($1, $2, $3, 1)', [clinicId, newId(), day]);
  });
const sales = async (clinicId: string): Promise<number> =>
  (await subgraph.sql('SELECT 1 FROM sale WHERE clinic_id = $1', [clinicId])).length;

beforeAll(async () => {
  subgraph = await testSubgraph(checkDefinition);
});
afterAll(() => subgraph.stop());

test('every month is open until told otherwise, and one look per month and transaction is enough', async () => {
  const clinicId = newId();
  const statements = await subgraph.statements(() =>
    within(clinicId, async (tx) => {
      await requireOpenMonths(tx, clinicId, ['2026-05-31', '2026-06-01', '2026-06-30']);
      await requireOpenMonths(tx, clinicId, ['2026-06-15']);
    }),
  );

  expect(statements.filter((sql) => sql.includes('posting_month'))).toHaveLength(1);
  expect(statements).toHaveLength(2);
});

test.each(['CLOSING', 'CLOSED', 'LOCKED'] as const)('nothing is posted into a month that is %s', async (status) => {
  const clinicId = newId();
  await tellPeriod(subgraph, clinicId, '2026-05', status);

  await expect(sell(clinicId, '2026-05-31')).rejects.toMatchObject(
    refusal(`2026-05 is ${status.toLowerCase()}: nothing is posted into it.`, ['input', 'day']),
  );
  await sell(clinicId, '2026-06-01');
  await sell(clinicId, '2026-04-30');
  expect(await sales(clinicId)).toBe(2);
});

test('another clinic posts as before', async () => {
  const [ours, theirs] = [newId(), newId()];
  await tellPeriod(subgraph, theirs, '2026-05', 'CLOSED');

  await sell(ours, '2026-05-01');

  expect(await sales(ours)).toBe(1);
});

test('only a higher version moves a month, in whatever order events come', async () => {
  const clinicId = newId();
  await tellPeriod(subgraph, clinicId, '2026-05', 'OPEN', 4);
  await tellPeriod(subgraph, clinicId, '2026-05', 'CLOSING', 2);
  await tellPeriod(subgraph, clinicId, '2026-05', 'CLOSED', 3);

  await sell(clinicId, '2026-05-01');

  const confirmed = (await subgraph.events()).filter((job) => job.event.clinicId === clinicId);
  expect(confirmed).toEqual([]);
});

test('a correction counts on its day, or on the first day of the next open month', async () => {
  const clinicId = newId();
  for (const month of ['2026-05', '2026-06', '2026-07']) await tellPeriod(subgraph, clinicId, month, 'CLOSED');
  await tellPeriod(subgraph, clinicId, '2026-09', 'CLOSING');

  await within(clinicId, async (tx) => {
    expect(await firstOpenDay(tx, clinicId, '2026-04-10')).toBe('2026-04-10');
    expect(await firstOpenDay(tx, clinicId, '2026-06-30')).toBe('2026-08-01');
    expect(await firstOpenDay(tx, clinicId, '2026-09-02')).toBe('2026-10-01');
    expect(await openDayOr(tx, clinicId, '2026-04-10', '2026-08-09')).toBe('2026-04-10');
    expect(await openDayOr(tx, clinicId, '2026-05-10', '2026-08-09')).toBe('2026-08-09');
    expect(await openDayOr(tx, clinicId, '2026-05-10', '2026-06-30')).toBe('2026-08-01');
  });
});

test('of 16 writers at once none posts after the month has begun to close, and those under way are waited for', async () => {
  const clinicId = newId();
  let posted = 0;
  let refused = 0;
  const writer = async (n: number) => {
    for (let i = 0; i < 15; i++) {
      const day = `2026-0${String(5 + ((n + i) % 2))}-10`;
      try {
        await sell(clinicId, day);
        if (day < '2026-06') posted++;
      } catch (error) {
        expect(error).toMatchObject({ refusals: [{ code: 'PERIOD_CLOSED' }] });
        refused++;
      }
    }
  };
  const writers = Array.from({ length: 16 }, (_, n) => writer(n));
  await new Promise((resolve) => setTimeout(resolve, 60));
  await tellPeriod(subgraph, clinicId, '2026-05', 'CLOSING');
  const [atClosing] = await subgraph.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM sale WHERE clinic_id = $1 AND day < '2026-06-01'`,
    [clinicId],
  );
  await Promise.all(writers);

  const [atEnd] = await subgraph.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM sale WHERE clinic_id = $1 AND day < '2026-06-01'`,
    [clinicId],
  );
  expect(atEnd?.n).toBe(atClosing?.n);
  expect(atEnd?.n).toBe(posted);
  expect(posted + refused).toBe(120);
  expect(await sales(clinicId)).toBe(posted + 120);
});

test('who moves a month waits for a posting under way', async () => {
  const clinicId = newId();
  const order: string[] = [];
  await within(clinicId, async (posting) => {
    await requireOpenMonths(posting, clinicId, ['2026-05-01']);
    const moving = within(clinicId, async (tx) => {
      await lockMonthsAlone(tx, clinicId, ['2026-05-01']);
      order.push('moved');
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('posted');
    return { moving };
  }).then(({ moving }) => moving);

  expect(order).toEqual(['posted', 'moved']);
});

const posted = (id: string) =>
  datedFact({ type: 'adjustment.posted', key: id, data: { id, adjustmentDate: '2026-05-20' } }, '2026-05-20');

test('a domain confirms when everything that it told of the month has arrived, and not before', async () => {
  const clinicId = newId();
  const arrived: string[] = [];
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const held = await testSubgraph(checkDefinition, {
    runJobs: true,
    transport: async (_, __, body) => {
      const event = JSON.parse(body) as GraphEvent;
      if (event.type === 'adjustment.posted') await opened;
      arrived.push(event.type);
      return { status: 204, body: '' };
    },
  });
  try {
    await within(clinicId, (tx) => emit(tx, clinicId, posted(newId())), held);
    await tellPeriod(held, clinicId, '2026-05', 'CLOSING');
    await tellPeriod(held, clinicId, '2026-04', 'CLOSING');
    await until(() => arrived.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(arrived).toEqual(['period.confirmed']);

    open();
    await until(() => arrived.length === 3);
    expect(arrived).toEqual(['period.confirmed', 'adjustment.posted', 'period.confirmed']);
  } finally {
    await held.stop();
  }
});

test('a crash between stopping and confirming loses nothing: the confirmation is sent by whoever starts next', async () => {
  const clinicId = newId();
  const database = await cloneDatabase(checkDefinition);
  const before = await testSubgraph(checkDefinition, { database });
  await tellPeriod(before, clinicId, '2026-05', 'CLOSING', 6);
  await before.stop();
  const arrived: GraphEvent[] = [];
  const next = await testSubgraph(checkDefinition, {
    database,
    runJobs: true,
    transport: (_, __, body) => {
      arrived.push(JSON.parse(body) as GraphEvent);
      return Promise.resolve({ status: 204, body: '' });
    },
  });
  try {
    await until(() => arrived.length === 1);
    expect(arrived[0]).toMatchObject({
      type: 'period.confirmed',
      clinicId,
      data: { month: '2026-05-01', domain: 'practice-check', version: 6 },
    });
    expect((await next.deliver(periodEvent(clinicId, '2026-05', 'CLOSING', 6))).status).toBe(204);
    expect(await next.events()).toEqual([]);
  } finally {
    await next.stop();
    await database.drop();
  }
});

/** Waits until something holds. */
async function until(holds: () => boolean, timeoutMs = 5_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
