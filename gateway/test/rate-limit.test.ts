import { Client } from 'pg';

import { ask, makeWorld, type World } from './fixtures/orders';

const DATABASE = `rate_limit_${String(process.pid)}`;
const ADMIN = process.env['PG_ADMIN'] ?? '';
const address = new URL(ADMIN);
address.pathname = DATABASE;

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: ADMIN });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
const dropDatabase = () => asAdmin(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);

let world: World;

beforeAll(async () => {
  await asAdmin(`CREATE DATABASE ${DATABASE}`);
  world = await makeWorld();
});
afterAll(async () => {
  await world.stop();
  await dropDatabase();
});

describe('a budget in a database', () => {
  it('is shared by several gateways, and goes on in each of them when the database is gone', async () => {
    const rateLimit = { points: 530, databaseUrl: address.href };
    const [one, two] = [await world.start({ rateLimit }), await world.start({ rateLimit })];
    const token = await world.token({ sub: 'poor', scope: 'shop:read' });
    const query = '{ shops(first: 12) { name } }';

    // A new document counts extra in the gateway that meets it first: 500 + 12 in one, 500 + 12 in the other.
    expect((await ask(one.url, query, { token })).status).toBe(200);
    const refused = await ask(two.url, query, { token });
    expect([refused.status, refused.errors?.[0]?.extensions?.['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    await dropDatabase();
    expect((await ask(one.url, query, { token })).status).toBe(200);
  });

  it('keeps the gateway from starting when it cannot be reached, in one sentence', async () => {
    address.pathname = 'no_such_database';

    await expect(world.start({ rateLimit: { databaseUrl: address.href } })).rejects.toThrow(
      'The database of the rate limit cannot be used: database "no_such_database" does not exist',
    );
  });
});
