import { NAME_MAX, prepared, recordIdOf, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { refuse } from '../refusals';

/**
 * Serialises those who would make a record under the same name at the same time, until the transaction ends; the
 * second one then finds what the first one made.
 */
export async function lockName(tx: Tx, clinicId: string, name: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${clinicId}:${name}`]);
}

/** The same for many names, in one order for all who do so. */
export async function lockNames(tx: Tx, clinicId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await prepared(
    tx,
    `SELECT count(pg_advisory_xact_lock(key)) FROM (
       SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY 1) AS keys`,
    [names.map((name) => `${clinicId}:${name}`)],
  );
}

/** Row of the input's clinic that an opaque identifier names; NOT_FOUND when it is malformed or of another clinic. */
export function keyInClinic(clinicId: string, opaque: string, path: readonly string[]): RecordKey {
  const key = recordIdOf(opaque);
  if (key?.clinicId !== clinicId)
    throw refuse('NOT_FOUND', 'The record does not exist or is outside your reach.', path);
  return key;
}

/** NOT_FOUND when a viewer who is narrowed to some locations or providers names another one. */
export function requireWithin(
  tx: Tx,
  kind: 'locations' | 'providers',
  id: string | null,
  path: readonly string[],
): void {
  const only = tx.session.viewer.restrictions[kind];
  if (only !== undefined && (id === null || !only.includes(id)))
    throw refuse('NOT_FOUND', 'The record does not exist or is outside your reach.', path);
}

/** A name, code or identifier that must not be blank nor too long, without blanks around it; INVALID otherwise. */
export function filled(text: string, member: string, path: readonly string[] = ['input']): string {
  const trimmed = text.trim();
  if (trimmed === '') throw refuse('INVALID', `${member} must not be empty.`, [...path, member]);
  if (trimmed.length > NAME_MAX)
    throw refuse('INVALID', `${member} takes at most ${String(NAME_MAX)} characters.`, [...path, member]);
  return trimmed;
}

/** The same for a member that may be left out or emptied. */
export const filledIfGiven = <T extends string | null | undefined>(
  text: T,
  member: string,
  path?: readonly string[],
): T | string => (text == null ? text : filled(text, member, path));
