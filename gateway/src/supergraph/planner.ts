import { ApolloGateway } from '@apollo/gateway';
import type { Logger } from 'pino';

import { Documents } from '../documents/document';
import type { Limits } from '../documents/limits';
import { guarded } from '../execution/execution';
import { planned } from '../execution/planned';
import type { GraphService } from '../graph-request.types';
import type { SubgraphHealth } from '../health';
import { httpTransport, type HttpTransport } from '../sources/http-transport';
import { SubgraphSource, type Transport } from '../sources/subgraph-source';
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
  readonly identitySecret: string | undefined;
  readonly subgraphTimeoutMs: number;
  readonly enforceScopes: boolean;
  readonly maskErrors: boolean;
  readonly watchEveryMs?: number | undefined;
}

export interface Planner {
  readonly gateway: ApolloGateway;
  current(): { graph: Graph; documents: Documents };
  health(): readonly SubgraphHealth[];
  stop(): Promise<void>;
}

/** Loads the supergraph and prepares the planner over it. The subgraphs need not be there. */
export async function openPlanner(options: PlannerOptions): Promise<Planner> {
  const { log, limits, supergraphFile } = options;
  const sdl = await readSupergraph(supergraphFile);
  const transports = new Map<string, HttpTransport>();
  let current: { graph: Graph; documents: Documents } | undefined;
  let stopWatching: (() => void) | undefined;

  const addressOf = (name: string, url: string) => options.serviceUrls[name] ?? url;
  const httpFor = (name: string, url: string): HttpTransport => {
    const address = addressOf(name, url);
    const known = transports.get(address);
    if (known) return known;
    const made = httpTransport(address);
    transports.set(address, made);
    return made;
  };
  const transportFor = (name: string, url: string): Transport => {
    const service = options.services[name];
    return service ? (request) => service(request) : httpFor(name, url).transport;
  };

  const sources = new Map<string, SubgraphSource>();
  const gateway = new ApolloGateway({
    supergraphSdl: {
      initialize: ({ update }) => {
        stopWatching = watchSupergraph(supergraphFile, sdl, options.watchEveryMs ?? LOOK_AT_FILE_EVERY_MS, log, update);
        return Promise.resolve({ supergraphSdl: sdl });
      },
    },
    buildService: ({ name, url }) => {
      const source = new SubgraphSource({
        name,
        transport: transportFor(name, url ?? ''),
        timeoutMs: options.subgraphTimeoutMs,
        identitySecret: options.identitySecret,
        report: ({ serviceName, reason }, traceId) => {
          log.warn({ traceId, serviceName, reason }, 'a subgraph does not answer');
        },
      });
      sources.set(name, source);
      return source;
    },
    logger: quiet(log),
    __exposeQueryPlanExperimental: false,
    validateSupergraph: true,
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    const graph = graphOf(coreSupergraphSdl, apiSchema);
    current = { graph, documents: new Documents(graph, limits) };
    plans.load(apiSchema);
  });
  const plans = planned(gateway, (name) => {
    const source = sources.get(name);
    if (!source) throw new SupergraphUnusable(`The supergraph has no subgraph ${name}.`);
    return source;
  });
  gateway.executor = guarded(plans.execute, {
    enforceScopes: options.enforceScopes,
    maskErrors: options.maskErrors,
    log,
  });

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
