import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { operationFromDocument } from '@apollo/federation-internals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { compose } from '@practice-graph/schema';
import { execute, GraphQLError, Kind, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { PlanExecutor, planNames } from '../../src/plan-executor';

/** Two small subgraphs with everything that plans are made of: keys, requires, abstract types, lists of lists, nulls. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@shareable", "@provides", "@interfaceObject"])`;

const library = `${LINK}
type Query { node: Node shelves: [Shelf!] shelf(id: ID!): Shelf media: [Medium] fragile: Fragile strict: Strict! missing: Book nested: [[Book!]!]! search(text: String = "all"): [Found!] }
type Mutation { addBook(title: String!): Book moveBook(id: ID!): Book }
type Shelf @key(fields: "id") { id: ID! label: String books(first: Int = 10): [Book!]! top: Book }
interface Node @key(fields: "id") { id: ID! }
interface Medium { id: ID! title: String }
type Book implements Medium @key(fields: "id") { id: ID! title: String pages: Int weight: Float kind: Kind isbn: ISBN twin: Book quote(currency: String!): Int }
type Film implements Medium @key(fields: "id") { id: ID! title: String minutes: Int! }
union Found = Book | Film | Shelf
type Fragile { good: String bad: String! list: [String!] deep: Deep }
type Deep { value: Int! }
type Strict { name: String }
enum Kind { NOVEL POEM }
scalar ISBN`;

const market = `${LINK}
type Query { offers: [Offer!] }
type Book @key(fields: "id") { id: ID! pages: Int @external weight: Float @external quote(currency: String!): Int @external dollars: Int @requires(fields: "quote(currency: \\"USD\\")") price: Int shipping: Int @requires(fields: "pages weight") seller: Seller reviews: [Review!]! }
type Film @key(fields: "id") { id: ID! price: Int }
type Shelf @key(fields: "id") { id: ID! value: Int }
type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! note: String }
type Seller { name: String! city: String }
type Review { stars: Int! text: String }
type Offer { book: Book! percent: Int }`;

type Row = Record<string, unknown>;
const book = (id: string, more: Row = {}): Row => ({
  __typename: 'Book',
  id,
  title: `Title ${id}`,
  pages: 100 + Number(id),
  weight: 0.5,
  kind: 'NOVEL',
  isbn: { parts: [1, Number(id)] },
  ...more,
});
const film = (id: string): Row => ({ __typename: 'Film', id, title: `Film ${id}`, minutes: 90 });
const books = [book('1'), book('2', { title: null }), book('3', { kind: 'POEM', pages: null }), book('1')];
const fail = (message: string, code?: string) => () => {
  throw new GraphQLError(message, code ? { extensions: { code } } : {});
};

export interface Faults {
  /** Subgraph that does not answer. */
  readonly away?: string;
  /** Entities that the market does not know. */
  readonly unknown?: readonly string[];
  /** Entities whose price fails. */
  readonly failing?: readonly string[];
  /** Answers null where none may be. */
  readonly nulls?: boolean;
}

function schemas(faults: Faults): Record<string, GraphQLSchema> {
  const shelf = (id: string): Row => ({
    __typename: 'Shelf',
    id,
    label: `Shelf ${id}`,
    books: ({ first }: { first: number }) => books.slice(0, first),
    top: id === '2' ? null : books[0],
  });
  return {
    library: buildSubgraphSchema({
      typeDefs: parse(library),
      resolvers: {
        Query: {
          shelves: () => [shelf('1'), shelf('2')],
          shelf: (_: unknown, { id }: { id: string }) => (id === '9' ? null : shelf(id)),
          media: () => [books[0], null, film('7'), books[1]],
          fragile: () => ({
            good: 'yes',
            bad: fail('bad broke', 'BROKEN'),
            list: ['a', null],
            deep: { value: faults.nulls ? null : 1 },
          }),
          strict: () => ({ name: fail('no name') }),
          missing: () => null,
          node: () => ({ __typename: 'Node', id: '1' }),
          nested: () => [[books[0], books[1]], [], [books[2]]],
          search: (_: unknown, { text }: { text: string }) => (text === 'all' ? [books[0], film('8'), shelf('1')] : []),
        },
        Mutation: {
          addBook: (_: unknown, { title }: { title: string }) => book('5', { title }),
          moveBook: fail('not movable', 'REFUSED'),
        },
        Book: {
          __resolveReference: ({ id }: { id: string }) => book(id),
          quote: ({ id }: { id: string }, { currency }: { currency: string }) =>
            Number(id) * (currency === 'USD' ? 2 : 1_000),
          twin: ({ id }: { id: string }) => (id === '1' ? book('2') : null),
        },
        Film: { __resolveReference: ({ id }: { id: string }) => film(id) },
        Shelf: { __resolveReference: ({ id }: { id: string }) => shelf(id) },
      },
    }),
    market: buildSubgraphSchema({
      typeDefs: parse(market),
      resolvers: {
        Query: {
          offers: () => [
            { book: { id: '1' }, percent: 5 },
            { book: { id: '2' }, percent: null },
          ],
        },
        Book: {
          __resolveReference: (reference: Row) =>
            faults.unknown?.includes(String(reference['id'])) ? null : reference,
          price: ({ id }: { id: string }) => {
            if (faults.failing?.includes(id))
              throw new GraphQLError(`no price of ${id}`, { extensions: { code: 'NO_PRICE' } });
            return 10 * Number(id);
          },
          shipping: ({ pages, weight }: { pages: number | null; weight: number }) =>
            pages === null ? null : Math.round(pages * weight),
          dollars: ({ quote }: { quote: number }) => quote,
          seller: ({ id }: { id: string }) =>
            id === '2' ? null : { name: faults.nulls ? null : `Seller ${id}`, city: 'Town' },
          reviews: ({ id }: { id: string }) => [
            { stars: Number(id), text: null },
            { stars: faults.nulls ? null : 5, text: 'good' },
          ],
        },
        Film: { __resolveReference: (reference: Row) => reference, price: () => 3 },
        Shelf: {
          __resolveReference: (reference: Row) => reference,
          value: ({ id }: { id: string }) => Number(id) * 1_000,
        },
      },
    }),
  };
}

export interface World {
  stock(query: string, variables?: Row): Promise<ExecutionResult>;
  ours(query: string, variables?: Row): Promise<ExecutionResult | undefined>;
  /** Requests to subgraphs since the last look: who was asked, for how many representations. */
  requests(): readonly string[];
  stop(): Promise<void>;
}

/** The same two subgraphs behind the stock executor and behind ours. */
export async function openWorld(faults: Faults = {}): Promise<World> {
  const { supergraph } = compose(
    [
      { name: 'library', sdl: library },
      { name: 'market', sdl: market },
    ],
    {},
  );
  const served = schemas(faults);
  let asked: string[] = [];
  const ask = async (serviceName: string, query: string, variables: Row): Promise<ExecutionResult> => {
    const { representations } = variables;
    asked.push(Array.isArray(representations) ? `${serviceName} ${String(representations.length)}` : serviceName);
    if (faults.away === serviceName) throw new GraphQLError(`${serviceName} is away`, { extensions: { code: 'AWAY' } });
    const answer = await execute({ schema: served[serviceName]!, document: parse(query), variableValues: variables });
    return JSON.parse(JSON.stringify(answer)) as ExecutionResult;
  };
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    buildService: ({ name }) =>
      ({
        process: ({ request }) => ask(name, request.query ?? '', (request.variables ?? {}) as Row),
      }) as GraphQLDataSource,
  });
  const { executor } = await gateway.load();
  const executorOfOurs = new PlanExecutor({
    apiSchema: apiOf(gateway),
    supergraphSchema: gateway.schema!,
    names: planNames(parse(supergraph)),
    plan: (document, operationName) =>
      gateway['queryPlanner']!.buildQueryPlan(
        operationFromDocument(gateway['apiSchema'], document, operationName === undefined ? {} : { operationName }),
      ),
  });
  return {
    stock: async (query, variables = {}) => {
      const document = parse(query);
      return (await executor({
        request: { query, variables },
        document,
        queryHash: query,
        operation: document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION),
        operationName: null,
        schema: gateway.schema,
        cache: undefined,
        context: {},
        metrics: {},
        logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
        source: query,
        overallCachePolicy: { policyIfCacheable: () => undefined },
      } as never)) as ExecutionResult;
    },
    ours: async (query, variables = {}) => {
      const answer = await executorOfOurs.execute({
        key: query,
        document: parse(query),
        operationName: undefined,
        variables,
        send: (fetch) => ask(fetch.serviceName, fetch.query, fetch.variables),
      });
      if (!answer) return undefined;
      if (answer.errors.length > 0) return { data: answer.data, errors: answer.errors };
      return answer.completion.length > 0
        ? { data: answer.data, extensions: { valueCompletion: answer.completion } }
        : { data: answer.data };
    },
    requests: () => {
      const seen = asked;
      asked = [];
      return seen;
    },
    stop: () => gateway.stop(),
  };
}

const apiOf = (gateway: ApolloGateway): GraphQLSchema => gateway['apiSchema']!.toGraphQLJSSchema();
