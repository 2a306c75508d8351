import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunningGateway } from '../src';
import { RegisteredDocuments } from '../src/documents/registered-documents';
import { ask, makeWorld, type World } from './fixtures/orders';

const SAVED = '# Who asks\nquery WhoAsks { who }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let world: World;
let gateway: RunningGateway;
let folder: string;
let token: string;

beforeAll(async () => {
  world = await makeWorld();
  folder = await mkdtemp(join(tmpdir(), 'operations-'));
  await writeFile(join(folder, 'who.graphql'), SAVED);
  gateway = await world.start({ operationsFolder: folder, metricsToken: 'token of the measures' });
  token = await world.token({ sub: 'ada' });
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

const post = async (body: unknown, bearer = token) => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    ...((await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }),
  };
};
const persisted = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash(text) } } });

describe('documents by their hash', () => {
  it('are registered by the first client and found by the next one', async () => {
    const query = '{ who again: who }';

    expect((await post(persisted(query))).errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post({ query, ...persisted(query) })).data).toEqual({ who: 'ada', again: 'ada' });
    expect((await post(persisted(query))).data).toEqual({ who: 'ada', again: 'ada' });
  });

  it('must be the documents that were hashed', async () => {
    const answer = await post({ query: '{ who }', ...persisted('{ other }') });

    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
  });

  it('are known from the start when they are saved operations, also by a plain id', async () => {
    expect((await post(persisted(SAVED))).data).toEqual({ who: 'ada' });
    expect((await post({ documentId: `sha256:${hash(SAVED)}` })).data).toEqual({ who: 'ada' });
    expect((await post({ documentId: 'sha256:unknown' })).errors?.[0]?.extensions.code).toBe('DOCUMENT_NOT_FOUND');
  });

  it('are nothing that a caller who is not known learns of', async () => {
    const answer = await post({ documentId: 'sha256:unknown' }, 'no token');

    expect(answer.status).toBe(401);
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('take a bounded amount of memory, and never the place of the trusted ones', async () => {
    const documents = new RegisteredDocuments([SAVED]);
    const large = (n: number) => String(n).padEnd(4_000_000, ' ');
    for (const n of [1, 2, 3]) await documents.set(`apq:${hash(large(n))}`, large(n));

    expect(documents.byId(hash(large(1)))).toBeUndefined();
    expect(documents.byId(hash(large(3)))).toBe(large(3));
    expect(documents.byId(hash(SAVED))).toBe(SAVED);
  });
});

describe('a client of trusted documents', () => {
  it('may send what is registered and nothing else', async () => {
    const strict = await world.token({ sub: 'partner', trusted_documents_only: true });
    const query = '{ who here: who }';
    await post({ query, ...persisted(query) });

    expect((await post({ documentId: hash(SAVED) }, strict)).data).toEqual({ who: 'partner' });
    expect((await post(persisted(SAVED), strict)).data).toEqual({ who: 'partner' });
    for (const body of [{ query }, persisted(query), { query: '{ __typename }' }]) {
      const refused = await post(body, strict);
      expect([refused.status, refused.data, refused.errors?.[0]?.extensions.code]).toEqual([
        403,
        undefined,
        'DOCUMENT_NOT_TRUSTED',
      ]);
    }
  });
});

describe('the budget of a client', () => {
  it('is counted in cost points, a new document counts extra, and other clients keep theirs', async () => {
    const strict = await world.start({ rateLimit: { points: 530, seconds: 60 } });
    const poor = await world.token({ sub: 'poor', scope: 'shop:read' });
    const other = await world.token({ sub: 'other', scope: 'shop:read' });
    const query = '{ shops(first: 12) { name } }';

    expect((await ask(strict.url, query, { token: poor })).extensions).toEqual({
      cost: { requested: 12, limit: 50_000 },
    });
    expect((await ask(strict.url, query, { token: poor })).status).toBe(200);
    const refused = await ask(strict.url, query, { token: poor });
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions?.['code']).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(strict.url, query, { token: other })).status).toBe(200);
  });
});

describe('what operators see', () => {
  it('is one line per request, with names and numbers and no variables', async () => {
    world.lines.splice(0);
    const query = 'query Echo($t: String!) { echo(text: $t) domain }';
    const answer = await ask(gateway.url, query, { token, variables: { t: 'Mrs. Patient' } });
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(answer.data?.['echo']).toBe('Mrs. Patient');
    expect(world.lines.filter((line) => line['msg'] === 'request')).toEqual([
      expect.objectContaining({
        traceId: answer.headers.get('x-trace-id'),
        subject: 'ada',
        operationName: 'Echo',
        status: 200,
        cost: 0,
        codes: ['BAD_RANGE'],
      }),
    ]);
    expect(JSON.stringify(world.lines)).not.toContain('Patient');
  });

  it('is measured by saved operation, outcome and subgraph, for holders of the token', async () => {
    await post({ documentId: hash(SAVED) });
    await ask(gateway.url, 'query Invented { who }', { token });
    await ask(gateway.url, '{ who }');
    const refused = await ask(gateway.url, '{ shops(first: 60000) { name } }', { token });
    expect(refused.errors?.[0]?.extensions?.['code']).toBe('TOO_EXPENSIVE');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const url = new URL('/metrics', gateway.url);
    const text = await (await fetch(url, { headers: { authorization: 'Bearer token of the measures' } })).text();

    expect((await fetch(url)).status).toBe(401);
    expect(text).toMatch(/graph_request_seconds_count\{operation="WhoAsks",outcome="ok"\} [1-9]/);
    expect(text).toMatch(/graph_request_seconds_count\{operation="other",outcome="UNAUTHENTICATED"\} [1-9]/);
    expect(text).not.toContain('Invented');
    // What was refused cost nothing.
    expect(Number(/graph_cost_points_total (\d+)/.exec(text)?.[1])).toBeLessThan(1_000);
    expect(text).toMatch(/graph_subgraph_seconds_count\{subgraph="shop",outcome="answered"\} [1-9]/);
    expect(text).toMatch(/graph_documents\{kind="planned"\} [1-9]/);
    expect(text).toMatch(/graph_circuit_open\{subgraph="shop"\} 0/);
  });

  it('is traced from the caller through the gateway to the subgraphs, for a collector', async () => {
    const sent: { spans: Record<string, any>[] }[] = [];
    const collector = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(text) as {
          resourceSpans: { scopeSpans: { spans: Record<string, any>[] }[] }[];
        };
        sent.push(...resourceSpans.flatMap((resource) => resource.scopeSpans));
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const traced = await world.start({
      traceEndpoint: `http://127.0.0.1:${String((collector.address() as AddressInfo).port)}`,
    });
    world.asked.splice(0);
    const traceparent = (flags: string) => `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-${flags}`;
    await ask(traced.url, 'query Who { who }', { token, headers: { traceparent: traceparent('01') } });
    await ask(traced.url, 'query Unwanted { who }', { token, headers: { traceparent: traceparent('00') } });
    await traced.stop();
    collector.close();

    const spans = sent.flatMap((batch) => batch.spans);
    expect(spans.map((span) => [span['name'], span['kind'], span['traceId']])).toEqual([
      ['ask shop', 3, 'ab'.repeat(16)],
      ['graph Who', 2, 'ab'.repeat(16)],
    ]);
    const [call, request] = spans;
    expect(request?.['parentSpanId']).toBe('cd'.repeat(8));
    expect(call?.['parentSpanId']).toBe(request?.['spanId']);
    expect(world.asked[0]?.traceparent).toBe(`00-${'ab'.repeat(16)}-${String(call?.['spanId'])}-01`);
    expect(BigInt(call?.['endTimeUnixNano'] as string)).toBeGreaterThanOrEqual(
      BigInt(call?.['startTimeUnixNano'] as string),
    );
  });

  it('is not open to the public in production', async () => {
    const production = await world.start({ production: true });

    expect((await fetch(new URL('/metrics', production.url))).status).toBe(404);
  });

  it('includes saved operations that no longer fit the supergraph', async () => {
    const stale = await mkdtemp(join(tmpdir(), 'operations-'));
    await writeFile(join(stale, 'old.graphql'), 'query Old { noLongerThere }');
    world.lines.splice(0);
    await world.start({ operationsFolder: stale });
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(world.lines).toContainEqual(
      expect.objectContaining({ name: 'old', msg: 'a saved operation does not fit the supergraph' }),
    );
    await rm(stale, { recursive: true });
  });
});
