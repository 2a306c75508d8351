import type { RunningGateway } from '../src';
import { ask, makeWorld, type World } from './fixtures/orders';

let world: World;
let gateway: RunningGateway;
let token: string;

beforeAll(async () => {
  world = await makeWorld();
  gateway = await world.start({ limits: { cost: 2_000, bodyBytes: 20_000, tokens: 500 } });
  token = await world.token({ scope: 'shop:read money:read' });
});
afterAll(() => world.stop());
beforeEach(() => world.asked.splice(0));

const get = (search: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}?${new URLSearchParams(search).toString()}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });

describe('limits', () => {
  const nested = (levels: number) => `{ shop(id: "1") ${'{ owner '.repeat(levels)} { name } ${'}'.repeat(levels)} }`;

  it.each([
    ['TOO_DEEP', nested(20)],
    [
      'TOO_MANY_ALIASES',
      `{ shop(id: "1") { ${Array.from({ length: 31 }, (_, i) => `a${String(i)}: name`).join(' ')} } }`,
    ],
    ['TOO_MANY_DIRECTIVES', `{ who ${'@skip(if: false) '.repeat(9)} }`],
    ['TOO_MANY_ROOT_FIELDS', `{ ${'who '.repeat(21)} }`],
    ['TOO_MANY_TOKENS', `{ ${'who '.repeat(600)} }`],
    ['TOO_EXPENSIVE', '{ shops(first: 200) { items(first: 100) { name } } }'],
  ])('refuses an operation beyond the limit with %s, and asks no subgraph', async (code, query) => {
    const answer = await ask(gateway.url, query, { token });

    expect(answer.errors?.map((e) => e.extensions?.['code'])).toEqual([code]);
    expect(answer.data).toBeUndefined();
    expect(world.asked).toEqual([]);
  });

  it('measures fragments, once each for aliases and at every place for depth', async () => {
    const inFragment = `{ shop(id: "1") { ...a ...a } } fragment a on Shop { ${Array.from({ length: 20 }, (_, i) => `n${String(i)}: name`).join(' ')} }`;
    const circle = '{ shop(id: "1") { ...a } } fragment a on Shop { ...b } fragment b on Shop { ...a }';

    expect((await ask(gateway.url, inFragment, { token })).errors).toBeUndefined();
    expect((await ask(gateway.url, circle, { token })).errors?.[0]?.extensions?.['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
  });

  it('stops counting an operation that unfolds to very many fields', async () => {
    const fragments = Array.from(
      { length: 18 },
      (_, i) => `fragment f${String(i)} on Shop { ...f${String(i + 1)} ...f${String(i + 1)} }`,
    );
    const bomb = `{ shop(id: "1") { ...f0 } } ${fragments.join(' ')} fragment f18 on Shop { name }`;
    const answer = await ask(gateway.url, bomb, { token });

    expect(answer.errors?.map((e) => e.extensions?.['code'])).toEqual(['TOO_EXPENSIVE']);
    expect(world.asked).toEqual([]);
  });

  it('counts what the largest answer would cost by weights, pages and variables, and says so', async () => {
    const query = 'query ($n: Int = 2) { shops(first: $n) { name items(first: 5) { name } } }';
    const byDefault = await ask(gateway.url, query, { token });
    const byVariable = await ask(gateway.url, query, { token, variables: { n: 4 } });

    expect(byDefault.extensions).toEqual({ cost: { requested: 12, limit: 2_000 } });
    expect(byVariable.extensions).toEqual({ cost: { requested: 24, limit: 2_000 } });
  });

  it('does not let a negative page size pay for another field', async () => {
    const query = '{ cheap: shops(first: -1000000) { id } dear: shops(first: 200) { items(first: 100) { name } } }';

    expect((await ask(gateway.url, query, { token })).errors?.[0]?.extensions?.['code']).toBe('TOO_EXPENSIVE');
  });

  it('refuses a body that is too large before reading it as an operation', async () => {
    const answer = await ask(gateway.url, `{ who } # ${'x'.repeat(30_000)}`, { token });

    expect(answer.status).toBe(413);
    expect(answer.errors?.[0]?.extensions?.['code']).toBe('BODY_TOO_LARGE');
  });

  it('takes one operation per request', async () => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify([{ query: '{ who }' }, { query: '{ who }' }]),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BATCHING_NOT_ALLOWED' } }] });
  });
});

describe('requests', () => {
  it('answers a query by GET, and refuses a mutation there', async () => {
    const query = await get({ query: '{ who }' }, { 'apollo-require-preflight': 'yes' });
    const mutation = await get(
      { query: 'mutation { shopRename(id: "1", name: "x") { id } }' },
      { 'apollo-require-preflight': 'yes' },
    );

    expect(query.status).toBe(200);
    expect(await query.json()).toMatchObject({ data: { who: 'somebody' } });
    expect(mutation.status).toBe(405);
    expect(mutation.headers.get('allow')).toBe('POST');
  });

  it('says which methods there are when it is asked by another', async () => {
    const answer = await fetch(gateway.url, { method: 'PUT', body: '{}' });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it('refuses what a page of another origin could send without a preflight', async () => {
    const byLink = await get({ query: '{ who }' });
    const byForm = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ who }' }),
    });

    expect(byLink.status).toBe(400);
    expect(byForm.status).toBe(400);
    expect(world.asked).toEqual([]);
  });

  it('names what is wrong with variables', async () => {
    const query = 'query ($text: String!) { echo(text: $text) }';
    const missing = await ask(gateway.url, query, { token });
    const wrong = await ask(gateway.url, query, {
      token,
      variables: { text: 5 },
      headers: { accept: 'application/graphql-response+json' },
    });

    expect(missing.errors?.[0]).toMatchObject({
      message: 'Variable "$text" of required type "String!" was not provided.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(wrong.status).toBe(400);
    expect(world.asked).toEqual([]);
  });

  it('chooses the operation by its name', async () => {
    const query = 'query A { who } query B { stockTotal }';
    const named = await ask(gateway.url, query, { token, operationName: 'B' });
    const unnamed = await ask(gateway.url, query, { token });
    const unknown = await ask(gateway.url, query, { token, operationName: 'C' });

    expect(named.data).toEqual({ stockTotal: 42 });
    expect(unnamed.errors?.[0]?.extensions?.['code']).toBe('OPERATION_RESOLUTION_FAILURE');
    expect(unknown.errors?.[0]?.extensions?.['code']).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('answers many requests at once, each caller with his own name', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `caller-${String(i)}`);
    const answers = await Promise.all(
      names.map(async (sub) => ask(gateway.url, '{ who }', { token: await world.token({ sub }) })),
    );

    expect(answers.map((a) => a.data?.['who'] as string)).toEqual(names);
  });

  it('lets running requests end before it stops, and takes no new ones', async () => {
    const other = await world.start();
    const running = ask(other.url, '{ slow }', { token });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await other.stop();

    expect(await running).toMatchObject({ status: 200, data: { slow: null } });
    await expect(ask(other.url, '{ who }', { token })).rejects.toThrow();
  });

  it('says in one line that a port is in use, or that there is no supergraph', async () => {
    const port = Number(new URL(gateway.url).port);

    await expect(world.start({ port })).rejects.toThrow(`Port ${String(port)} is in use. Set PORT to a free one.`);
    await expect(world.start({ supergraphFile: '/nowhere.graphql' })).rejects.toThrow(
      /^The supergraph cannot be read .* Compose it first, or set SUPERGRAPH\.$/,
    );
  });
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string) =>
    fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('may ask when their origin is known, and are left to the refusal of the browser otherwise', async () => {
    const open = await world.start({ corsOrigins: ['https://app.test'] });
    const known = await preflight(open.url, 'https://app.test');
    const answer = await ask(open.url, '{ who }', { token, headers: { origin: 'https://app.test' } });
    const unknown = await preflight(open.url, 'https://evil.test');

    expect([known.status, known.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.test']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(unknown.headers.get('access-control-allow-origin')).toBeNull();
    expect((await preflight(gateway.url, 'https://app.test')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('demo personas', () => {
  const demo = {
    personas: [{ name: 'owner', title: 'Owner' }],
    token: (name: string) => world.token({ sub: name, scope: 'shop:read' }),
  };

  it('lists them, gives a token for one, and opens the schema', async () => {
    const open = await world.start({ demo });
    const at = (path: string) => new URL(path, open.url);
    const given = (await (
      await fetch(at('/demo/token'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"as":"owner"}',
      })
    ).json()) as { token: string };

    expect(await (await fetch(at('/demo/personas'))).json()).toEqual(demo.personas);
    expect((await ask(open.url, '{ who __schema { queryType { name } } }', { token: given.token })).data).toEqual({
      who: 'owner',
      __schema: { queryType: { name: 'Query' } },
    });
    expect(
      (
        await fetch(at('/demo/token'), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"as":"nobody"}',
        })
      ).status,
    ).toBe(400);
  });

  it('are not there without the demo mode, and refused in production', async () => {
    expect((await fetch(new URL('/demo/personas', gateway.url))).status).toBe(404);
    await expect(world.start({ demo, production: true })).rejects.toThrow('Demo personas are refused in production.');
  });
});
