import type { RunningGateway } from '../src';
import { Circuit } from '../src/sources/circuit';
import { ask, makeWorld, serveHttp, type World } from './fixtures/orders';

let world: World;
let gateway: RunningGateway;
let shop: Awaited<ReturnType<typeof serveHttp>>;
let token: string;
/** Answers that the subgraph gives instead of its own, one request after another. */
let faults: ({ status: number; body: string } | undefined)[] = [];
let delay = 0;

beforeEach(async () => {
  world = await makeWorld();
  faults = [];
  delay = 0;
  const own = world.services['shop'] as NonNullable<World['services']['shop']>;
  shop = await serveHttp(
    async (request) => {
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      return own(request);
    },
    () => faults.shift(),
  );
  gateway = await world.start({
    services: { stock: world.services['stock'] as never },
    serviceUrls: { shop: shop.url },
  });
  token = await world.token({ sub: 'ada', scope: 'shop:read shop:write' });
});
afterEach(async () => {
  await world.stop();
  await shop.close();
});

const BUSY = { status: 503, body: 'starting' };

describe('reads', () => {
  it('are tried once more when the failure may pass', async () => {
    faults = [BUSY];
    const answer = await ask(gateway.url, '{ who }', { token });

    expect(answer.data).toEqual({ who: 'ada' });
    expect(answer.errors).toBeUndefined();
    expect(shop.requests()).toBe(2);
  });

  it('are not tried a third time, nor again after a failure that stays', async () => {
    faults = [BUSY, BUSY];
    expect((await ask(gateway.url, '{ who }', { token })).data).toEqual({ who: null });
    expect(shop.requests()).toBe(2);

    faults = [{ status: 200, body: 'no JSON' }];
    expect((await ask(gateway.url, '{ who }', { token })).data).toEqual({ who: null });
    expect(shop.requests()).toBe(3);
  });

  it('that are equal, of the same caller and under way together share one answer', async () => {
    delay = 100;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(gateway.url, '{ shops { name } }', { token })),
    );

    expect(new Set(answers.map((a) => JSON.stringify(a.data))).size).toBe(1);
    expect(answers[9]?.data?.['shops']).toHaveLength(3);
    expect(shop.requests()).toBe(1);

    await ask(gateway.url, '{ shops { name } }', { token });
    expect(shop.requests()).toBe(2);
  });

  it('of different callers, or with other variables, share nothing', async () => {
    delay = 100;
    const other = await world.token({ sub: 'bob', scope: 'shop:read shop:write' });
    const query = 'query ($t: String!) { echo(text: $t) who }';
    const answers = await Promise.all([
      ask(gateway.url, query, { token, variables: { t: 'x' } }),
      ask(gateway.url, query, { token: other, variables: { t: 'x' } }),
      ask(gateway.url, query, { token, variables: { t: 'y' } }),
    ]);

    expect(answers.map((a) => a.data)).toEqual([
      { echo: 'x', who: 'ada' },
      { echo: 'x', who: 'bob' },
      { echo: 'y', who: 'ada' },
    ]);
    expect(shop.requests()).toBe(3);
  });
});

describe('changes', () => {
  const RENAME = 'mutation { shopRename(id: "1", name: "New") { name } }';

  it('are sent once, whatever comes back', async () => {
    faults = [BUSY];
    const answer = await ask(gateway.url, RENAME, { token });

    expect(answer.data).toEqual({ shopRename: null });
    expect(answer.errors?.[0]?.extensions?.['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect(shop.requests()).toBe(1);
  });

  it('are never merged', async () => {
    delay = 50;
    await Promise.all([ask(gateway.url, RENAME, { token }), ask(gateway.url, RENAME, { token })]);

    expect(shop.requests()).toBe(2);
  });
});

describe('a subgraph that failed five times in a row', () => {
  it('is left alone, while the others go on', async () => {
    faults = Array.from({ length: 5 }, () => ({ status: 500, body: 'crash' }));
    for (let index = 0; index < 5; index += 1) await ask(gateway.url, '{ who }', { token });
    expect(shop.requests()).toBe(5);

    const answer = await ask(gateway.url, '{ who stockTotal }', { token });

    expect(answer.data).toEqual({ who: null, stockTotal: 42 });
    expect(shop.requests()).toBe(5);
  });

  it('is tried by one request when the pause is over, and is back when that succeeds', () => {
    let now = 0;
    const circuit = new Circuit(() => now);
    for (let index = 0; index < 5; index += 1) circuit.failed();

    expect(circuit.admits()).toBe(false);
    now = 5_001;
    expect([circuit.admits(), circuit.admits()]).toEqual([true, false]);
    circuit.succeeded();
    expect([circuit.admits(), circuit.admits(), circuit.isOpen]).toEqual([true, true, false]);
  });
});
