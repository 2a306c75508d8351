import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';

import type { RunningGateway } from '../src';
import { ask, makeWorld, type World } from './fixtures/orders';

const CLINIC = '0190a1b2-0000-7000-8000-000000000001';
const PROVIDER = '0190a1b2-0000-7000-8000-0000000000aa';

let world: World;
let gateway: RunningGateway;

beforeAll(async () => {
  world = await makeWorld();
  gateway = await world.start();
});
afterAll(() => world.stop());
beforeEach(() => world.asked.splice(0));

describe('who asks', () => {
  it('refuses an anonymous caller with 401, also for nonsense, so that he learns nothing of the schema', async () => {
    for (const query of ['{ who }', '{ noSuchField }', '{ __schema { types { name } } }', 'not graphql at all']) {
      const answer = await ask(gateway.url, query);

      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toEqual([
        { message: 'Sign in: the request has no bearer token.', extensions: { code: 'UNAUTHENTICATED' } },
      ]);
    }
    expect(world.asked).toEqual([]);
  });

  it.each([
    ['another audience', { audience: 'elsewhere' }],
    ['another issuer', { issuer: 'https://other.test' }],
    ['an algorithm that is not accepted', { algorithm: 'EdDSA' as const }],
    ['an expired token', { expires: '-1m' }],
  ])('refuses %s', async (_name, options) => {
    const answer = await ask(gateway.url, '{ who }', { token: await world.token({}, options) });

    expect(answer.status).toBe(401);
    expect(answer.errors?.[0]?.message).toBe('Sign in again: the token is not valid.');
    expect(world.asked).toEqual([]);
  });

  it('refuses a token whose signature was changed, and one without a signature', async () => {
    const token = await world.token({});
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] as string}.`;

    expect((await ask(gateway.url, '{ who }', { token: `${token.slice(0, -4)}AAAA` })).status).toBe(401);
    expect((await ask(gateway.url, '{ who }', { token: unsigned })).status).toBe(401);
  });

  it('refuses a token with a malformed clinic instead of dropping it', async () => {
    const answer = await ask(gateway.url, '{ who }', { token: await world.token({ clinics: ['not an id'] }) });

    expect(answer.status).toBe(401);
  });

  it('forwards the caller to the subgraph, signed for that subgraph, with ids as uuids and the trace of the request', async () => {
    const token = await world.token({
      sub: 'ada',
      role: 'doctor',
      scope: 'shop:read money:read',
      clinics: [clinicIdText(CLINIC)],
      providers: [recordIdText(CLINIC, PROVIDER)],
      points: ['PHARMACY'],
      aggregate_only: true,
      purpose: 'treatment',
    });
    const traceId = 'af'.repeat(16);
    const answer = await ask(gateway.url, '{ who }', {
      token,
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });

    expect(answer.data).toEqual({ who: 'ada' });
    expect(answer.headers.get('x-trace-id')).toBe(traceId);
    expect(world.asked[0]?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(world.asked[0]?.viewer).toEqual({
      subject: 'ada',
      role: 'doctor',
      scopes: ['shop:read', 'money:read'],
      clinicIds: [CLINIC],
      restrictions: { providers: [PROVIDER], points: ['PHARMACY'] },
      aggregateOnly: true,
      purpose: 'treatment',
      ip: '127.0.0.1',
      requestId: traceId,
    });
  });

  it('gives every response a trace id', async () => {
    const url = new URL('/nothing/here', gateway.url);
    expect((await fetch(url)).headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  });
});
