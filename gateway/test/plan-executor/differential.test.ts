import type { ExecutionResult, GraphQLError } from 'graphql';
import { openWorld, type Faults, type World } from './world';

/** Operations whose answers must be those of the stock executor, whatever goes wrong behind them. */
const CORPUS: readonly (readonly [string, Record<string, unknown>?])[] = [
  ['{ shelves { id label } }'],
  ['{ shelves { id value books { id title price } } }'],
  ['{ shelves { books { shipping } } }'],
  [
    '{ shelves { books(first: 2) { title pages kind isbn weight seller { name city } reviews { stars text } } top { price twin { price shipping } } } }',
  ],
  [
    '{ a: shelf(id: "1") { label x: books(first: 1) { id p: price } } b: shelf(id: "9") { label value } c: shelf(id: "2") { top { price } } }',
  ],
  ['{ media { __typename id title ... on Book { pages price } ... on Film { minutes price } } }'],
  ['{ media { kindOf: __typename ... on Film { m: minutes } } }'],
  [
    '{ search { __typename ... on Book { id price } ... on Film { title } ... on Shelf { value books(first: 1) { seller { name } } } } }',
  ],
  ['query ($t: String) { search(text: $t) { ... on Book { id } } }', { t: 'none' }],
  ['query ($t: String) { search(text: $t) { ... on Book { id } } }'],
  ['{ nested { id price } }'],
  ['{ nested { ...B } } fragment B on Book { title ...P seller { city } } fragment P on Book { price title }'],
  ['{ missing { id price } }'],
  ['{ fragile { good bad } }'],
  ['{ fragile { good list deep { value } } }'],
  ['{ fragile { deep { value } } shelves { id } }'],
  ['{ strict { name } }'],
  ['{ offers { percent book { id title price shipping } } shelves { id } }'],
  [
    'query ($s: Boolean!, $i: Boolean = true) { shelves { id label @skip(if: $s) books @include(if: $i) { title price @skip(if: $s) } } }',
    { s: true },
  ],
  [
    'query ($s: Boolean!, $i: Boolean = true) { shelves { id label @skip(if: $s) books @include(if: $i) { title price @skip(if: $s) } } }',
    { s: false, i: false },
  ],
  [
    'query ($s: Boolean!) { shelf(id: "1") { ... @include(if: $s) { label value } ... @skip(if: $s) { id } } }',
    { s: true },
  ],
  [
    'query ($s: Boolean!) { shelf(id: "1") { ... @include(if: $s) { label value } ... @skip(if: $s) { id } } }',
    { s: false },
  ],
  ['{ __typename shelf(id: "1") { __typename id } }'],
  ['mutation { addBook(title: "New") { id title price } }'],
  [
    'mutation { a: addBook(title: "One") { price } b: moveBook(id: "1") { id price } c: addBook(title: "Two") { title } }',
  ],
  ['mutation ($t: String!) { addBook(title: $t) { title shipping reviews { stars } } }', { t: 'x' }],
  ['{ shelves { books { title } books { price } top { id } ... on Shelf { top { title seller { name } } } } }'],
];

const FAULTS: readonly (readonly [string, Faults])[] = [
  ['nothing goes wrong', {}],
  ['the market is away', { away: 'market' }],
  ['the library is away', { away: 'library' }],
  ['the market does not know book 2', { unknown: ['2'] }],
  ['the price of books 1 and 3 fails', { failing: ['1', '3'] }],
  ['nulls come where none may be', { nulls: true }],
  ['much goes wrong', { nulls: true, failing: ['2'], unknown: ['3'] }],
];

const told = (errors: readonly GraphQLError[] | undefined) =>
  [
    ...new Set(
      (errors ?? []).map((e) =>
        JSON.stringify([e.message, e.path?.join('.') ?? '', e.extensions['code'], e.extensions['serviceName']]),
      ),
    ),
  ].sort();

const comparable = (answer: ExecutionResult | undefined) => ({
  data: JSON.parse(JSON.stringify(answer?.data ?? null)) as unknown,
  errors: told(answer?.errors),
  completion: told(answer?.extensions?.['valueCompletion'] as GraphQLError[] | undefined),
});

describe.each(FAULTS)('when %s', (_, faults) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(faults);
  });
  afterAll(() => world.stop());

  test.each(CORPUS.map(([query, variables = {}]) => ({ query, variables })))(
    '$query answers as the stock executor does',
    async ({ query, variables }) => {
      const ours = await world.ours(query, variables);
      const stock = await world.stock(query, variables);

      expect(ours).toBeDefined();
      expect(comparable(ours)).toEqual(comparable(stock));
      expect(Object.keys((ours?.data ?? {}) as object)).toEqual(Object.keys((stock.data ?? {}) as object));
    },
  );
});

test('objects that stand for the same record are asked for once', async () => {
  const world = await openWorld();
  const query = '{ shelves { books { id price } } }';
  world.requests();

  const ours = await world.ours(query);

  // Four books on each of two shelves, of which two are the same one.
  expect(world.requests()).toEqual(['library', 'market 3']);
  expect((ours?.data as { shelves: { books: unknown[] }[] }).shelves.map((s) => s.books)).toEqual([
    ['1', '2', '3', '1'].map((id) => ({ id, price: 10 * Number(id) })),
    ['1', '2', '3', '1'].map((id) => ({ id, price: 10 * Number(id) })),
  ]);
  await world.stop();
});

describe('a name that the client gives to something else', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ failing: ['2'] });
  });
  afterAll(() => world.stop());
  const ask = async (query: string) => {
    const { data, errors } = (await world.ours(query)) as ExecutionResult<{ shelf: { books: unknown[] } }>;
    return { books: data?.shelf.books, errors: (errors ?? []).map(({ message, path }) => ({ message, path })) };
  };

  test('never reaches a subgraph as a key', async () => {
    const { books } = await ask('{ shelf(id: "1") { books(first: 1) { id: title sold: __typename price } } }');

    expect(books).toEqual([{ id: 'Title 1', sold: 'Book', price: 10 }]);
  });

  test('never reaches a subgraph as an input of @requires', async () => {
    const { books } = await ask(
      '{ shelf(id: "1") { books(first: 1) { ...B } } } fragment B on Book { pages: weight weight: title shipping }',
    );

    // 101 pages of 0.5 each.
    expect(books).toEqual([{ pages: 0.5, weight: 'Title 1', shipping: 51 }]);
  });

  test('never stands for the type of an object', async () => {
    const { books } = await ask('{ shelf(id: "1") { books(first: 1) { __typename: title price } } }');

    expect(books).toEqual([{ __typename: 'Title 1', price: 10 }]);
  });

  test('is the name in the places of errors', async () => {
    const { books, errors } = await ask('{ shelf(id: "1") { books(first: 2) { pages: price } } }');

    expect(books).toEqual([{ pages: 10 }, { pages: null }]);
    expect(errors).toEqual([{ message: 'no price of 2', path: ['shelf', 'books', 1, 'pages'] }]);
  });

  test('arguments of the client and of @requires do not mix', async () => {
    const { books } = await ask('{ shelf(id: "1") { books(first: 1) { quote(currency: "EUR") dollars } } }');

    expect(books).toEqual([{ quote: 1_000, dollars: 2 }]);
  });

  test('stays apart from a name of the client that looks like ours', async () => {
    const { books } = await ask('{ shelf(id: "1") { books(first: 1) { id: title id_asked: kind price } } }');

    expect(books).toEqual([{ id: 'Title 1', id_asked: 'NOVEL', price: 10 }]);
  });
});

test('what no subgraph can answer is an error and not a silent null', async () => {
  const world = await openWorld();
  const answer = await world.ours('{ node { note } }');

  expect(answer?.data).toBeNull();
  expect(answer?.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNANSWERABLE']);
  await world.stop();
});

test('introspection is left to the stock executor before anything is sent', async () => {
  const world = await openWorld();
  world.requests();

  expect(await world.ours('{ __schema { queryType { name } } shelves { id } }')).toBeUndefined();
  expect(world.requests()).toEqual([]);
  await world.stop();
});
