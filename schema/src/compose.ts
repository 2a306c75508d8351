import { composeServices } from '@apollo/composition';
import { lexicographicSortSchema, parse, printSchema, type GraphQLSchema } from 'graphql';

export interface SubgraphSdl {
  /** Name in the supergraph. */
  readonly name: string;
  readonly sdl: string;
}

export interface Composition {
  /** What the gateway runs: standard Federation 2, loads in other gateways and routers too. */
  readonly supergraph: string;
  /** What clients see. */
  readonly api: string;
  readonly apiSchema: GraphQLSchema;
  readonly hints: readonly string[];
}

/** Address that the supergraph names for a subgraph; SUBGRAPH_URL_<NAME> overrides it where the gateway runs. */
const urlOf = (name: string, ports: Readonly<Record<string, number>>) =>
  `http://127.0.0.1:${String(ports[name] ?? 0)}/graphql`;

/** Composes the subgraphs. Throws with every composition error in words. */
export function compose(subgraphs: readonly SubgraphSdl[], ports: Readonly<Record<string, number>>): Composition {
  const result = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: urlOf(name, ports) })),
  );
  if (result.errors)
    throw new Error(`The subgraphs do not compose:\n${result.errors.map((e) => e.message).join('\n')}`);
  const apiSchema = lexicographicSortSchema(result.schema.toAPISchema().toGraphQLJSSchema());
  return {
    supergraph: `${result.supergraphSdl.trim()}\n`,
    api: `${printSchema(apiSchema).trim()}\n`,
    apiSchema,
    hints: result.hints.map((hint) => hint.toString()),
  };
}
