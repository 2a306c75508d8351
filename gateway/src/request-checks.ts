import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLResponse } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { getVariableValues, GraphQLError } from 'graphql';

import { costOf } from './documents/cost';
import type { Documents } from './documents/document';
import { limitError, type Limits } from './documents/limits';
import { formatError } from './errors';
import type { RequestContext } from './request-context';
import type { Graph } from './supergraph/graph';

export interface RequestCheckOptions {
  readonly limits: Limits;
  readonly current: () => { graph: Graph; documents: Documents };
  /** True when every caller may read the schema. */
  readonly schemaIsOpen: boolean;
}

const SCHEMA_SCOPE = 'graph:introspect';

/**
 * Everything that is decided between parsing and running an operation: limits, validation, reading of the schema,
 * variables and cost. Several errors are answered at once where there are several.
 */
export function requestChecks(options: RequestCheckOptions): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        responseForOperation: (request) => {
          const checked = check(request, options);
          return Promise.resolve(checked.length > 0 ? refusal(checked) : null);
        },
        willSendResponse: (request) => {
          finish(request, options.limits);
          return Promise.resolve();
        },
      }),
  };
}

function check(request: GraphQLRequestContext<RequestContext>, options: RequestCheckOptions): readonly GraphQLError[] {
  const { document, queryHash, contextValue: context } = request;
  if (!document || queryHash === undefined) throw new Error('the document was not parsed');
  const { graph, documents } = options.current();
  const { errors, operation: prepared } = documents.prepare(queryHash, document, request.request.operationName);

  const maySeeSchema = options.schemaIsOpen || context.scopes.has(SCHEMA_SCOPE);
  if (errors) return maySeeSchema ? errors : errors.map(withoutSuggestion);
  if (prepared.readsSchema && !maySeeSchema) {
    return [
      new GraphQLError(`Reading the schema needs a permission that you do not have: ${SCHEMA_SCOPE}.`, {
        extensions: { code: 'FORBIDDEN', requiredScopes: [[SCHEMA_SCOPE]] },
      }),
    ];
  }

  const { coerced, errors: wrong } = getVariableValues(
    graph.schema,
    prepared.operation.variableDefinitions ?? [],
    request.request.variables ?? {},
    { maxErrors: 20 },
  );
  if (wrong) {
    const seen = maySeeSchema ? wrong : wrong.map(withoutSuggestion);
    return seen.map(
      (e) => new GraphQLError(e.message, { nodes: e.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } }),
    );
  }

  const { operation, fragments } = prepared;
  const cost = costOf({ schema: graph.schema, rules: graph.rules, operation, fragments, variables: coerced });
  context.operation = { graph, documents, prepared, variables: coerced, cost };
  return cost > options.limits.cost ? [limitError('TOO_EXPENSIVE', 'too high a cost', cost, options.limits.cost)] : [];
}

/** Names of fields and types that a caller did not write himself are part of the schema. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ ?Did you mean .*?\?(?=$|\n)/s, '');
  return new GraphQLError(message, { nodes: error.nodes ?? null, path: error.path, extensions: error.extensions });
}

function refusal(errors: readonly GraphQLError[]): GraphQLResponse {
  return {
    http: { status: 400, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { errors: errors.map((error) => formatError(error.toJSON())) } },
  };
}

function finish(request: GraphQLRequestContext<RequestContext>, limits: Limits): void {
  const { body, http } = request.response as Partial<GraphQLResponse>;
  if (body?.kind !== 'single') return;
  const cost = request.contextValue.operation?.cost;
  if (cost !== undefined && Number.isFinite(cost)) {
    body.singleResult.extensions = { ...body.singleResult.extensions, cost: { requested: cost, limit: limits.cost } };
  }
  // Clients of the older media type take any other status for a failure of the network and do not read the errors.
  const accept = request.request.http?.headers.get('accept');
  const isOlderType = !accept?.includes('application/graphql-response+json');
  const isWellFormed = request.source !== undefined;
  if (http?.status === 400 && isOlderType && isWellFormed) http.status = 200;
}
