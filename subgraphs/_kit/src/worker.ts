import { EventEmitter } from 'node:events';
import { run, type Runner } from 'graphile-worker';
import { freeLostJobs, standBehind, type Presence } from './presence';
import { sealAudit } from './audit';
import type { Database } from './database';
import { signedDelivery, type Delivery, type GraphEvent } from './events';
import { systemViewer, transact } from './transact';
import type { Logger } from 'pino';

/** Brings a signed event to a subgraph; answers the HTTP status. */
export type Transport = (
  subscriber: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<{ status: number; body: string }>;

export interface WorkerOptions {
  readonly eventSecret: string;
  readonly transport: Transport;
  readonly log: Logger;
  readonly sealEveryMs?: number;
  readonly runJobs?: boolean;
}

export interface DeadLetter {
  readonly id: string;
  readonly subscriber: string;
  readonly event: GraphEvent;
  readonly attempts: number;
  readonly lastError: string | null;
}

export interface Worker {
  /** Jobs that used up their attempts. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Gives dead letters (all, or these) their attempts back; answers how many. */
  replay(ids?: readonly string[]): Promise<number>;
  /** Events that wait for delivery, dead ones included. */
  waiting(): Promise<number>;
  /** Seals what waits in the audit trail now. */
  seal(): Promise<number>;
  /** Sends the current state of every clinic again. */
  resync(send: (tx: Parameters<Parameters<typeof transact>[3]>[0], clinicId: string) => Promise<void>): Promise<number>;
  /** Uuids of the clinics known here. */
  clinics(): Promise<readonly string[]>;
  /** Ends the work under way and takes no more; may be called again. */
  stop(): Promise<void>;
}

const SEAL_EVERY_MS = 2_000;
const LOOK_FOR_LOST_EVERY_MS = 15_000;

/** Waits between looks for facts that must arrive first, in milliseconds; then the job is tried again later. */
const LOOKS_MS = [10, 20, 50, 100, 200, 400];

// Facts are enqueued under rising numbers, and whoever enqueues one that waits has seen to it that those before it are
// there; so a job is gone when all that were enqueued before it are.
const SENT_BEFORE = `SELECT 1 FROM graphile_worker._private_jobs
WHERE id < $1 AND payload ->> 'about' = $2 AND payload -> 'event' ->> 'clinicId' = $3 LIMIT 1`;

/** Comes back when every earlier fact of the clinic about something was taken; throws when that takes too long. */
async function afterOthers(database: Database, jobId: string, { event, after }: Delivery): Promise<void> {
  if (after === undefined) return;
  for (const wait of [...LOOKS_MS, 0]) {
    const { rowCount } = await database.worker.query(SENT_BEFORE, [jobId, after, event.clinicId]);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw new Error(`${event.type} waits until earlier events about ${after} have arrived`);
}

/** Delivers one event; a failure is thrown, so that the job is tried again later and at last becomes a dead letter. */
async function deliver(database: Database, payload: unknown, jobId: string, options: WorkerOptions): Promise<void> {
  const delivery = payload as Delivery;
  const { subscriber, event } = delivery;
  await afterOthers(database, jobId, delivery);
  const { headers, body } = signedDelivery(event, options.eventSecret);
  const answer = await options.transport(subscriber, headers, body);
  if (answer.status >= 300)
    throw new Error(`${subscriber} answered ${String(answer.status)} to ${event.type}: ${answer.body.slice(0, 200)}`);
}

/** Starts the background work of a subgraph: delivery of events and sealing of the audit trail. */
export async function startWorker(database: Database, options: WorkerOptions): Promise<Worker> {
  let runner: Runner | undefined;
  let presence: Presence | undefined;
  const events = new EventEmitter();
  const pool = new Promise<string>((resolve) => {
    events.once('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
      resolve(workerPool.id);
    });
  });
  if (options.runJobs !== false) {
    runner = await run({
      events: events,
      pgPool: database.worker,
      taskList: { deliver: (payload, { job }) => deliver(database, payload, job.id, options) },
      noHandleSignals: true,
      concurrency: 4,
      pollInterval: 2_000,
      // Jobs of one event type need no order (the receiver keeps it), so they may be fetched in batches.
      preset: { worker: { localQueue: { size: 100 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: quiet(options.log) as never,
    });
    presence = await standBehind(await pool, database);
    await freeLostJobs(database);
  }

  let sealing: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const every = options.sealEveryMs ?? SEAL_EVERY_MS;
  const sealNow = () =>
    (sealing = sealAudit(database).catch((error: unknown) => {
      options.log.warn(
        { err: (error as Error).message },
        'the audit trail could not be sealed; it will be tried again',
      );
    }));
  const timer =
    every > 0 ? setInterval(() => void sealing.then(() => (stopped ? undefined : sealNow())), every) : undefined;
  timer?.unref();
  const lost = presence
    ? setInterval(() => {
        freeLostJobs(database).catch((error: unknown) => {
          options.log.warn(
            { err: (error as Error).message },
            'jobs of lost workers could not be freed; it will be tried again',
          );
        });
      }, LOOK_FOR_LOST_EVERY_MS)
    : undefined;
  lost?.unref();

  const clinics = async () => {
    const found = await database.worker.query<{ clinic_id: string }>(
      'SELECT clinic_id FROM known_clinics() AS clinic_id ORDER BY 1',
    );
    return found.rows.map((row) => row.clinic_id);
  };

  let ending: Promise<void> | undefined;
  const end = async () => {
    stopped = true;
    clearInterval(timer);
    clearInterval(lost);
    await sealing;
    await runner?.stop();
    await presence?.end();
  };

  return {
    deadLetters: async () => {
      const found = await database.worker.query<{
        id: string;
        payload: { subscriber: string; event: GraphEvent };
        attempts: number;
        last_error: string | null;
      }>(
        `SELECT id, payload, attempts, last_error FROM graphile_worker._private_jobs WHERE attempts >= max_attempts AND locked_at IS NULL ORDER BY id`,
      );
      return found.rows.map((row) => ({
        id: row.id,
        ...row.payload,
        attempts: row.attempts,
        lastError: row.last_error,
      }));
    },
    replay: async (ids) => {
      const found = await database.worker.query(
        `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now(), attempts => 0) FROM graphile_worker._private_jobs
         WHERE attempts >= max_attempts AND locked_at IS NULL AND ($1::bigint[] IS NULL OR id = ANY($1)) HAVING count(*) > 0`,
        [ids ?? null],
      );
      return found.rowCount ?? 0;
    },
    waiting: async () => {
      const found = await database.worker.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM graphile_worker._private_jobs',
      );
      return found.rows[0]?.n ?? 0;
    },
    seal: () => sealAudit(database),
    resync: async (send) => {
      const all = await clinics();
      for (const clinicId of all)
        await transact(database, systemViewer(clinicId, 'resync'), clinicId, (tx) => send(tx, clinicId));
      return all.length;
    },
    clinics,
    stop: () => (ending ??= end()),
  };
}

/** graphile-worker's messages, at the levels they deserve in the log of a service. */
function quiet(log: Logger) {
  return {
    scope: () => quiet(log),
    error: (message: string) => {
      log.warn(message);
    },
    warn: (message: string) => {
      log.warn(message);
    },
    info: (message: string) => {
      log.debug(message);
    },
    debug: () => undefined,
    log: (_level: string, message: string) => {
      log.debug(message);
    },
  };
}
