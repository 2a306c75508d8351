import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { signIdentity } from '@practice-graph/kit/identity';
import type { ExecutionResult } from 'graphql';

import { SubgraphUnavailable } from '../errors';
import type { GraphRequest } from '../graph-request.types';
import type { RequestContext } from '../request-context';
import { newSpanId, type Trace, traceparentOf } from '../trace';
import { Circuit } from './circuit';

type SourceAnswer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** A read may be asked again, and may share its answer with an equal read of the same caller. */
export interface Reading {
  /** Everything about the caller that an answer may depend on. */
  readonly caller: string;
}

/** Carries one operation to a subgraph and its answer back. Rejects when there is no answer worth the name. */
export type Transport = (
  request: GraphRequest,
  signal: AbortSignal,
  reading: Reading | undefined,
) => Promise<ExecutionResult>;

/** One call of a subgraph, when it is over. Times are milliseconds on the clock of `performance.now()`. */
export interface SubgraphCall {
  readonly name: string;
  readonly trace: Trace;
  readonly spanId: string;
  readonly started: number;
  readonly ended: number;
  readonly isAnswered: boolean;
}

export interface SourceOptions {
  readonly name: string;
  readonly transport: Transport;
  readonly timeoutMs: number;
  /** Undefined when identity is switched off. */
  readonly identitySecret: string | undefined;
  readonly report: (failure: SubgraphUnavailable, traceId: string) => void;
  readonly measure: (call: SubgraphCall) => void;
}

export interface SourceOperation extends Pick<GraphRequest, 'query' | 'variables' | 'operationName'> {
  readonly isMutation: boolean;
}

class LeftAlone extends Error {
  constructor() {
    super('it failed several times in a row and is left alone for a while');
  }
}

/** How the gateway asks one subgraph: with the caller's identity signed for it, and never longer than its time. */
export class SubgraphSource implements GraphQLDataSource {
  readonly circuit = new Circuit();

  constructor(private readonly options: SourceOptions) {}

  /** Called by the planner's executor, which knows nothing of our context. */
  async process({ request, context }: GraphQLDataSourceProcessOptions): Promise<SourceAnswer> {
    const query = request.query ?? '';
    const answer = await this.ask(
      {
        query,
        variables: request.variables as Record<string, unknown> | undefined,
        operationName: request.operationName,
        isMutation: query.startsWith('mutation'),
      },
      context as RequestContext,
    );
    return answer as SourceAnswer;
  }

  /** The subgraph's answer. Rejects with `SubgraphUnavailable` only. */
  async ask({ isMutation, ...operation }: SourceOperation, context: RequestContext): Promise<ExecutionResult> {
    const { name, transport, timeoutMs, report, measure } = this.options;
    const started = performance.now();
    const timeMs = Math.max(0, Math.min(timeoutMs, context.deadline - started));
    const spanId = newSpanId();
    let isAnswered = false;
    try {
      if (!this.circuit.admits()) throw new LeftAlone();
      const request = {
        ...operation,
        identity: this.identityFor(context),
        traceparent: traceparentOf(context, spanId),
        headers: context.forwarded,
      };
      const reading = isMutation ? undefined : { caller: callerOf(context) };
      const answer = await inTime(timeMs, (signal) => transport(request, signal, reading));
      if (!isAnswer(answer)) throw new Error('the answer is not a GraphQL response');
      this.circuit.succeeded();
      isAnswered = true;
      return answer;
    } catch (error) {
      // A request that ran out of its own time says nothing about the subgraph.
      if (!(error instanceof LeftAlone) && timeMs === timeoutMs) this.circuit.failed();
      const failure = new SubgraphUnavailable(name, reasonOf(error), context.traceId);
      report(failure, context.traceId);
      throw failure;
    } finally {
      measure({ name, trace: context, spanId, started, ended: performance.now(), isAnswered });
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

/** The viewer without what differs from request to request. */
function callerOf({ viewer, forwarded }: RequestContext): string {
  if (!viewer && !forwarded) return '';
  const { requestId: _requestId, ...caller } = viewer ?? { requestId: '' };
  return JSON.stringify([caller, forwarded]);
}

/** Waits for work, and ends it, no longer than its time. Work in the same program does not watch the signal. */
async function inTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new Error(`no answer within ${String(Math.round(ms))} ms`);
      reject(reason);
      ending.abort(reason);
    }, ms);
  });
  const working = work(ending.signal);
  // Nobody waits for the work once its time is over; its late failure must not end the program.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
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
