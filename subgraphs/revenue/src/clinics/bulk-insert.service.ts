import { rows, type New, type Tx } from '@practice-graph/kit';
import type { ObjectLiteral } from 'typeorm';

const BATCH = 2_000;

/**
 * Inserts many whole rows with one statement per 2,000, as one JSON parameter; rows whose key or name exists are passed
 * over. Answers how many were new.
 */
export async function insertMany<E extends ObjectLiteral>(
  tx: Tx,
  entity: new () => E,
  values: readonly New<E>[],
): Promise<number> {
  const metadata = tx.dataSource.getMetadata(entity);
  const columns = metadata.columns.map((column) => column.databaseName).join(', ');
  let inserted = 0;
  for (let start = 0; start < values.length; start += BATCH) {
    const batch = values
      .slice(start, start + BATCH)
      .map((row) =>
        Object.fromEntries(
          metadata.columns.map((column) => [
            column.databaseName,
            (row as Record<string, unknown>)[column.propertyName],
          ]),
        ),
      );
    const made = await rows(
      tx,
      `INSERT INTO ${metadata.tableName} (${columns})
       SELECT ${columns} FROM json_populate_recordset(NULL::${metadata.tableName}, $1::json)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [JSON.stringify(batch)],
    );
    inserted += made.length;
  }
  return inserted;
}
