import { clinicIdText, newId, verifyAudit, transact, systemViewer, rows, Decimal, roundMoney } from '../src';
import { testSubgraph, viewer, type TestSubgraph } from '../src/testing';
import { journal } from './journal';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(journal);
});
afterAll(() => graph.stop());

const RECORD = `mutation ($input: EntryInput!) { entryRecord(input: $input) { entry { id amount } userErrors { code message path } } }`;

const setUp = () => {
  const clinicId = newId();
  const me = viewer({ clinicIds: [clinicId], scopes: ['journal:read', 'journal:words'] });
  const record = (amount: unknown, idempotencyKey: string = newId(), more: object = {}) =>
    graph.ask(me, RECORD, { input: { idempotencyKey, clinicId: clinicIdText(clinicId), amount, ...more } });
  const count = async () =>
    (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM entry WHERE clinic_id = $1', [clinicId]))[0]!.n;
  return { clinicId, me, record, count };
};

describe('a change', () => {
  test('is written once with its audit event and its event, and read back by its opaque id', async () => {
    const { clinicId, me, record } = setUp();

    const answer = await record('12.5');

    expect(answer.errors).toBeUndefined();
    const { entry } = answer.data.entryRecord;
    expect(entry.amount).toBe('12.50');
    expect((await graph.get(me, `query ($id: ID!) { entry(id: $id) { amount } }`, { id: entry.id })).entry.amount).toBe(
      '12.50',
    );
    expect(await graph.sql('SELECT action, actor_id FROM audit_event WHERE clinic_id = $1', [clinicId])).toEqual([
      { action: 'entry.record', actor_id: 'test-user' },
    ]);
    const events = (await graph.events()).filter(({ event }) => event.clinicId === clinicId);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      subscriber: 'mirror',
      event: { type: 'entry.recorded', data: { amount: '12.5' } },
    });
  });

  test('sent 20 times at once with one key has one effect and 20 equal answers', async () => {
    const { record, count } = setUp();

    const answers = await Promise.all(Array.from({ length: 20 }, () => record('3.00', 'same')));

    expect(new Set(answers.map((a) => a.data.entryRecord.entry.id)).size).toBe(1);
    expect(await count()).toBe(1);
  });

  test('equal amounts written differently are the same data, another amount is refused', async () => {
    const { record, count } = setUp();
    const first = await record('10.5', 'k');

    const again = await record('10.50', 'k');
    const other = await record('10.51', 'k');

    expect(again.data.entryRecord.entry.id).toBe(first.data.entryRecord.entry.id);
    expect(other.data.entryRecord).toEqual({
      entry: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String), path: ['input', 'idempotencyKey'] }],
    });
    expect(await count()).toBe(1);
  });

  test('a refusal is data and writes nothing, not even its key', async () => {
    const { clinicId, record, count } = setUp();

    const refused = await record('0', 'k');
    const then = await record('1', 'k');

    expect(refused.data.entryRecord.userErrors).toEqual([
      { code: 'BAD_AMOUNT', message: 'The amount is zero.', path: ['input', 'amount'] },
    ]);
    expect(then.data.entryRecord.entry.amount).toBe('1.00');
    expect(await count()).toBe(1);
    expect(await graph.sql('SELECT 1 FROM audit_event WHERE clinic_id = $1', [clinicId])).toHaveLength(1);
  });

  test('for a clinic out of reach is refused like one that does not exist', async () => {
    const { me, count } = setUp();
    const foreign = setUp();

    const answer = await graph.ask(me, RECORD, {
      input: { idempotencyKey: 'k', clinicId: clinicIdText(foreign.clinicId), amount: '1' },
    });

    expect(answer.data.entryRecord.userErrors[0].code).toBe('NOT_FOUND');
    expect(await count()).toBe(0);
    expect(await foreign.count()).toBe(0);
  });

  test.each([['1.005'], [1.5], ['1e3'], ['NaN'], ['12345678901234.00']])(
    'the amount %p is refused before anything runs',
    async (amount) => {
      const { record, count } = setUp();

      const answer = await record(amount);

      expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
      expect(answer.errors?.[0]?.message).toContain('input.amount');
      expect(await count()).toBe(0);
    },
  );
});

describe('reading', () => {
  test('rows of other clinics do not exist, whoever asks and however', async () => {
    const { record } = setUp();
    const { id } = (await record('5')).data.entryRecord.entry;
    const stranger = viewer({ clinicIds: [newId()], scopes: ['journal:read'] });

    const byField = await graph.get(stranger, `query ($id: ID!) { entry(id: $id) { amount } }`, { id });
    const byReference = await graph.get(
      stranger,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Entry { amount } } }`,
      { r: [{ __typename: 'Entry', id }] },
    );

    expect(byField.entry).toBeNull();
    expect(byReference._entities).toEqual([null]);
  });

  test('without a tenant the service role sees no row of any table', async () => {
    await setUp().record('5');
    const tables = await graph.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class JOIN pg_attribute a ON a.attrelid = pg_class.oid AND a.attname = 'clinic_id'
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    expect(tables.map((t) => t.name)).toContain('entry');
    for (const { name } of tables)
      expect({ name, rows: await graph.running.database.read.query(`SELECT 1 FROM ${name}`) }).toEqual({
        name,
        rows: [],
      });
  });

  test('entity references and aliases of one fetch are one statement', async () => {
    const { me, record } = setUp();
    const ids = (await Promise.all(['1', '2', '3'].map((a) => record(a)))).map(
      (a) => a.data.entryRecord.entry.id as string,
    );

    const statements = await graph.statements(() =>
      graph.get(
        me,
        `query ($a: ID!, $b: ID!, $r: [_Any!]!) { a: entry(id: $a) { id } b: entry(id: $b) { id } _entities(representations: $r) { ... on Entry { amount } } }`,
        {
          a: ids[0],
          b: ids[1],
          r: ids.map((id) => ({ __typename: 'Entry', id })),
        },
      ),
    );

    expect(statements).toHaveLength(1);
  });

  test('pages follow each other without gap or repetition and cost one statement each', async () => {
    const { clinicId, me, record } = setUp();
    await Promise.all(['5', '5', '1', '9', '5'].map((a) => record(a)));
    const page = (after: string | null) =>
      graph.get(
        me,
        `query ($c: ID!, $after: String) { entries(clinicId: $c, first: 2, after: $after) { nodes { id amount } pageInfo { hasNextPage endCursor } } }`,
        {
          c: clinicIdText(clinicId),
          after,
        },
      );

    const seen: { id: string; amount: string }[] = [];
    const statements = await graph.statements(async () => {
      for (let after: string | null = null; ;) {
        const { entries } = await page(after);
        seen.push(...entries.nodes);
        if (!entries.pageInfo.hasNextPage) break;
        after = entries.pageInfo.endCursor;
      }
    });

    expect(seen.map((n) => n.amount)).toEqual(['9.00', '5.00', '5.00', '5.00', '1.00']);
    expect(new Set(seen.map((n) => n.id)).size).toBe(5);
    expect(statements).toHaveLength(3);
    const counted = await graph.get(me, `query ($c: ID!) { entries(clinicId: $c, first: 1) { totalCount } }`, {
      c: clinicIdText(clinicId),
    });
    expect(counted.entries.totalCount).toBe(5);
  });

  test.each([[0], [201]])('a page of %p is refused', async (first) => {
    const { clinicId, me } = setUp();

    const answer = await graph.ask(
      me,
      `query ($c: ID!, $f: Int) { entries(clinicId: $c, first: $f) { nodes { id } } }`,
      { c: clinicIdText(clinicId), f: first },
    );

    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argumentPath: ['first'] });
  });

  test.each([['zzz'], ['1e999'], ['infinity'], ['\0']])('a cursor with %p for an amount is refused', async (odd) => {
    const { clinicId, me, record } = setUp();
    await record('5');
    const list = `query ($c: ID!, $after: String) {
      entries(clinicId: $c, after: $after) { edges { cursor } } again: entries(clinicId: $c) { nodes { amount } } }`;
    const { entries } = await graph.get(me, list, { c: clinicIdText(clinicId) });
    const [mark] = JSON.parse(Buffer.from(entries.edges[0].cursor, 'base64url').toString()) as string[];
    const after = Buffer.from(JSON.stringify([mark, odd, newId()])).toString('base64url');

    const answer = await graph.ask(me, list, { c: clinicIdText(clinicId), after });

    expect(answer.errors?.map((e) => e.extensions)).toMatchObject([
      { code: 'BAD_USER_INPUT', argumentPath: ['after'] },
    ]);
    expect(answer.data).toMatchObject({ entries: null, again: { nodes: [{ amount: '5.00' }] } });
  });

  test('a field whose scope is missing is null with FORBIDDEN at its path, the rest stays', async () => {
    const { record } = setUp();
    const made = (await record('5', 'k', { words: 'private' })).data.entryRecord.entry;
    const narrow = viewer({
      clinicIds: [
        (await graph.sql<{ clinic_id: string }>('SELECT clinic_id FROM entry ORDER BY id DESC LIMIT 1'))[0]!.clinic_id,
      ],
    });

    const answer = await graph.ask(narrow, `query ($id: ID!) { entry(id: $id) { amount words } }`, { id: made.id });

    expect(answer.data.entry).toEqual({ amount: '5.00', words: null });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]).toMatchObject({ path: ['entry', 'words'], extensions: { code: 'FORBIDDEN' } });
  });

  test('an error of ours shows its trace id and nothing else', async () => {
    const { me } = setUp();

    const answer = await graph.ask(me, '{ broken }');

    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', traceId: 'test-request' });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('nobody but the gateway is answered', async () => {
    const answer = await graph.running.execute({ query: '{ broken }', identity: 'forged.identity' });

    expect(answer.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(answer.data).toBeUndefined();
  });
});

describe('events', () => {
  const event = (clinicId: string) => ({
    id: newId(),
    type: 'entry.recorded',
    clinicId,
    at: '2026-06-30T16:00:00.000Z',
    data: { amount: '7.00' },
  });
  const total = async (clinicId: string) =>
    (await graph.sql<{ total: string }>('SELECT total FROM balance WHERE clinic_id = $1', [clinicId]))[0]?.total;

  test('an event delivered ten times, at once and again later, is applied once', async () => {
    const clinicId = newId();
    const one = event(clinicId);

    const answers = await Promise.all(Array.from({ length: 9 }, () => graph.deliver(one)));
    answers.push(await graph.deliver(one));

    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([204]));
    expect(await total(clinicId)).toBe('7.00');
  });

  test('an event that is not signed, or signed for another body, is refused', async () => {
    const clinicId = newId();

    const answer = await graph.running.receive(
      { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
      JSON.stringify(event(clinicId)),
    );

    expect(answer.status).toBe(401);
    expect(await total(clinicId)).toBeUndefined();
  });

  test('an event that cannot be applied leaves nothing in the inbox and can come again', async () => {
    const clinicId = newId();
    const bad = { ...event(clinicId), data: { amount: 'many' } };

    expect((await graph.deliver(bad)).status).toBe(500);
    expect(await graph.sql('SELECT 1 FROM inbox WHERE clinic_id = $1', [clinicId])).toEqual([]);
    expect((await graph.deliver({ ...bad, data: { amount: '2.00' } })).status).toBe(204);
  });
});

describe('delivery', () => {
  test('failing deliveries are tried again, what is lost on the way back is applied once, dead letters are replayed', async () => {
    let calls = 0;
    let open = false;
    const arrived: string[] = [];
    const sender = await testSubgraph(journal, {
      runJobs: true,
      transport: (_subscriber, _headers, body) => {
        calls += 1;
        if (!open) return Promise.resolve({ status: 503, body: 'closed' });
        arrived.push((JSON.parse(body) as { id: string }).id);
        return Promise.resolve({ status: 204, body: '' });
      },
    });
    try {
      const clinicId = newId();
      const me = viewer({ clinicIds: [clinicId] });
      await sender.get(me, RECORD, { input: { idempotencyKey: 'k', clinicId: clinicIdText(clinicId), amount: '1' } });
      while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await sender.running.database.worker.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts');
      while ((await sender.running.worker.deadLetters()).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const [dead] = await sender.running.worker.deadLetters();
      expect(dead).toMatchObject({
        subscriber: 'mirror',
        event: { type: 'entry.recorded', clinicId },
        lastError: expect.stringContaining('503'),
      });

      open = true;
      expect(await sender.running.worker.replay()).toBe(1);
      while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));

      expect(arrived).toEqual([dead!.event.id]);
      const before = arrived.length;
      expect(await sender.running.worker.resync(sender.running.definition.resync)).toBe(1);
      while (arrived.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(arrived).toEqual([dead!.event.id, dead!.event.id]);
    } finally {
      await sender.stop();
    }
  });
});

describe('the audit trail', () => {
  test('is chained by the sealer; changing any event afterwards breaks the chain', async () => {
    const { clinicId, record } = setUp();
    await Promise.all(['1', '2', '3'].map((a) => record(a)));

    expect(await verifyAudit(graph.running.database, clinicId)).toEqual({ compared: 0, unsealed: 3, differences: [] });
    await graph.running.worker.seal();
    expect(await verifyAudit(graph.running.database, clinicId)).toEqual({ compared: 3, unsealed: 0, differences: [] });

    await graph.sql(
      `UPDATE audit_event SET note = 'changed' WHERE clinic_id = $1 AND id = (SELECT event_id FROM audit_seal WHERE clinic_id = $1 AND seq = 2)`,
      [clinicId],
    );
    expect((await verifyAudit(graph.running.database, clinicId)).differences).toEqual([
      'audit chain: link 2 does not fit its event',
    ]);
  });

  test('the service can neither change nor delete it', async () => {
    const { clinicId, record } = setUp();
    await record('1');
    const attempt = (sql: string) =>
      transact(graph.running.database, systemViewer(clinicId), clinicId, (tx) => rows(tx, sql));

    await expect(attempt('DELETE FROM audit_event')).rejects.toMatchObject({ code: '42501' });
    await expect(attempt(`UPDATE audit_event SET note = 'x'`)).rejects.toMatchObject({ code: '42501' });
    await expect(attempt('DELETE FROM entry')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('transact', () => {
  test('a swallowed error of a statement commits nothing', async () => {
    const { clinicId, count } = setUp();

    const work = transact(graph.running.database, systemViewer(clinicId), clinicId, async (tx) => {
      await rows(tx, `INSERT INTO entry (clinic_id, id, amount) VALUES ($1, $2, 1)`, [clinicId, newId()]);
      await rows(tx, 'SELECT 1 / 0').catch(() => undefined);
    });

    await expect(work).rejects.toThrow('nothing was committed');
    expect(await count()).toBe(0);
  });

  test('a real deadlock of two use cases ends with both done', async () => {
    const { clinicId, record } = setUp();
    const ids = (await Promise.all(['1', '2'].map((a) => record(a)))).map(() => newId());
    await graph.sql(
      'CREATE TABLE slot (clinic_id uuid, id uuid, n int, PRIMARY KEY (clinic_id, id)); GRANT SELECT, UPDATE ON slot TO journal_app',
    );
    for (const id of ids) await graph.sql('INSERT INTO slot VALUES ($1, $2, 0)', [clinicId, id]);
    const cross = (order: string[]) =>
      transact(graph.running.database, systemViewer(clinicId), clinicId, async (tx) => {
        for (const id of order) {
          await rows(tx, 'UPDATE slot SET n = n + 1 WHERE clinic_id = $1 AND id = $2', [clinicId, id]);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });

    await Promise.all([cross(ids), cross([...ids].reverse())]);

    expect(await graph.sql('SELECT n FROM slot')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  test('amounts round half up, away from zero', () => {
    expect(
      ['2.675', '-2.675', '1.005', '-1.005', '0.005', '-0.005', '10000000000000.005'].map((x) =>
        roundMoney(new Decimal(x)).toFixed(2),
      ),
    ).toEqual(['2.68', '-2.68', '1.01', '-1.01', '0.01', '-0.01', '10000000000000.01']);
  });
});

test('the jobs of a worker that was killed are delivered by the next one, not hours later', async () => {
  const arrived: string[] = [];
  const sender = await testSubgraph(journal, { transport: () => Promise.resolve({ status: 204, body: '' }) });
  try {
    const clinicId = newId();
    await sender.get(viewer({ clinicIds: [clinicId] }), RECORD, {
      input: { idempotencyKey: 'k', clinicId: clinicIdText(clinicId), amount: '1' },
    });
    await sender.running.database.worker.query(
      `UPDATE graphile_worker._private_jobs SET locked_by = 'pool-that-died', locked_at = now()`,
    );

    const next = await testSubgraph(journal, {
      database: sender.database,
      runJobs: true,
      transport: (_subscriber, _headers, body) => {
        arrived.push((JSON.parse(body) as { clinicId: string }).clinicId);
        return Promise.resolve({ status: 204, body: '' });
      },
    });
    while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await next.stop();

    expect(arrived).toEqual([clinicId]);
  } finally {
    await sender.stop();
  }
});
