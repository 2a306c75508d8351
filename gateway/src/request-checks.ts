import { type ApolloServerPlugin, type GraphQLRequestContext, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { getVariableValues, GraphQLError } from 'graphql';

import { costOf } from './documents/cost';
import type { Documents } from './documents/document';
import { limitError, type Limits } from './documents/limits';
import { codeOf, formatError } from './errors';
import type { RateLimit } from './rate-limit';
import type { RequestContext } from './request-context';
import type { Graph } from './supergraph/graph';

export interface RequestCheckOptions {
  readonly limits: Limits;
  readonly current: () => { graph: Graph; documents: Documents };
  /** True when every caller may read the schema. */
  readonly schemaIsOpen: boolean;
  readonly isTrusted: (hash: string) => boolean;
  /** Undefined when clients may use as much as they like. */
  readonly rateLimit: RateLimit | undefined;
}

const SCHEMA_SCOPE = 'graph:introspect';
const VARIABLE_ERRORS_MAX = 20;
const NEW_DOCUMENT_POINTS = 500;

interface Refusal {
  readonly errors: readonly GraphQLError[];
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
}

/**
 * Everything that is decided between parsing and running an operation: trust, limits, validation, reading of the
 * schema, variables, cost and budget. Several errors are answered at once where there are several.
 */
export function requestChecks(options: RequestCheckOptions): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        responseForOperation: async (request) => {
          const context = request.contextValue;
          const refusal = (await draw(context, entryPoints(request, options), options)) ?? check(request, options);
          const cost = context.progress.operation?.cost ?? 0;
          const answer = refusal ?? (cost > 0 ? await draw(context, cost, options) : undefined);
          return answer ? asResponse(answer) : null;
        },
        willSendResponse: (request) => {
          finish(request, options.limits);
          return Promise.resolve();
        },
      }),
  };
}

/** What it costs to look at a request: much for a document that was not seen before, since it must be planned. */
function entryPoints(
  { queryHash, request }: GraphQLRequestContext<RequestContext>,
  { current }: RequestCheckOptions,
): number {
  const isKnown = queryHash !== undefined && current().documents.has(queryHash, request.operationName);
  return isKnown ? 1 : NEW_DOCUMENT_POINTS;
}

function check(request: GraphQLRequestContext<RequestContext>, options: RequestCheckOptions): Refusal | undefined {
  const { document, queryHash, contextValue: context } = request;
  if (!document || queryHash === undefined) throw new Error('the document was not parsed');
  if (context.trustedDocumentsOnly && !options.isTrusted(queryHash)) {
    const message = 'This client may send registered documents only, by their id.';
    return { errors: [new GraphQLError(message, { extensions: { code: 'DOCUMENT_NOT_TRUSTED' } })], status: 403 };
  }

  const { graph, documents } = options.current();
  const { errors, operation: prepared } = documents.prepare(queryHash, document, request.request.operationName);
  const maySeeSchema = options.schemaIsOpen || context.scopes.has(SCHEMA_SCOPE);
  if (errors) return { errors: maySeeSchema ? errors : errors.map(withoutSuggestion) };
  if (prepared.readsSchema && !maySeeSchema) {
    const message = `Reading the schema needs a permission that you do not have: ${SCHEMA_SCOPE}.`;
    return {
      errors: [new GraphQLError(message, { extensions: { code: 'FORBIDDEN', requiredScopes: [[SCHEMA_SCOPE]] } })],
    };
  }

  const { operation, fragments } = prepared;
  const { coerced, errors: wrong } = getVariableValues(
    graph.schema,
    operation.variableDefinitions ?? [],
    request.request.variables ?? {},
    { maxErrors: VARIABLE_ERRORS_MAX },
  );
  if (wrong) return { errors: (maySeeSchema ? wrong : wrong.map(withoutSuggestion)).map(asInputError) };

  const cost = costOf({ schema: graph.schema, rules: graph.rules, operation, fragments, variables: coerced });
  context.progress.operation = { graph, documents, prepared, variables: coerced, cost };
  if (cost <= options.limits.cost) return undefined;
  return { errors: [limitError('TOO_EXPENSIVE', 'too high a cost', cost, options.limits.cost)] };
}

/** Takes an operation's cost from the budget of whoever asks. */
async function draw(
  context: RequestContext,
  points: number,
  { rateLimit }: RequestCheckOptions,
): Promise<Refusal | undefined> {
  const client = context.viewer ? `subject:${context.viewer.subject}` : `ip:${context.ip}`;
  const wait = await rateLimit?.take(client, points);
  if (wait === undefined) return undefined;
  const message = `Your budget of cost points is used up. Try again in ${String(wait)} s.`;
  return {
    errors: [new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: wait } })],
    status: 429,
    headers: [['retry-after', String(wait)]],
  };
}

/** Names of fields and types that a caller did not write himself are part of the schema. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ ?Did you mean .*?\?(?=$|\n)/s, '');
  return new GraphQLError(message, { nodes: error.nodes ?? null, path: error.path, extensions: error.extensions });
}

const asInputError = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } });

const asResponse = ({ errors, status = 400, headers = [] }: Refusal): GraphQLResponse => ({
  http: { status, headers: new HeaderMap(headers.map(([name, value]) => [name, value])) },
  body: { kind: 'single', singleResult: { errors: errors.map((error) => formatError(error.toJSON())) } },
});

function finish(request: GraphQLRequestContext<RequestContext>, limits: Limits): void {
  const { body, http } = request.response as Partial<GraphQLResponse>;
  if (body?.kind !== 'single') return;
  const { singleResult } = body;
  const { progress } = request.contextValue;
  const cost = progress.operation?.cost;
  if (cost !== undefined && Number.isFinite(cost)) {
    singleResult.extensions = {
      ...singleResult.extensions,
      cost: { requested: cost, ...(Number.isFinite(limits.cost) ? { limit: limits.cost } : {}) },
    };
  }
  const operationName = request.operationName ?? progress.operation?.prepared.operation.name?.value ?? null;
  progress.outcome = { operationName, codes: (singleResult.errors ?? []).map(codeOf) };
  // Clients of the older media type take any other status for a failure of the network and do not read the errors.
  const accept = request.request.http?.headers.get('accept');
  const isOlderType = !accept?.includes('application/graphql-response+json');
  const isWellFormed = request.source !== undefined;
  if (http?.status === 400 && isOlderType && isWellFormed) http.status = 200;
}
