import type { Viewer } from '@practice-graph/kit/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';

import { type Bearer, Unauthenticated } from './identity/token';
import type { RequestContext } from './request-context';
import type { Trace } from './trace';

/**
 * Tells who asks before the operation is even parsed, so that a caller who is not known learns nothing of the schema.
 * `readToken` is undefined when identity is switched off.
 */
export async function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  trace: Trace,
  readToken: ((authorization: string | undefined) => Promise<Bearer>) | undefined,
  timeoutMs: number,
  forwardHeaders: readonly string[],
  log: Logger,
): Promise<RequestContext> {
  const shared = {
    ...trace,
    ip: request.ip,
    deadline: performance.now() + timeoutMs,
    forwarded: headersOf(request, forwardHeaders),
    identities: new Map<string, string>(),
    progress: {},
  };
  if (!readToken) return { ...shared, viewer: null, scopes: new Set(), trustedDocumentsOnly: false };
  try {
    const { trustedDocumentsOnly, ...bearer } = await readToken(request.headers.authorization);
    const viewer: Viewer = { ...bearer, ip: request.ip, requestId: trace.traceId };
    return { ...shared, viewer, scopes: new Set(viewer.scopes), trustedDocumentsOnly };
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    log.info({ traceId: trace.traceId, kind: error.kind, reason: error.reason }, 'a caller is not known');
    throw refusal(error, reply);
  }
}

function headersOf(request: FastifyRequest, names: readonly string[]): Record<string, string> | undefined {
  if (names.length === 0) return undefined;
  const found = names.map((name) => [name, request.headers[name]] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function refusal(error: Unauthenticated, reply: FastifyReply): GraphQLError {
  if (error.kind === 'unavailable') {
    return new GraphQLError('Tokens cannot be checked at the moment. Try again.', {
      extensions: { code: 'IDENTITY_UNAVAILABLE', http: { status: 503 } },
    });
  }
  const challenge = error.kind === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
  void reply.header('www-authenticate', challenge);
  const message =
    error.kind === 'missing' ? 'Sign in: the request has no bearer token.' : 'Sign in again: the token is not valid.';
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}
