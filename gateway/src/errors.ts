import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes behind which something of ours went wrong, or where a subgraph says too little to tell. */
const INTERNAL = 'INTERNAL_SERVER_ERROR';
const NOT_FOR_CLIENTS: ReadonlySet<string> = new Set([
  INTERNAL,
  // The planner's word for an error without a code.
  'DOWNSTREAM_SERVICE_ERROR',
  // A subgraph that refuses our operation or our identity disagrees with us, not with the caller.
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

export const codeOf = (error: {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}): string => {
  const code = error.extensions?.['code'];
  return typeof code === 'string' ? code : INTERNAL;
};

export const isForClients = (code: string): boolean => !NOT_FOR_CLIENTS.has(code);

const INTERNAL_MESSAGE = 'Something went wrong on our side. Give the trace id when you report it.';

/** What a client sees of an error of ours: that it happened, where, and the id under which the log has the rest. */
export const masked = (
  traceId: string,
  from: { path?: GraphQLError['path']; serviceName?: string | undefined } = {},
): GraphQLError =>
  new GraphQLError(INTERNAL_MESSAGE, {
    path: from.path,
    extensions: { code: INTERNAL, traceId, ...(from.serviceName ? { serviceName: from.serviceName } : {}) },
  });

/** A subgraph that cannot be asked; only its fields are null. `reason` is for the log. */
export class SubgraphUnavailable extends GraphQLError {
  constructor(
    readonly serviceName: string,
    readonly reason: string,
    traceId: string,
  ) {
    super(`The part of the graph named "${serviceName}" does not answer; its fields are null.`, {
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName, traceId },
    });
  }
}

/**
 * Last fence before an answer leaves: no stack, no text of an error that nobody meant for clients. Errors of execution
 * are masked with their trace id earlier, where the request is known; what arrives here unmasked is a bug outside it.
 */
export function formatError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const code = codeOf(formatted);
  if (code !== INTERNAL || typeof formatted.extensions?.['traceId'] === 'string') return withoutStack(formatted);
  return { message: INTERNAL_MESSAGE, extensions: { code: INTERNAL } };
}

function withoutStack(formatted: GraphQLFormattedError): GraphQLFormattedError {
  if (!formatted.extensions || !('stacktrace' in formatted.extensions)) return formatted;
  const { stacktrace: _stacktrace, ...extensions } = formatted.extensions;
  return { ...formatted, extensions };
}
