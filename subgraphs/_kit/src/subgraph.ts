import { randomUUID } from 'node:crypto';
import {
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { EntitySchema, MixedList } from 'typeorm';
import type { Logger } from 'pino';
import { auditReads } from './audit';
import { startChores, type Chore } from './chores';
import type { Clock } from './clock';
import { makeContext } from './context';
import { openDatabase, type Database } from './database';
import { applyOnce, verifiedEvent, type EventHandler, type GraphEvent, type Publishes } from './events';
import { verifyIdentity, type Viewer } from './identity';
import { Refused } from './refusals';
import { unreadableLiterals, unreadableVariable } from './readable-text';
import type { FederatedSchema } from './schema';
import type { Roles } from './tables';
import { openRead, systemViewer, transact, type Tx } from './transact';
import type { Verifier } from './verify';
import { startWorker, type Transport, type Worker } from './worker';

type Migration = new () => { up(runner: unknown): Promise<unknown>; down(runner: unknown): Promise<unknown> };

/** Everything that makes one subgraph; its package exports one of these. */
export interface SubgraphDefinition {
  /** Name in the supergraph, for example appliance-supply. */
  readonly name: string;
  /** Name of its database and prefix of its roles, for example appliance_supply. */
  readonly database: string;
  readonly roles: Roles;
  readonly entities: MixedList<(new () => object) | EntitySchema>;
  /** Default ports of all subgraphs that run as programs of their own. */
  readonly ports: Readonly<Record<string, number>>;
  /** In order; the first one makes the tables of the kit. */
  readonly migrations: readonly Migration[];
  readonly schema: () => Promise<FederatedSchema>;
  /** The caller as this domain goes by; left out, as the request names him. */
  readonly viewer?: (caller: Viewer) => Viewer;
  /** Which subgraphs hear of which of its events. */
  readonly publishes: Publishes;
  /** What it does with the events it hears of. */
  readonly handlers: Readonly<Record<string, EventHandler>>;
  readonly verifiers: readonly Verifier[];
  /** What is to be done from time to time. */
  readonly chores?: readonly Chore[];
  /** Sends the current state of one clinic again, to a new or restored subgraph; ids of events stay the same. */
  readonly resync: (tx: Tx, clinicId: string) => Promise<void>;
}

export interface SubgraphOptions {
  readonly url: string;
  readonly workerUrl: string;
  readonly identitySecret: string;
  readonly eventSecret: string;
  readonly auditKey: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Brings an event to another subgraph; throws or answers a status of 300 or more when it did not arrive. */
  readonly transport: Transport;
  /** Milliseconds between two looks for unsealed audit events; 0 switches the background work off (tests). */
  readonly sealEveryMs?: number;
  /** False leaves jobs waiting (tests). */
  readonly runJobs?: boolean;
}

export interface GraphRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  /** Value of the identity header. */
  readonly identity: string | undefined;
  readonly traceparent?: string | undefined;
}

export interface RunningSubgraph {
  readonly name: string;
  readonly database: Database;
  readonly definition: SubgraphDefinition;
  readonly worker: Worker;
  execute(request: GraphRequest): Promise<ExecutionResult>;
  /** An event delivered to this subgraph; answers an HTTP status. */
  receive(
    headers: Readonly<Record<string, string | undefined>>,
    rawBody: string,
  ): Promise<{ status: number; body: string }>;
  ready(): Promise<{ ok: boolean; reason?: string }>;
  stop(): Promise<void>;
}

const DOCUMENTS_MAX = 1_000;

/** Parsed and validated documents; the gateway sends the same few hundred texts again and again. */
function documentCache(schema: GraphQLSchema) {
  const known = new Map<string, DocumentNode | readonly GraphQLError[]>();
  return (query: string): DocumentNode | readonly GraphQLError[] => {
    const kept = known.get(query);
    if (kept) return kept;
    let document: DocumentNode | readonly GraphQLError[];
    try {
      const parsed = parse(query);
      const errors = [...validate(schema, parsed), ...unreadableLiterals(parsed)];
      document = errors.length > 0 ? errors : parsed;
    } catch (error) {
      document = [error as GraphQLError];
    }
    if (known.size >= DOCUMENTS_MAX) known.delete(known.keys().next().value as string);
    known.set(query, document);
    return document;
  };
}

const isErrors = (of: DocumentNode | readonly GraphQLError[]): of is readonly GraphQLError[] => Array.isArray(of);

/** An error of the answer: the same place, other words and extensions. */
const restated = (error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError =>
  new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions,
  });

const OUR_FAULT = 'Something went wrong on our side; the trace id helps us to find it.';

/** What of an error may leave: codes and words meant for the caller. Anything else keeps only its trace id. */
function outward(error: GraphQLError, viewer: Viewer, log: Logger): GraphQLError {
  const original = error.originalError;
  if (original instanceof Refused) {
    const [first] = original.refusals;
    return restated(error, first?.message ?? 'Refused.', {
      code: first?.code ?? 'INVALID',
      argumentPath: first?.path ?? null,
    });
  }
  if (typeof error.extensions['code'] === 'string') return error;
  // graphql-js refuses a malformed variable this way; its words name the place.
  if (!original || original instanceof GraphQLError)
    return restated(error, error.message, { ...error.extensions, code: 'BAD_USER_INPUT' });
  log.error({ err: original, traceId: viewer.requestId, path: error.path }, 'a resolver failed');
  return restated(error, OUR_FAULT, { code: 'INTERNAL_SERVER_ERROR', traceId: viewer.requestId });
}

/** Opens a subgraph: its pools, its schema, its worker. The same functions serve HTTP and the all-in-one process. */
export async function openSubgraph(definition: SubgraphDefinition, options: SubgraphOptions): Promise<RunningSubgraph> {
  const log = options.log.child({ subgraph: definition.name });
  const { schema } = await definition.schema();
  const database = await openDatabase({
    name: definition.name,
    url: options.url,
    workerUrl: options.workerUrl,
    entities: definition.entities,
    clock: options.clock,
    auditKey: options.auditKey,
    publishes: definition.publishes,
    log,
  });
  const document = documentCache(schema);
  const worker = await startWorker(database, options);
  const due = options.runJobs === false ? [] : (definition.chores ?? []);
  const chores = startChores(database, due, () => worker.clinics(), log);

  const run = async (request: GraphRequest): Promise<ExecutionResult> => {
    let viewer: Viewer;
    try {
      const caller = verifyIdentity(request.identity, definition.name, options.identitySecret);
      viewer = definition.viewer?.(caller) ?? caller;
    } catch {
      return {
        errors: [new GraphQLError('The caller is not known.', { extensions: { code: 'UNAUTHENTICATED' } })],
      };
    }
    const parsed = document(request.query);
    if (isErrors(parsed))
      return {
        errors: parsed.map((e) => restated(e, e.message, { code: 'GRAPHQL_VALIDATION_FAILED', ...e.extensions })),
      };
    const unreadable = unreadableVariable(request.variables);
    if (unreadable) return { errors: [unreadable] };
    const reading = openRead(database, viewer);
    try {
      const context = makeContext(viewer, database, () => reading.tx());
      const answer = await execute({
        schema,
        document: parsed,
        contextValue: context,
        variableValues: request.variables,
        operationName: request.operationName,
      });
      await reading.check();
      await auditReads(database, viewer, context.reads);
      return answer.errors ? { ...answer, errors: answer.errors.map((e) => outward(e, viewer, log)) } : answer;
    } catch (error) {
      log.error({ err: error, traceId: viewer.requestId }, 'a request failed');
      return {
        data: null,
        errors: [
          new GraphQLError(OUR_FAULT, { extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: viewer.requestId } }),
        ],
      };
    } finally {
      reading.close();
    }
  };

  const receive = async (headers: Readonly<Record<string, string | undefined>>, rawBody: string) => {
    let event: GraphEvent;
    try {
      event = verifiedEvent(headers, rawBody, options.eventSecret);
    } catch {
      return { status: 401, body: 'the signature does not fit' };
    }
    const apply = definition.handlers[event.type];
    if (!apply) return { status: 422, body: `${definition.name} does not listen to ${event.type}` };
    try {
      await transact(database, systemViewer(event.clinicId, 'events'), event.clinicId, (tx) =>
        applyOnce(tx, event, apply),
      );
      return { status: 204, body: '' };
    } catch (error) {
      const trace = randomUUID();
      log.error({ err: error, event: event.id, type: event.type, traceId: trace }, 'an event could not be applied');
      return { status: 500, body: `not applied, trace ${trace}` };
    }
  };

  return {
    name: definition.name,
    database,
    definition,
    worker,
    execute: run,
    receive,
    ready: async () => {
      try {
        const [row] = await database.read.query<{ n: number }[]>('SELECT count(*)::int AS n FROM migrations');
        const missing = definition.migrations.length - (row?.n ?? 0);
        return missing > 0
          ? { ok: false, reason: `${String(missing)} migrations are missing; run migrate` }
          : { ok: true };
      } catch (error) {
        return { ok: false, reason: `database: ${(error as Error).message}` };
      }
    },
    stop: async () => {
      await chores.stop();
      await worker.stop();
      await database.close();
    },
  };
}
