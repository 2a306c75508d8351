import type { Database } from './database';
import { systemViewer, transactFor, type Tx } from './transact';
import type { Logger } from 'pino';

/** Work that time alone makes due, for example that goods expire. Running it twice, or at several places, changes nothing. */
export interface Chore {
  /** Name in the log, and the actor of what it writes. */
  readonly name: string;
  readonly everyMs: number;
  /** Does what is due for one clinic, in one transaction. */
  readonly run: (tx: Tx, clinicId: string) => Promise<unknown>;
}

export interface Chores {
  stop(): Promise<void>;
}

const FIRST_AFTER_MS = 5_000;

/** Runs chores from time to time, clinic by clinic; one that fails is logged and tried again at its next turn. */
export function startChores(
  database: Database,
  chores: readonly Chore[],
  clinics: () => Promise<readonly string[]>,
  log: Logger,
): Chores {
  let isStopped = false;
  const running = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();

  const turn = async ({ name, run }: Chore): Promise<void> => {
    try {
      for (const clinicId of await clinics()) {
        if (isStopped) return;
        await transactFor(database, systemViewer(clinicId, name), [clinicId], (tx) => run(tx, clinicId));
      }
    } catch (error) {
      log.warn({ err: (error as Error).message, chore: name }, 'a chore failed; it will be tried again');
    }
  };
  const schedule = (chore: Chore, afterMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const work: Promise<void> = turn(chore).then(() => {
        running.delete(work);
        if (!isStopped) schedule(chore, chore.everyMs);
      });
      running.add(work);
    }, afterMs);
    timer.unref();
    timers.add(timer);
  };
  for (const chore of chores) schedule(chore, Math.min(FIRST_AFTER_MS, chore.everyMs));

  return {
    stop: async () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
