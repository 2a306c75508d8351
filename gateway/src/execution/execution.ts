import type { ApolloGateway } from '@apollo/gateway';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';

import { completeAnswer } from '../documents/completion';
import { codeOf, isForClients, masked, SubgraphUnavailable } from '../errors';
import type { ReadyOperation, RequestContext } from '../request-context';
import { isSatisfied } from '../supergraph/directives';
import { documentOf, type ExecutorRequest, type PlannedRun, type RunResult } from './planned-run';

export interface ExecutionOptions {
  /** False runs a supergraph without permissions. */
  readonly enforceScopes: boolean;
  /** False shows errors of subgraphs as they are. */
  readonly maskErrors: boolean;
  readonly log: Logger;
}

interface Answer {
  readonly data?: ExecutionResult['data'];
  readonly errors: readonly GraphQLError[];
}

/**
 * Runs an operation: takes out what the caller may not see, puts it back as null with its errors, and makes errors fit
 * to be seen.
 */
export function guarded(planned: PlannedRun, options: ExecutionOptions): ApolloGateway['executor'] {
  return async (request) => {
    const context = request.context as RequestContext;
    const ready = context.progress.operation;
    if (!ready) throw new Error('an operation reached the executor without being checked');
    context.progress.hasRun = true;
    const { data, errors } = await answerOf(planned, request, ready, context, options);
    return { ...(data === undefined ? {} : { data }), ...(errors.length > 0 ? { errors } : {}) };
  };
}

async function answerOf(
  planned: PlannedRun,
  request: ExecutorRequest,
  ready: ReadyOperation,
  context: RequestContext,
  options: ExecutionOptions,
): Promise<Answer> {
  const { prepared, documents, graph, variables } = ready;
  const denied = options.enforceScopes ? prepared.requirements.filter((r) => !isSatisfied(r, context.scopes)) : [];
  if (denied.length === 0) return presentable(await planned.run(request, prepared.key), context, options);

  const narrowed = documents.narrow(prepared, context.scopes, denied);
  const answer: Answer = narrowed.isEmpty
    ? { data: {}, errors: [] }
    : presentable(
        await planned.run(
          {
            ...request,
            operation: narrowed.operation,
            document: documentOf(narrowed.operation, narrowed.fragments.values()),
          },
          `${prepared.key}:${JSON.stringify(denied)}`,
        ),
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
function presentable(result: RunResult, context: RequestContext, options: ExecutionOptions): Answer {
  const errors: GraphQLError[] = [];
  const away = new Set<string>();
  for (const error of result.errors) {
    if (error instanceof SubgraphUnavailable) {
      // One error names the subgraph, however many of its fetches failed.
      if (away.has(error.serviceName)) continue;
      away.add(error.serviceName);
      errors.push(error);
    } else errors.push(presentableError(error, context, options));
  }
  for (const error of unexplained(result)) {
    const { traceId } = context;
    options.log.error(
      { traceId, path: error.path, reason: error.message },
      'a subgraph answered null where it may not',
    );
    errors.push(
      new GraphQLError(error.message, { path: error.path, extensions: { code: 'INCOMPLETE_ANSWER', traceId } }),
    );
  }
  return { ...(result.data === undefined ? {} : { data: result.data }), errors };
}

function presentableError(error: GraphQLError, context: RequestContext, options: ExecutionOptions): GraphQLError {
  const code = codeOf(error);
  const { serviceName, stacktrace: _stack, exception: _exception, ...rest } = error.extensions;
  const name = typeof serviceName === 'string' ? { serviceName } : {};
  if (!options.maskErrors || isForClients(code)) {
    // What is wrong with the variables concerns no field of the answer.
    const path = error.path?.length ? error.path : null;
    return new GraphQLError(error.message, { path, extensions: { ...rest, ...name, code } });
  }
  const reason = error.message;
  options.log.error(
    { traceId: context.traceId, ...name, code, path: error.path, reason },
    'a subgraph reported an error',
  );
  return masked(context.traceId, { path: error.path, ...name });
}

/** Nulls in places that cannot be null for which no other error gives the reason. */
function unexplained({ errors, completion }: RunResult): readonly GraphQLError[] {
  if (completion.length === 0 || errors.some((error) => !error.path)) return [];
  const touches = (a: readonly (string | number)[], b: readonly (string | number)[]) =>
    a.slice(0, b.length).every((step, index) => step === b[index]);
  return completion.filter((hole) => !errors.some(({ path }) => path && touches(path, hole.path ?? [])));
}
