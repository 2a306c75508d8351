import type { Database } from './database';
import type { Viewer } from './identity';
import type { Tx } from './transact';
import type { ReadRecord } from './audit';

/** What a resolver has: the caller, a read transaction, and loaders that live as long as one fetch. */
export interface Context {
  readonly viewer: Viewer;
  readonly database: Database;
  /** The read transaction of this fetch; opened by the first use. */
  readonly read: () => Promise<Tx>;
  /** Business instant of the request. */
  readonly now: Date;
  /** Reads of rows linked to a person, written to the audit trail before the answer leaves. */
  readonly reads: ReadRecord[];
  /** The one instance, in this fetch, of what a factory makes: a loader, a resolved period. */
  readonly of: <T>(factory: (context: Context) => T) => T;
  /** Lets go of what was loaded so far. A change calls it: what it changed is read again, also in the same operation. */
  readonly forget: () => void;
}

export function makeContext(viewer: Viewer, database: Database, read: () => Promise<Tx>): Context {
  const made = new Map<unknown, unknown>();
  const context: Context = {
    viewer,
    database,
    read,
    now: database.clock.now(),
    reads: [],
    of: <T>(factory: (context: Context) => T): T => {
      if (!made.has(factory)) made.set(factory, factory(context));
      return made.get(factory) as T;
    },
    forget: () => {
      made.clear();
    },
  };
  return context;
}
