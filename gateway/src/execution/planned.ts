import { operationFromDocument } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { PlanExecutor } from '../plan-executor';
import type { RequestContext } from '../request-context';
import type { SubgraphSource } from '../sources/subgraph-source';
import type { Executor } from './execution';

export interface PlannedExecution {
  readonly execute: Executor;
  /** Takes over a supergraph that was loaded. */
  load(apiSchema: GraphQLSchema): void;
  /** Plans an operation ahead of its first request; false when the stock executor has to run it. */
  warm(key: string, document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean;
}

/**
 * Our executor over the gateway's own planner and subgraphs. The stock one runs what ours does not support: it parses
 * and shapes on every request what ours compiles once.
 */
export function planned(gateway: ApolloGateway, sourceOf: (name: string) => SubgraphSource): PlannedExecution {
  const stock = gateway.executor;
  let current: PlanExecutor | undefined;
  const loaded = () => {
    if (!current) throw new Error('no supergraph is loaded');
    return current;
  };
  return {
    load: (apiSchema) => {
      const { queryPlanner, apiSchema: schema, schema: supergraphSchema } = internals(gateway);
      current = new PlanExecutor({
        apiSchema,
        supergraphSchema,
        plan: (document, operationName) =>
          queryPlanner.buildQueryPlan(
            operationFromDocument(schema, document, operationName === undefined ? {} : { operationName }),
          ),
      });
    },
    warm: (key, document, variables) => loaded().warm({ key, document, operationName: undefined, variables }),
    execute: async (request) => {
      const context = request.context as RequestContext;
      const answer = await loaded().execute({
        key: request.queryHash,
        document: request.document,
        operationName: request.request.operationName,
        variables: (request.request.variables ?? {}) as Readonly<Record<string, unknown>>,
        send: (fetch) => sourceOf(fetch.serviceName).ask(fetch, context),
      });
      if (!answer) return stock(request);
      const { data, errors, completion } = answer;
      return {
        data,
        ...(errors.length > 0 ? { errors } : {}),
        ...(errors.length === 0 && completion.length > 0 ? { extensions: { valueCompletion: completion } } : {}),
      };
    },
  };
}

interface Internals {
  readonly queryPlanner: {
    buildQueryPlan(operation: unknown): ReturnType<ConstructorParameters<typeof PlanExecutor>[0]['plan']>;
  };
  readonly apiSchema: Parameters<typeof operationFromDocument>[0];
  readonly schema: GraphQLSchema;
}

/** The planner that the gateway made of the supergraph; it has no public name, and a second one would cost its memory again. */
function internals(gateway: ApolloGateway): Internals {
  const found = gateway as unknown as Partial<Internals>;
  if (!found.queryPlanner || !found.apiSchema || !found.schema)
    throw new Error('this version of the gateway keeps its planner elsewhere');
  return found as Internals;
}
