import type { ApolloGateway } from '@apollo/gateway';
import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlanner } from '@apollo/query-planner';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, Kind, parse } from 'graphql';

import { PlanExecutor, planNames, type SubgraphFetch } from '../plan-executor';
import type { RequestContext } from '../request-context';

type Executor = ApolloGateway['executor'];
export type ExecutorRequest = Parameters<Executor>[0];

/** What came out of running a plan, before it is made fit for clients. */
export interface RunResult {
  readonly data?: ExecutionResult['data'];
  readonly errors: readonly GraphQLError[];
  /** Nulls that had to be put in place because a subgraph answered null where none may be. */
  readonly completion: readonly GraphQLError[];
}

export interface PlannedRun {
  run(request: ExecutorRequest, key: string): Promise<RunResult>;
  /** Plans an operation ahead of its first request. */
  warm(key: string, document: ExecutorRequest['document'], operationName: string | undefined): void;
  /** Operations whose plans are kept. */
  kept(): number;
  /** To be called for every new supergraph, whose plans are new. */
  renew(apiSchema: GraphQLSchema, supergraphSdl: string): void;
}

/** Sends one fetch of a plan to its subgraph. */
export type Send = (fetch: SubgraphFetch, context: RequestContext) => Promise<ExecutionResult>;

/**
 * Runs operations with our own executor over the planner's plans, and leaves what that does not support (reading the
 * schema, rewriting of data) to the planner's executor.
 */
export function plannedRun(gateway: ApolloGateway, stock: Executor, send: Send): PlannedRun {
  let ours: PlanExecutor | undefined;

  const renew = (apiSchema: GraphQLSchema, supergraphSdl: string) => {
    const loaded = internals(gateway);
    ours = new PlanExecutor({
      apiSchema,
      supergraphSchema: loaded.supergraphSchema,
      names: planNames(parse(supergraphSdl, { noLocation: true })),
      plan: (document, operationName) =>
        loaded.queryPlanner.buildQueryPlan(
          operationFromDocument(loaded.apiSchema, document, operationName ? { operationName } : {}),
        ),
    });
  };
  return {
    renew,
    kept: () => ours?.kept ?? 0,
    warm: (key, document, operationName) => {
      ours?.warm({ key, document, operationName, variables: {} });
    },
    run: async (request, key) => {
      const context = request.context as RequestContext;
      // The chosen operation runs under its own name, so that its plan is found whether or not the client named it.
      const operationName = request.operation.name?.value;
      const { variables } = request.request;
      const answer = await ours?.execute({
        key,
        document: request.document,
        operationName,
        variables: variables ?? {},
        send: (fetch) => send(fetch, context),
      });
      if (answer) return answer;
      const result = await stock({ ...request, queryHash: key });
      const { errors = [], extensions } = result;
      const completion = (extensions?.['valueCompletion'] ?? []) as GraphQLError[];
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        errors: errors,
        completion,
      };
    },
  };
}

/** The document of a single operation with its fragments. */
export const documentOf = (
  operation: NonNullable<ExecutorRequest['operation']>,
  fragments: Iterable<Extract<ExecutorRequest['document']['definitions'][number], { kind: Kind.FRAGMENT_DEFINITION }>>,
): ExecutorRequest['document'] => ({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] });

interface Internals {
  readonly queryPlanner: QueryPlanner;
  readonly apiSchema: Schema;
  readonly supergraphSchema: GraphQLSchema;
}

/** What the gateway made of the supergraph has no public name, and making it twice would cost its time and memory again. */
function internals(gateway: ApolloGateway): Internals {
  const found = gateway as unknown as Partial<Internals>;
  if (!found.queryPlanner || !found.apiSchema || !found.supergraphSchema) {
    throw new Error('this version of the gateway keeps its planner elsewhere');
  }
  return found as Internals;
}
