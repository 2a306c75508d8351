import { createHash } from 'node:crypto';
import { clinicIdOf, type Viewer } from './identity';
import { refuseKit } from './refusals';
import type { Context } from './context';
import { prepared, transact, type Tx } from './transact';

interface Names {
  readonly given: readonly string[];
  /** Sorted, each with how it is written. */
  readonly sorted: readonly (readonly [name: string, label: string])[];
}
let last: Names = { given: [], sorted: [] };

/** Names of an object's members, sorted. The lines of a call have the same ones in the same order: what was sorted last is kept. */
function namesOf(value: object): Names['sorted'] {
  const given = Object.keys(value);
  if (given.length !== last.given.length || given.some((name, n) => name !== last.given[n]))
    last = { given, sorted: [...given].sort().map((name) => [name, `${JSON.stringify(name)}:`]) };
  return last.sorted;
}

function textOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return value === undefined ? undefined : JSON.stringify(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return textOf((toJSON as () => unknown).call(value));
  let text = '';
  if (Array.isArray(value)) {
    for (const member of value) text += `${text === '' ? '' : ','}${textOf(member) ?? 'null'}`;
    return `[${text}]`;
  }
  for (const [name, label] of namesOf(value)) {
    const member = textOf((value as Record<string, unknown>)[name]);
    if (member !== undefined) text += `${text === '' ? '' : ','}${label}${member}`;
  }
  return `{${text}}`;
}

/**
 * JSON with sorted keys, so that equal inputs have equal text; 10.5 and 10.50 are equal, left out and undefined too.
 * Written out by hand: five hundred lines are read here with every bulk call, and a replacer would copy each of them.
 */
export const canonical = (value: unknown): string => textOf(value) ?? 'null';

/** What makes a change recognisable when it is sent again. */
export interface ChangeRequest {
  /** Uuid of the clinic whose books it touches. */
  readonly clinicId: string;
  /** Name of the mutation. */
  readonly mutation: string;
  /** Arguments as the client sent them; `idempotencyKey` and `dryRun` do not count for equality. */
  readonly input: { readonly idempotencyKey: string };
  /** Further arguments beside the input, for example the id of the record. */
  readonly also?: unknown;
  /** The writing viewer where it differs from the caller, for example for a clinic that is being created. */
  readonly viewer?: Viewer;
}

const KEY = /^[\x21-\x7e]{1,200}$/;

/** INVALID for a key that nobody could read in a log. */
export function requireKey(idempotencyKey: string): void {
  if (!KEY.test(idempotencyKey))
    throw refuseKit('INVALID', 'The idempotency key must have 1 to 200 visible characters.', [
      'input',
      'idempotencyKey',
    ]);
}

/** Hash of what a change was asked to do, without its key and whether it was a rehearsal. */
export function canonicalHash(request: ChangeRequest): Buffer {
  const { idempotencyKey: _, dryRun: __, ...input } = request.input as { idempotencyKey: string; dryRun?: unknown };
  return createHash('sha256')
    .update(canonical({ input, also: request.also ?? null }))
    .digest();
}

/**
 * Runs a use case once per (clinic, mutation, actor, key): one transaction, the key claimed in it, what it returns kept
 * with it (E-20). A retry with equal input answers what was kept, without a second effect; with other input it is
 * refused with IDEMPOTENCY_KEY_REUSED. A refusal keeps no key. What is kept must be JSON: identifiers rather than
 * records, which the resolver reads again afterwards.
 */
export async function change<K>(context: Context, request: ChangeRequest, work: (tx: Tx) => Promise<K>): Promise<K> {
  const { idempotencyKey } = request.input;
  requireKey(idempotencyKey);
  const hash = canonicalHash(request);
  const viewer = request.viewer ?? context.viewer;
  const key = [request.clinicId, request.mutation, viewer.subject, idempotencyKey];
  const answer = await transact(context.database, viewer, request.clinicId, async (tx) => {
    // A second equal key waits here for the first transaction; if that one rolls back, this one does the work.
    const claimed = await prepared(
      tx,
      `INSERT INTO idempotency (clinic_id, mutation, actor_id, key, input_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (clinic_id, mutation, actor_id, key) DO NOTHING RETURNING key`,
      [...key, hash, tx.session.at],
    );
    if (claimed.length === 0) {
      const [kept] = await prepared<{ input_hash: Buffer; result: { kept: K } | null }>(
        tx,
        'SELECT input_hash, result FROM idempotency WHERE clinic_id = $1 AND mutation = $2 AND actor_id = $3 AND key = $4',
        key,
      );
      if (!kept?.input_hash.equals(hash))
        throw refuseKit('IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used before with other data.', [
          'input',
          'idempotencyKey',
        ]);
      if (kept.result === null) throw new Error('a claimed key without a result was committed');
      return kept.result.kept;
    }
    const result = await work(tx);
    await prepared(
      tx,
      'UPDATE idempotency SET result = $5 WHERE clinic_id = $1 AND mutation = $2 AND actor_id = $3 AND key = $4',
      [...key, JSON.stringify({ kept: result })],
    );
    return result;
  });
  context.forget();
  return answer;
}

/** Clinic of an input's `clinicId`; NOT_FOUND when it is malformed or outside the viewer's reach. */
export function clinicOfInput(viewer: Viewer, opaque: string, path: readonly string[] = ['input', 'clinicId']): string {
  const id = clinicIdOf(opaque);
  if (id === undefined || !viewer.clinicIds.includes(id))
    throw refuseKit('NOT_FOUND', 'The clinic does not exist or is outside your reach.', path);
  return id;
}

/** Refuses STALE_VERSION when the caller saw another version than the record has. */
export function expectVersion(current: number, expected: number | null | undefined): void {
  if (expected !== null && expected !== undefined && expected !== current)
    throw refuseKit('STALE_VERSION', `The record is at version ${String(current)}; read it again.`, [
      'input',
      'expectedVersion',
    ]);
}
