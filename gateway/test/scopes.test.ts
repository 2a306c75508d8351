import type { RunningGateway } from '../src';
import { ask, makeWorld, type World } from './fixtures/orders';

let world: World;
let gateway: RunningGateway;

beforeAll(async () => {
  world = await makeWorld();
  gateway = await world.start();
});
afterAll(() => world.stop());
beforeEach(() => world.asked.splice(0));

const as = async (scope: string) => world.token({ scope });
const codes = (answer: Awaited<ReturnType<typeof ask>>) => answer.errors?.map((e) => [e.extensions?.['code'], e.path]);

describe('what a caller may see', () => {
  it('answers a root field without its permission with null and FORBIDDEN, and the other fields as usual', async () => {
    const answer = await ask(gateway.url, '{ shops { id } total: stockTotal }', { token: await as('') });

    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ shops: null, total: 42 });
    expect(answer.errors).toEqual([
      {
        message: 'Query.shops needs a permission that you do not have: shop:read.',
        path: ['shops'],
        extensions: { code: 'FORBIDDEN', requiredScopes: [['shop:read']] },
      },
    ]);
    expect(world.asked.map((a) => a.service)).toEqual(['stock']);
  });

  it('asks no subgraph when every root field is forbidden', async () => {
    const answer = await ask(gateway.url, 'mutation { shopRename(id: "1", name: "x") { name } }', {
      token: await as('shop:read'),
    });

    expect(answer.data).toEqual({ shopRename: null });
    expect(codes(answer)).toEqual([['FORBIDDEN', ['shopRename']]]);
    expect(world.asked).toEqual([]);
  });

  it('takes a field below the root out and reports it at every place of the answer', async () => {
    const answer = await ask(gateway.url, '{ shops(first: 2) { money: revenue name owner { secret name } } }', {
      token: await as('shop:read a'),
    });

    expect(JSON.stringify(answer.data)).toBe(
      JSON.stringify({
        shops: [
          { money: null, name: 'Shop 1', owner: { secret: null, name: 'O' } },
          { money: null, name: 'Shop 2', owner: { secret: null, name: 'O' } },
        ],
      }),
    );
    expect(codes(answer)).toEqual([
      ['FORBIDDEN', ['shops', 0, 'money']],
      ['FORBIDDEN', ['shops', 0, 'owner', 'secret']],
      ['FORBIDDEN', ['shops', 1, 'money']],
      ['FORBIDDEN', ['shops', 1, 'owner', 'secret']],
    ]);
    expect(world.asked.every((a) => !/revenue|secret/.test(a.query))).toBe(true);
  });

  it.each([
    ['a b', 'S'],
    ['c', 'S'],
    ['a', null],
    ['b', null],
  ])('takes alternatives of permissions as alternatives: %s', async (scope, secret) => {
    const answer = await ask(gateway.url, '{ shop(id: "1") { owner { secret } } }', { token: await as(scope) });

    expect(answer.data).toEqual({ shop: { owner: { secret } } });
  });

  it('judges a field that requires others by its own permissions, which composition makes cover the inputs', async () => {
    const query = '{ shop(id: "1") { share } }';
    const both = await ask(gateway.url, query, { token: await as('share:read money:read') });
    const one = await ask(gateway.url, query, { token: await as('share:read') });

    expect(both.data).toEqual({ shop: { share: 0.25 } });
    expect(one.data).toEqual({ shop: { share: null } });
    expect(codes(one)).toEqual([['FORBIDDEN', ['shop', 'share']]]);
  });

  it('leaves a selection of forbidden fields only as an object of nulls, and null where the object is null', async () => {
    const query = '{ here: shop(id: "1") { revenue } away: shop(id: "none") { revenue } }';
    const answer = await ask(gateway.url, query, { token: await as('') });

    expect(answer.data).toEqual({ here: { revenue: null }, away: null });
    expect(codes(answer)).toEqual([['FORBIDDEN', ['here', 'revenue']]]);
  });

  it('follows fragments, type names, skip and include', async () => {
    const query = `query ($no: Boolean = false) {
      shop(id: "1") { ...Money __typename name @skip(if: true) ... on Shop @include(if: $no) { hidden: revenue } }
    }
    fragment Money on Shop { revenue kind again: revenue @include(if: $no) }`;
    const answer = await ask(gateway.url, query, { token: await as('') });

    expect(answer.data).toEqual({ shop: { revenue: null, kind: 'CORNER', __typename: 'Shop' } });
    expect(codes(answer)).toEqual([['FORBIDDEN', ['shop', 'revenue']]]);
  });

  it('gives two callers of the same document their own answers', async () => {
    const query = '{ shop(id: "1") { name revenue } }';
    const poor = await ask(gateway.url, query, { token: await as('') });
    const rich = await ask(gateway.url, query, { token: await as('money:read') });
    const poorAgain = await ask(gateway.url, query, { token: await as('other') });

    expect(poor.data).toEqual({ shop: { name: 'Shop 1', revenue: null } });
    expect(rich.data).toEqual({ shop: { name: 'Shop 1', revenue: 100 } });
    expect(rich.errors).toBeUndefined();
    expect(poorAgain.data).toEqual(poor.data);
  });

  it('lets only callers with the permission read the schema, and hides suggestions from the others', async () => {
    const introspection = '{ __schema { queryType { name } } }';
    const without = await ask(gateway.url, introspection, { token: await as('shop:read') });
    const allowed = await ask(gateway.url, introspection, { token: await as('graph:introspect') });
    const typo = await ask(gateway.url, '{ shoops { id } }', { token: await as('shop:read') });
    const typoAllowed = await ask(gateway.url, '{ shoops { id } }', { token: await as('graph:introspect') });
    const value = await ask(gateway.url, 'query ($k: Kind) { echo(text: "a") @include(if: $k) }', {
      token: await as(''),
    });

    expect(without.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    expect(without.data).toBeUndefined();
    expect(allowed.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    expect(typo.errors?.[0]?.message).toBe('Cannot query field "shoops" on type "Query".');
    expect(typoAllowed.errors?.[0]?.message).toContain('Did you mean "shops"');
    expect(value.errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('enforces nothing when identity is switched off, and refuses that in production', async () => {
    const open = await world.start({ auth: 'off', issuer: undefined });
    const answer = await ask(open.url, '{ shops(first: 1) { revenue } }');

    expect(answer.data).toEqual({ shops: [{ revenue: 100 }] });
    expect(world.asked[0]?.viewer).toBeUndefined();
    await expect(world.start({ auth: 'off', production: true })).rejects.toThrow('AUTH=off is refused in production.');
  });
});
