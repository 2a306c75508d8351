/** A clinic made of copies of another one, where filling it through the use cases would take hours. */
import { newId } from '@practice-graph/kit';
import type { Client } from 'pg';
import { asOwner, type Ground } from './ground';

/** Connections that copy at once. */
const COPIERS = 2;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
}

const COLUMNS = `
SELECT c.relname AS table, quote_ident(a.attname) AS name, format_type(a.atttypid, NULL) AS type,
  EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS "isKey"
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attname = 'clinic_id')
ORDER BY c.relname, a.attnum`;

/** Who did what and what was told to whom: no report of a period reads it. */
const LEFT_OUT = /audit|event|idempotency|outbox|inbox|transition/;
/** What sums entries up; visits of a patient's day do not become more. */
const SUMS = /slice|visit/;
const ONCE = /visits$/;
const NUMERIC = ['numeric', 'integer', 'bigint', 'smallint'];

/** How a column of a copied row is made; $1 is the old clinic, $2 the new one, $3 how many copies there are. */
function valueOf({ table, name, type, isKey }: Column, entries: string): string {
  if (table === entries && name === 'id') return 'uuidv7()';
  if (SUMS.test(table) && !isKey && NUMERIC.includes(type) && !ONCE.test(name)) return `t.${name} * $3`;
  return type === 'uuid' ? `CASE t.${name} WHEN $1 THEN $2 ELSE t.${name} END` : `t.${name}`;
}

/**
 * Makes a clinic in which every entry of another one stands so many times, and every sum is as many times as large;
 * answers its id. `entries` is the table of the ledger.
 */
export async function copyClinic(ground: Ground, clinicId: string, times: number, entries: string): Promise<string> {
  const copy = newId();
  const inOwnSession = (work: (owner: Client) => Promise<unknown>) =>
    asOwner(ground, async (owner) => {
      // What points to what was checked when the original was written.
      await owner.query('SET session_replication_role = replica; SET synchronous_commit = off');
      await work(owner);
    });
  const columns = await asOwner(ground, async (owner) => (await owner.query<Column>(COLUMNS)).rows);
  const tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !LEFT_OUT.test(table));
  const copying = (table: string) => {
    const own = columns.filter((column) => column.table === table);
    return `INSERT INTO ${table} (${own.map(({ name }) => name).join(', ')})
      SELECT ${own.map((column) => valueOf(column, entries)).join(', ')} FROM ${table} t, generate_series(1, $4::int)
      WHERE t.clinic_id = $1::uuid AND $2::uuid IS NOT NULL AND $3::int > 0`;
  };
  await inOwnSession(async (owner) => {
    for (const table of tables) if (table !== entries) await owner.query(copying(table), [clinicId, copy, times, 1]);
  });
  const share = (k: number) => Math.floor(((k + 1) * times) / COPIERS) - Math.floor((k * times) / COPIERS);
  await Promise.all(
    Array.from({ length: COPIERS }, (_, k) =>
      inOwnSession((owner) => owner.query(copying(entries), [clinicId, copy, times, share(k)])),
    ),
  );
  return copy;
}
