import { ApolloGateway } from '@apollo/gateway';
import { parse } from 'graphql';
import type { Logger } from 'pino';

import { Documents } from '../documents/document';
import type { Limits } from '../documents/limits';
import { hashOf } from '../documents/registered-documents';
import { guarded } from '../execution/execution';
import { plannedRun } from '../execution/planned-run';
import type { GraphService } from '../graph-request.types';
import type { SubgraphHealth } from '../health';
import { httpTransport, type HttpTransport } from '../sources/http-transport';
import { type SubgraphCall, SubgraphSource, type Transport } from '../sources/subgraph-source';
import type { Readings } from '../telemetry/metrics';
import { type Graph, graphOf } from './graph';
import { readSupergraph, SupergraphUnusable, watchSupergraph } from './supergraph-file';

const LOOK_AT_FILE_EVERY_MS = 2_000;

export interface PlannerOptions {
  readonly supergraphFile: string;
  readonly limits: Limits;
  readonly log: Logger;
  readonly services: Readonly<Record<string, GraphService>>;
  readonly readiness: Readonly<Record<string, () => Promise<{ ok: boolean; reason?: string | undefined }>>>;
  readonly serviceUrls: Readonly<Record<string, string>>;
  readonly subgraphHeaders: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly identitySecret: string | undefined;
  readonly subgraphTimeoutMs: number;
  readonly enforceScopes: boolean;
  readonly maskErrors: boolean;
  readonly measureSubgraph: (call: SubgraphCall) => void;
  readonly watchEveryMs?: number | undefined;
}

export interface Planner {
  readonly gateway: ApolloGateway;
  current(): { graph: Graph; documents: Documents };
  health(): readonly SubgraphHealth[];
  readings(): Readings;
  /** Plans documents ahead of their first request, one at a time, so that requests come in between. */
  warm(documents: readonly { readonly name: string; readonly query: string }[]): Promise<void>;
  stop(): Promise<void>;
}

/** Loads the supergraph and prepares the planner over it. The subgraphs need not be there. */
export async function openPlanner(options: PlannerOptions): Promise<Planner> {
  const { log, limits, supergraphFile } = options;
  const sdl = await readSupergraph(supergraphFile);
  const transports = new Map<string, HttpTransport>();
  const sources = new Map<string, SubgraphSource>();
  let current: { graph: Graph; documents: Documents } | undefined;
  let stopWatching: (() => void) | undefined;

  const addressOf = (name: string, url: string) => options.serviceUrls[name] ?? url;
  const httpFor = (name: string, url: string): HttpTransport => {
    const address = addressOf(name, url);
    const known = transports.get(address);
    if (known) return known;
    const made = httpTransport(address, options.subgraphTimeoutMs, options.subgraphHeaders[name]);
    transports.set(address, made);
    return made;
  };
  const transportFor = (name: string, url: string): Transport => {
    const service = options.services[name];
    return service ? (request) => service(request) : httpFor(name, url).transport;
  };
  const sourceFor = (name: string, url: string): SubgraphSource => {
    const source = new SubgraphSource({
      name,
      transport: transportFor(name, url),
      timeoutMs: options.subgraphTimeoutMs,
      identitySecret: options.identitySecret,
      measure: options.measureSubgraph,
      report: ({ serviceName, reason }, traceId) => {
        log.warn({ traceId, serviceName, reason }, 'a subgraph does not answer');
      },
    });
    sources.set(name, source);
    return source;
  };

  const gateway = new ApolloGateway({
    supergraphSdl: {
      initialize: ({ update }) => {
        stopWatching = watchSupergraph(supergraphFile, sdl, options.watchEveryMs ?? LOOK_AT_FILE_EVERY_MS, log, update);
        return Promise.resolve({ supergraphSdl: sdl });
      },
    },
    buildService: ({ name, url }) => sourceFor(name, url ?? ''),
    logger: quiet(log),
    __exposeQueryPlanExperimental: false,
    validateSupergraph: true,
  });
  const planned = plannedRun(gateway, gateway.executor, ({ serviceName, ...operation }, context) => {
    const source = sources.get(serviceName);
    if (!source) throw new Error(`the plan names a subgraph that is not there: ${serviceName}`);
    return source.ask(operation, context);
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    const graph = graphOf(coreSupergraphSdl, apiSchema);
    current = { graph, documents: new Documents(graph, limits) };
    planned.renew(apiSchema, coreSupergraphSdl);
  });
  const { enforceScopes, maskErrors } = options;
  gateway.executor = guarded(planned, { enforceScopes, maskErrors, log });

  const loaded = () => {
    if (!current) throw new SupergraphUnusable('The supergraph is not loaded.');
    return current;
  };
  return {
    gateway,
    current: loaded,
    health: () =>
      loaded().graph.subgraphs.map(({ name, url }) => {
        const own = options.readiness[name];
        if (own) return { name, ready: () => own() };
        if (options.services[name]) return { name, ready: () => Promise.resolve({ ok: true }) };
        return { name, ready: (signal) => httpFor(name, url).ready(signal) };
      }),
    readings: () => {
      const { graph, documents } = loaded();
      const none = { connected: 0, pending: 0, running: 0, merged: 0 };
      return {
        documents: { ...documents.sizes, planned: planned.kept() },
        lookups: documents.lookups,
        pools: graph.subgraphs.map(({ name, url }) => ({
          subgraph: name,
          ...(transports.get(addressOf(name, url))?.state() ?? none),
          isOpen: sources.get(name)?.circuit.isOpen ?? false,
        })),
      };
    },
    warm: async (documents) => {
      for (const { name, query } of documents) {
        await new Promise((resolve) => setImmediate(resolve));
        try {
          const document = parse(query);
          const { operation, errors } = loaded().documents.prepare(hashOf(query), document, undefined);
          if (operation) planned.warm(operation.key, document, operation.operation.name?.value);
          else log.warn({ name, reason: errors[0]?.message }, 'a saved operation does not fit the supergraph');
        } catch (error) {
          log.warn({ name, reason: String(error) }, 'a saved operation cannot be planned');
        }
      }
    },
    stop: async () => {
      stopWatching?.();
      await Promise.all([...transports.values()].map((t) => t.close()));
    },
  };
}

/** The planner reports every load as news; only its troubles are ours. */
const quiet = (log: Logger) => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (message?: string) => {
    log.warn(message);
  },
  error: (message?: string) => {
    log.error(message);
  },
});
