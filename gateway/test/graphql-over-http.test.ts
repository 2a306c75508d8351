import { serverAudits } from 'graphql-http';

import type { RunningGateway } from '../src';
import { makeWorld, type World } from './fixtures/orders';

let world: World;
let gateway: RunningGateway;
let token: string;

beforeAll(async () => {
  world = await makeWorld();
  gateway = await world.start();
  token = await world.token({ scope: 'graph:introspect' });
});
afterAll(() => world.stop());

/** A signed-in client that sends the header which prevention of cross-site requests asks of simple requests. */
const audits = serverAudits({
  url: () => gateway.url,
  fetchFn: (input: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('apollo-require-preflight', 'yes');
    return fetch(input, { ...init, headers });
  },
});

describe('GraphQL over HTTP', () => {
  it('is audited whole', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();

    expect({ status: result.status, ...('reason' in result ? { reason: result.reason } : {}) }).toEqual({
      status: 'ok',
    });
  });
});
