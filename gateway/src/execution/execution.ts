import type { ApolloGateway } from '@apollo/gateway';
import { type ExecutionResult, GraphQLError, Kind } from 'graphql';
import type { Logger } from 'pino';

import { completeAnswer } from '../documents/completion';
import { codeOf, isForClients, masked, SubgraphUnavailable } from '../errors';
import type { ReadyOperation, RequestContext } from '../request-context';
import { isSatisfied } from '../supergraph/directives';

export type Executor = ApolloGateway['executor'];
export type ExecutorRequest = Parameters<Executor>[0];

export interface ExecutionOptions {
  /** False runs a supergraph without permissions. */
  readonly enforceScopes: boolean;
  /** False shows errors of subgraphs as they are. */
  readonly maskErrors: boolean;
  readonly log: Logger;
}

/**
 * Runs an operation through the planner's executor: takes out what the caller may not see, puts it back as null with
 * its errors, and makes errors fit to be seen.
 */
export function guarded(execute: Executor, options: ExecutionOptions): Executor {
  return async (request) => {
    const context = request.context as RequestContext;
    const ready = context.operation;
    if (!ready) throw new Error('an operation reached the executor without being checked');
    const { data, errors } = await narrowedRun(execute, request, ready, context, options);
    return { ...(data === undefined ? {} : { data }), ...(errors.length > 0 ? { errors } : {}) };
  };
}

async function narrowedRun(
  execute: Executor,
  request: ExecutorRequest,
  ready: ReadyOperation,
  context: RequestContext,
  options: ExecutionOptions,
): Promise<{ data?: ExecutionResult['data']; errors: GraphQLError[] }> {
  const { prepared, documents, graph, variables } = ready;
  const denied = options.enforceScopes ? prepared.requirements.filter((r) => !isSatisfied(r, context.scopes)) : [];
  if (denied.length === 0) return presentable(await execute(request), context, options);

  const narrowed = documents.narrow(prepared, context.scopes, denied);
  const answer = narrowed.isEmpty
    ? { data: {}, errors: [] }
    : presentable(
        await execute({
          ...request,
          queryHash: `${request.queryHash}:${JSON.stringify(denied)}`,
          operation: narrowed.operation,
          document: { kind: Kind.DOCUMENT, definitions: [narrowed.operation, ...narrowed.fragments.values()] },
        }),
        context,
        options,
      );
  if (answer.data === undefined) return answer;
  const completed = completeAnswer(
    answer.data,
    { schema: graph.schema, operation: prepared.operation, fragments: prepared.fragments, variables },
    narrowed.removed,
  );
  return { data: completed.data, errors: [...answer.errors, ...completed.errors] };
}

/** Errors as a client may see them; what is ours is masked and logged under the trace id. */
function presentable(
  result: Awaited<ReturnType<Executor>>,
  context: RequestContext,
  options: ExecutionOptions,
): { data?: ExecutionResult['data']; errors: GraphQLError[] } {
  const errors: GraphQLError[] = [];
  const away = new Set<string>();
  for (const error of result.errors ?? []) {
    const original = error;
    if (original instanceof SubgraphUnavailable) {
      // One error names the subgraph, however many of its fetches failed.
      if (away.has(original.serviceName)) continue;
      away.add(original.serviceName);
      errors.push(original);
    } else errors.push(presentableError(original, context, options));
  }
  for (const error of incompleteValues(result)) {
    options.log.error(
      { traceId: context.traceId, path: error.path, reason: error.message },
      'a subgraph answered null where it may not',
    );
    errors.push(
      new GraphQLError(error.message, {
        path: error.path,
        extensions: { code: 'INCOMPLETE_ANSWER', traceId: context.traceId },
      }),
    );
  }
  return { ...(result.data === undefined ? {} : { data: result.data }), errors };
}

function presentableError(error: GraphQLError, context: RequestContext, options: ExecutionOptions): GraphQLError {
  const code = codeOf(error);
  const { serviceName, stacktrace: _stack, exception: _exception, ...rest } = error.extensions;
  const name = typeof serviceName === 'string' ? { serviceName } : {};
  if (!options.maskErrors || isForClients(code)) {
    return new GraphQLError(error.message, { path: error.path, extensions: { ...rest, ...name, code } });
  }
  const reason = error.message;
  options.log.error(
    { traceId: context.traceId, ...name, code, path: error.path, reason },
    'a subgraph reported an error',
  );
  return masked(context.traceId, { path: error.path, ...name });
}

/** Nulls that the planner's executor had to put in place; it reports them where clients do not look. */
function incompleteValues(result: {
  extensions?: Record<string, unknown> | null | undefined;
}): readonly GraphQLError[] {
  const values = result.extensions?.['valueCompletion'];
  return Array.isArray(values) ? (values as GraphQLError[]) : [];
}
