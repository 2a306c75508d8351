import DataLoader from 'dataloader';
import type { EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Context } from './context';
import { recordIdOf, type RecordKey } from './ids';
import type { Viewer } from './identity';
import { prepared, type Tx } from './transact';

/** Makes entities of raw rows, with the transformers of their columns. */
export function hydrate<E extends ObjectLiteral>(tx: Tx, entity: EntityTarget<E>, raw: readonly object[]): E[] {
  const metadata = tx.dataSource.getMetadata(entity);
  const driver = tx.dataSource.driver;
  return raw.map((row) => {
    const made = metadata.create() as Record<string, unknown>;
    for (const column of metadata.columns)
      made[column.propertyName] = driver.prepareHydratedValue(
        (row as Record<string, unknown>)[column.databaseName],
        column,
      );
    return made as E;
  });
}

/** Columns of an entity's table, qualified, for statements that hydrate it. */
export const columnsOf = (metadata: EntityMetadata, alias: string): string =>
  metadata.columns.map((column) => `${alias}.${column.databaseName}`).join(', ');

/** Reads the rows of N keys with one statement. Rows of clinics that are not the tenant of the transaction stay out. */
export async function findByKeys<E extends RecordKey & ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<E>,
  keys: readonly RecordKey[],
  options: { lock?: 'UPDATE' | 'SHARE' } = {},
): Promise<E[]> {
  if (keys.length === 0) return [];
  const metadata = tx.dataSource.getMetadata(entity);
  // Locks are taken in the order of the key, so that two transactions never wait for each other.
  const raw = await prepared(
    tx,
    `SELECT ${columnsOf(metadata, 't')} FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
     JOIN ${metadata.tableName} t ON t.clinic_id = k.clinic_id AND t.id = k.id
     ORDER BY t.clinic_id, t.id${options.lock ? ` FOR ${options.lock} OF t` : ''}`,
    [keys.map((k) => k.clinicId), keys.map((k) => k.id)],
  );
  return hydrate(tx, entity, raw);
}

/** One row by its key, locked if asked; null when it is not there. */
export async function findByKey<E extends RecordKey & ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<E>,
  key: RecordKey,
  options: { lock?: 'UPDATE' | 'SHARE' } = {},
): Promise<E | null> {
  return (await findByKeys(tx, entity, [key], options))[0] ?? null;
}

const text = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/**
 * A loader of records by key: one statement for all keys of a fetch. Clinics outside the viewer's reach are never asked
 * for; a record that `visible` refuses (a restriction of the viewer) is null like one that does not exist.
 */
export const recordLoader =
  <E extends RecordKey & ObjectLiteral>(
    entity: EntityTarget<E>,
    visible: (record: E, viewer: Viewer) => boolean = () => true,
  ) =>
  (context: Context): DataLoader<RecordKey, E | null, string> =>
    new DataLoader<RecordKey, E | null, string>(
      async (keys) => {
        const wanted = keys.filter((key) => context.viewer.clinicIds.includes(key.clinicId));
        const found = new Map<string, E>();
        if (wanted.length > 0)
          for (const record of await findByKeys(await context.read(), entity, wanted))
            if (visible(record, context.viewer)) found.set(text(record), record);
        return keys.map((key) => found.get(text(key)) ?? null);
      },
      { cacheKeyFn: text },
    );

/** The record behind an opaque identifier; null when it is malformed, unknown or outside the viewer's reach (G-14). */
export async function loadById<E>(
  context: Context,
  loader: (context: Context) => DataLoader<RecordKey, E | null, string>,
  opaque: string,
): Promise<E | null> {
  const key = recordIdOf(opaque);
  return key && context.viewer.clinicIds.includes(key.clinicId) ? context.of(loader).load(key) : null;
}

/**
 * A loader for anything else: `load` answers all keys of a fetch with a bounded number of statements, in the order of
 * the keys.
 */
export const batchLoader =
  <K, V>(load: (tx: Tx, keys: readonly K[], context: Context) => Promise<readonly V[]>, keyText: (key: K) => string) =>
  (context: Context): DataLoader<K, V, string> =>
    new DataLoader<K, V, string>(async (keys) => load(await context.read(), keys, context), { cacheKeyFn: keyText });
