import { mkdir, readFile, writeFile } from 'node:fs/promises';

import type { RunningGateway } from '../src';
import { ask, makeWorld, serveHttp, type World } from './fixtures/orders';

let world: World;
let token: string;

beforeAll(async () => {
  world = await makeWorld();
  token = await world.token({ scope: 'shop:read money:read shop:write' });
});
afterAll(() => world.stop());
beforeEach(() => {
  world.asked.splice(0);
  world.lines.splice(0);
});

const QUESTION = '{ shops(first: 2) { name items { name } } stockTotal }';
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const ITEMS = [{ name: 'Item 0' }, { name: 'Item 1' }];

describe('a subgraph over HTTP', () => {
  let gateway: RunningGateway;
  let stock: Awaited<ReturnType<typeof serveHttp>>;
  let bad: { status: number; body: string } | undefined;

  beforeAll(async () => {
    stock = await serveHttp(world.services['stock'] as NonNullable<World['services']['stock']>, () => bad);
    gateway = await world.start({
      services: { shop: world.services['shop'] as never },
      serviceUrls: { stock: stock.url },
    });
  });
  afterAll(() => stock.close());
  beforeEach(() => {
    bad = undefined;
  });

  it('answers as one in the same program does', async () => {
    const answer = await ask(gateway.url, QUESTION, { token });

    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      shops: [1, 2].map((n) => ({ name: `Shop ${String(n)}`, items: ITEMS })),
      stockTotal: 42,
    });
  });

  it.each([
    ['a bad status', 500, 'Internal Server Error'],
    ['a page of a proxy', 200, '<html>maintenance</html>'],
    ['JSON that is no GraphQL response', 200, '{"ok":true}'],
    ['errors that are no list', 200, '{"errors":"none"}'],
  ])('that answers with %s is named by one error, and only its fields are null', async (_name, status, body) => {
    bad = { status, body };
    const answer = await ask(gateway.url, QUESTION, { token });

    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({
      shops: [
        { name: 'Shop 1', items: null },
        { name: 'Shop 2', items: null },
      ],
      stockTotal: null,
    });
    expect(answer.errors).toEqual([
      {
        message: 'The part of the graph named "stock" does not answer; its fields are null.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'stock', traceId: answer.headers.get('x-trace-id') },
      },
    ]);
    expect(JSON.stringify(answer.errors)).not.toContain('maintenance');
  });
});

describe('headers', () => {
  it('of the client are handed on when they are named, those of the subgraph are added, and none is invented', async () => {
    const seen: (Readonly<Record<string, string>> | undefined)[] = [];
    const own = world.services['shop'] as NonNullable<World['services']['shop']>;
    const shop = await serveHttp((request) => {
      seen.push(request.headers);
      return own(request);
    });
    const gateway = await world.start({
      services: {},
      serviceUrls: { shop: shop.url },
      subgraphHeaders: { shop: { 'x-api-key': 'key of the shop' } },
      forwardHeaders: ['Accept-Language'],
    });
    const headers = { 'accept-language': 'de', 'x-other': 'no', 'x-api-key': 'forged', 'x-graph-identity': 'forged' };
    const answer = await ask(gateway.url, '{ who }', { token, headers });
    await shop.close();

    expect(answer.data).toEqual({ who: 'somebody' });
    expect(seen).toEqual([expect.objectContaining({ 'accept-language': 'de', 'x-api-key': 'key of the shop' })]);
    expect(seen[0]).not.toHaveProperty('x-other');
    expect(seen[0]?.['x-graph-identity']).not.toBe('forged');
  });
});

describe('subgraphs that are away', () => {
  it('do not keep the gateway from starting, and readiness names them', async () => {
    const stock = await serveHttp(world.services['stock'] as never);
    const gateway = await world.start({ services: {}, serviceUrls: { stock: stock.url } });
    const ready = await fetch(new URL('/health/ready', gateway.url));
    const answer = await ask(gateway.url, '{ stockTotal shop(id: "1") { name } }', { token });

    expect(await (await fetch(new URL('/health/live', gateway.url))).json()).toEqual({ status: 'live' });
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'degraded',
      isStopping: false,
      subgraphs: [
        { name: 'shop', ok: false, reason: 'unreachable' },
        { name: 'stock', ok: true },
      ],
    });
    expect(answer.data).toEqual({ stockTotal: 42, shop: null });
    expect(answer.errors?.map((e) => e.extensions?.['serviceName'] as string)).toEqual(['shop']);

    await stock.close();
    const unready = await fetch(new URL('/health/ready', gateway.url));
    expect(unready.status).toBe(503);
  });

  it('that do not answer in time are left behind', async () => {
    const gateway = await world.start({ subgraphTimeoutMs: 150 });
    const answer = await ask(gateway.url, '{ slow total: stockTotal }', { token });

    expect(answer.data).toEqual({ slow: null, total: 42 });
    expect(answer.errors?.map((e) => e.extensions?.['code'])).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(world.lines).toContainEqual(
      expect.objectContaining({
        serviceName: 'shop',
        reason: 'no answer within 150 ms',
        traceId: answer.headers.get('x-trace-id'),
      }),
    );
  });
});

describe('a gateway that is stopped', () => {
  it('answers what is under way and takes nothing new', async () => {
    const gateway = await world.start();
    const running = ask(gateway.url, '{ slow who }', { token });
    await until(() => world.asked.length > 0);
    const stopped = gateway.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));

    await expect(fetch(gateway.url)).rejects.toThrow();
    expect((await running).data).toEqual({ slow: null, who: 'somebody' });
    await stopped;
  });
});

describe('errors of subgraphs', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await world.start();
  });

  it('that are meant for clients pass with message, code and path', async () => {
    const answer = await ask(gateway.url, '{ renamed: domain who }', { token });

    expect(answer.data).toEqual({ renamed: null, who: 'somebody' });
    expect(answer.errors).toEqual([
      {
        message: 'The range is too long.',
        path: ['renamed'],
        extensions: { code: 'BAD_RANGE', days: 7, serviceName: 'shop' },
      },
    ]);
  });

  it('that are not are masked with the trace id under which the log has them', async () => {
    const answer = await ask(gateway.url, '{ broken }', { token });

    expect(answer.errors).toEqual([
      {
        message: 'Something went wrong on our side. Give the trace id when you report it.',
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: answer.headers.get('x-trace-id'), serviceName: 'shop' },
      },
    ]);
    expect(world.lines).toContainEqual(
      expect.objectContaining({
        traceId: answer.headers.get('x-trace-id'),
        reason: 'password of the database is hunter2',
      }),
    );
  });

  it('never leave a null without a reason', async () => {
    const gatewayWithHole = await world.start({
      services: {
        ...world.services,
        shop: () => Promise.resolve({ data: { shop: { id: '1', name: 'x', must: null } } }),
      },
    });
    const answer = await ask(gatewayWithHole.url, '{ shop(id: "1") { name must } }', { token });

    expect(answer.data).toEqual({ shop: null });
    expect(answer.errors?.map((e) => [e.extensions?.['code'], e.path])).toEqual([
      ['INCOMPLETE_ANSWER', ['shop', 'must']],
    ]);
  });
});

describe('a supergraph that changes', () => {
  it('comes into force without a restart; an unusable one is refused and the old one stays', async () => {
    const file = `${world.folder}/changing.graphql`;
    const first = await readFile(world.supergraphFile, 'utf8');
    await mkdir(world.folder, { recursive: true });
    await writeFile(file, first);
    const gateway = await world.start({ supergraphFile: file, watchEveryMs: 50 });
    const until = async (check: () => Promise<boolean>) => {
      for (let tries = 0; tries < 60 && !(await check()); tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const typeName = async () => (await ask(gateway.url, '{ stockTotal }', { token })).errors?.[0]?.message ?? 'ok';
    expect(await typeName()).toBe('ok');

    await writeFile(file, first.replace('stockTotal: Int', 'stockSum: Int'));
    await until(async () => (await typeName()) !== 'ok');
    expect(await typeName()).toBe('Cannot query field "stockTotal" on type "Query".');

    await writeFile(file, 'this is no supergraph');
    await until(() => Promise.resolve(world.lines.some((l) => String(l['msg']).includes('the old one stays'))));
    expect(await typeName()).toBe('Cannot query field "stockTotal" on type "Query".');

    await writeFile(file, first);
    await until(async () => (await typeName()) === 'ok');
    expect(await typeName()).toBe('ok');
  });
});
