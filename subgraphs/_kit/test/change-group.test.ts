import { changeGrouped, makeContext, newId, Refused, rows, type GroupedInput, type Tx, type Viewer } from '../src';
import { testSubgraph, viewer, type TestSubgraph } from '../src/testing';
import { journal } from './journal';

interface Note {
  readonly idempotencyKey: string;
  readonly words: string;
  /** What the database makes of it: 0 is against a check of the table. */
  readonly amount: number;
  readonly moves?: string;
}

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(journal);
});
afterAll(() => graph.stop());

const refused = (words: string) => new Refused({ code: 'UNWANTED', message: words, path: ['input', 'words'] });

async function write(tx: Tx, clinicId: string, notes: readonly Note[]): Promise<{ id: string }[]> {
  const made = notes.map(() => ({ id: newId() }));
  await rows(
    tx,
    'INSERT INTO entry (clinic_id, id, amount, words) SELECT $1, * FROM unnest($2::uuid[], $3::numeric[], $4::text[])',
    [clinicId, made.map(({ id }) => id), notes.map(({ amount }) => amount), notes.map(({ words }) => words)],
  );
  return made;
}

/** Notes in a journal, with a record of the groups in which they were made. */
function setUp() {
  const clinicId = newId();
  const groups: { words: string[]; tenant: string; clinicId: string; requests: string[] }[] = [];
  const alone: string[] = [];
  /** Runs in the common transaction before anything is written. */
  const hooks: { together: (tx: Tx) => Promise<unknown> } = { together: () => Promise.resolve() };
  const send = changeGrouped<Note, { id: string }>({
    mutation: 'note',
    moves: ({ moves, idempotencyKey }) => moves ?? idempotencyKey,
    alone: async (tx, clinic, note) => {
      alone.push(note.words);
      if (note.words === 'unwanted') throw refused(note.words);
      return (await write(tx, clinic, [note]))[0] as { id: string };
    },
    together: async (tx, clinic, notes: readonly GroupedInput<Note>[]) => {
      const [setting] = await rows<{ tenant: string }>(tx, "SELECT current_setting('app.clinic_ids') AS tenant");
      groups.push({
        words: notes.map(({ input }) => input.words),
        requests: notes.map(({ requestId }) => requestId),
        tenant: setting?.tenant ?? '',
        clinicId: clinic,
      });
      await hooks.together(tx);
      const wanted = notes.filter(({ input }) => input.words !== 'unwanted').map(({ input }) => input);
      const made = await write(tx, clinic, wanted);
      return {
        results: notes.map(({ input }) => made[wanted.indexOf(input)] ?? refused(input.words)),
        acts: made.map(({ id }) => ({ action: 'note', entityId: id })),
      };
    },
  });
  const me = viewer({ clinicIds: [clinicId], scopes: [] });
  const note = (words: string, changed: Partial<Note> = {}, by: Viewer = me, clinic = clinicId) =>
    send(
      makeContext(by, graph.running.database, () => Promise.reject(new Error('nothing is read'))),
      clinic,
      { idempotencyKey: newId(), words, amount: 1, ...changed },
    );
  const stored = async (clinic = clinicId) =>
    (await graph.sql<{ words: string }>('SELECT words FROM entry WHERE clinic_id = $1 ORDER BY words', [clinic])).map(
      ({ words }) => words,
    );
  const keys = async () =>
    (await graph.sql<{ key: string }>('SELECT key FROM idempotency WHERE clinic_id = $1 ORDER BY key', [clinicId])).map(
      ({ key }) => key,
    );
  return { clinicId, groups, alone, hooks, me, note, stored, keys };
}

const settled = async (sent: readonly Promise<{ id: string }>[]): Promise<string[]> =>
  (await Promise.allSettled(sent)).map((end) =>
    end.status === 'fulfilled'
      ? 'done'
      : end.reason instanceof Refused
        ? (end.reason.refusals[0]?.code ?? '')
        : (end.reason as Error).message,
  );

describe('changes that one caller sends at once', () => {
  test('are made in one transaction, and a refusal concerns its own change only', async () => {
    const { note, groups, alone, stored, keys } = setUp();

    const ends = await settled(
      ['a', 'unwanted', 'b', 'unwanted', 'c'].map((words, n) => note(words, { idempotencyKey: `k${String(n)}` })),
    );

    expect(ends).toEqual(['done', 'UNWANTED', 'done', 'UNWANTED', 'done']);
    expect(groups.map(({ words }) => words)).toEqual([['a', 'unwanted', 'b', 'unwanted', 'c']]);
    expect(alone).toEqual([]);
    expect(await stored()).toEqual(['a', 'b', 'c']);
    expect(await keys()).toEqual(['k0', 'k2', 'k4']);
  });

  test('are each made alone when the common transaction fails in the database', async () => {
    const { note, alone, stored, keys } = setUp();

    const ends = await settled(
      [1, 0, 2, 3].map((amount, n) => note(`n${String(n)}`, { amount, idempotencyKey: `k${String(n)}` })),
    );

    expect(ends).toEqual(['done', expect.stringContaining('entry_amount_check'), 'done', 'done']);
    expect(alone.toSorted()).toEqual(['n0', 'n1', 'n2', 'n3']);
    expect(await stored()).toEqual(['n0', 'n2', 'n3']);
    expect(await keys()).toEqual(['k0', 'k2', 'k3']);
  });

  test('are each made once when the connection is lost under the common transaction', async () => {
    const { note, hooks, alone, stored } = setUp();
    hooks.together = async (tx) => {
      await write(tx, tx.session.viewer.clinicIds[0] as string, [{ idempotencyKey: '', words: 'half', amount: 1 }]);
      const [backend] = await rows<{ pid: number }>(tx, 'SELECT pg_backend_pid() AS pid');
      await graph.sql('SELECT pg_terminate_backend($1)', [backend?.pid]);
    };

    const ends = await settled(['a', 'b', 'c'].map((words) => note(words)));

    expect(ends).toEqual(['done', 'done', 'done']);
    expect(alone.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await stored()).toEqual(['a', 'b', 'c']);
  });

  test('with one key have one effect and equal answers; other data under it is refused', async () => {
    const { note, groups, stored } = setUp();
    const [same, other] = [{ idempotencyKey: 'k' }, { idempotencyKey: 'k', amount: 2 }];

    const first = note('a', same);
    const ends = await Promise.allSettled([first, note('a', same), note('a', other), note('b'), note('a', same)]);

    const { id } = await first;
    expect(
      ends.map((end) => (end.status === 'fulfilled' ? end.value.id === id : (end.reason as Refused).refusals[0]?.code)),
    ).toEqual([true, true, 'IDEMPOTENCY_KEY_REUSED', false, true]);
    expect(groups[0]?.words).toEqual(['a', 'b']);
    expect(await stored()).toEqual(['a', 'b']);
  });

  test('with one key in two sessions of one caller have one effect', async () => {
    const { note, me, stored } = setUp();
    const sessions = [me, { ...me, ip: '192.0.2.7' }];

    const made = await Promise.all(sessions.map((session) => note('a', { idempotencyKey: 'k' }, session)));

    expect(made[0]).toEqual(made[1]);
    expect(await stored()).toEqual(['a']);
  });

  test('that move the same are made one after the other, in their order', async () => {
    const { note, groups } = setUp();

    await Promise.all([
      ...['a1', 'a2', 'a3'].map((words) => note(words, { moves: 'a' })),
      ...['b1', 'b2'].map((words) => note(words, { moves: 'b' })),
    ]);

    expect(groups.map(({ words }) => words)).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  test('go at most sixty-four into one transaction', async () => {
    const { note, groups } = setUp();

    await Promise.all(Array.from({ length: 150 }, (_, n) => note(`n${String(n)}`)));

    expect(groups.map(({ words }) => words.length)).toEqual([64, 64, 22]);
  });
});

test('changes of two clinics, and of two callers, never share a transaction', async () => {
  const { note, groups, clinicId, me, stored } = setUp();
  const other = newId();
  const both = { ...me, clinicIds: [clinicId, other] };
  const colleague = { ...both, subject: 'colleague' };

  await Promise.all(
    [0, 1].flatMap(() =>
      [clinicId, other].flatMap((clinic) => [both, colleague].map((by) => note(by.subject, {}, by, clinic))),
    ),
  );

  expect(groups).toHaveLength(4);
  for (const { tenant, clinicId: of, words } of groups) {
    expect(tenant).toBe(of);
    expect(new Set(words).size).toBe(1);
  }
  expect(await stored()).toEqual(['colleague', 'colleague', me.subject, me.subject]);
  expect(await stored(other)).toEqual(['colleague', 'colleague', me.subject, me.subject]);
});

test('a clinic out of reach is refused, and a change after a failure is made as if nothing had been', async () => {
  const { note, hooks, stored } = setUp();
  hooks.together = () => Promise.reject(new Error('lost'));

  expect(await settled([note('a', {}, viewer({ clinicIds: [], scopes: [] }))])).toEqual(['NOT_FOUND']);
  expect(await settled([note('b')])).toEqual(['done']);
  hooks.together = () => Promise.resolve();
  expect(await settled([note('c')])).toEqual(['done']);

  expect(await stored()).toEqual(['b', 'c']);
});

test('each change comes with the trace of its own request', async () => {
  const { note, groups, me } = setUp();

  await Promise.all(['t1', 't2', 't3'].map((requestId) => note(requestId, {}, { ...me, requestId })));

  expect(groups.map(({ requests }) => requests)).toEqual([['t1', 't2', 't3']]);
});
