import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { signIdentity } from '@practice-graph/kit/identity';
import type { ExecutionResult } from 'graphql';

import { SubgraphUnavailable } from '../errors';
import type { GraphRequest } from '../graph-request.types';
import type { RequestContext } from '../request-context';

type SourceAnswer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Carries one operation to a subgraph and its answer back. Rejects when there is no answer worth the name. */
export type Transport = (request: GraphRequest, signal: AbortSignal) => Promise<ExecutionResult>;

export interface SourceOptions {
  readonly name: string;
  readonly transport: Transport;
  readonly timeoutMs: number;
  /** Undefined when identity is switched off. */
  readonly identitySecret: string | undefined;
  readonly report: (failure: SubgraphUnavailable, traceId: string) => void;
}

/** How the gateway asks one subgraph: with the caller's identity signed for it, and never longer than its time. */
export class SubgraphSource implements GraphQLDataSource {
  constructor(private readonly options: SourceOptions) {}

  /** Called by the planner's executor, which knows nothing of our context. */
  async process({ request, context }: GraphQLDataSourceProcessOptions): Promise<SourceAnswer> {
    const answer = await this.ask(
      {
        query: request.query ?? '',
        variables: request.variables as Record<string, unknown> | undefined,
        operationName: request.operationName,
      },
      context as RequestContext,
    );
    return answer as SourceAnswer;
  }

  async ask(
    operation: Pick<GraphRequest, 'query' | 'variables' | 'operationName'>,
    context: RequestContext,
  ): Promise<ExecutionResult> {
    const { name, transport, timeoutMs, report } = this.options;
    const timeout = new AbortController();
    const timer = setTimeout(() => {
      timeout.abort(new Error(`no answer within ${String(timeoutMs)} ms`));
    }, timeoutMs);
    const signal = AbortSignal.any([timeout.signal, context.signal]);
    try {
      const answer = await orAborted(
        transport({ ...operation, identity: this.identityFor(context), traceparent: context.traceparent }, signal),
        signal,
      );
      if (!isAnswer(answer)) throw new Error('the answer is not a GraphQL response');
      return answer;
    } catch (error) {
      const failure = new SubgraphUnavailable(name, reasonOf(error), context.traceId);
      report(failure, context.traceId);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  private identityFor(context: RequestContext): string | undefined {
    const { name, identitySecret } = this.options;
    if (!context.viewer || !identitySecret) return undefined;
    const known = context.identities.get(name);
    if (known) return known;
    const signed = signIdentity(context.viewer, name, identitySecret);
    context.identities.set(name, signed);
    return signed;
  }
}

/** An in-process subgraph does not watch the signal, so its time is kept here. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

function isAnswer(answer: unknown): answer is ExecutionResult {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return false;
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0)) return false;
  return (typeof data === 'object' && data !== null) || Array.isArray(errors);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}` || error.name;
}
