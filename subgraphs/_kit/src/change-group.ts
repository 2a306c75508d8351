import { audit, type Act } from './audit';
import { canonicalHash, change, requireKey, type ChangeRequest } from './change';
import type { Context } from './context';
import type { Database } from './database';
import type { Viewer } from './identity';
import { Refused, refuseKit } from './refusals';
import { prepared, transact, type Tx } from './transact';

/** One of several changes that are made in one transaction. */
export interface GroupedInput<I> {
  readonly input: I;
  /** Trace of the request that it came with, for its own audit event. */
  readonly requestId: string;
}

/** A use case that can serve several callers in one transaction. */
export interface GroupedUseCase<I, K> {
  readonly mutation: string;
  /** What a change moves beside sums; changes that move the same are made one after the other. */
  readonly moves: (input: I) => string;
  /** Makes one change; throws a refusal. */
  readonly alone: (tx: Tx, clinicId: string, input: I) => Promise<K>;
  /**
   * Makes several changes; answers for each what is to be kept, or its refusal, of which then nothing may be written.
   * Acts for the audit trail are written together with the keys, and what `write` has left to write leaves with both.
   */
  readonly together: (
    tx: Tx,
    clinicId: string,
    inputs: readonly GroupedInput<I>[],
  ) => Promise<{
    readonly results: readonly (K | Refused)[];
    readonly acts: readonly Act[];
    readonly write?: () => Promise<unknown>;
  }>;
}

interface Waiting<I, K> {
  readonly context: Context;
  readonly request: ChangeRequest & { readonly input: I };
  readonly resolve: (kept: K) => void;
  readonly reject: (error: unknown) => void;
}

/** The most changes of one transaction: bounds how long the first of them waits for the last. */
const GROUP_MAX = 64;

/** Callers who may share a transaction: they differ in nothing but the trace of their request. */
const sameCaller = ({ requestId: _, ...viewer }: Viewer): string => JSON.stringify(viewer);

const FIND = `
SELECT key, input_hash, result FROM idempotency WHERE clinic_id = $1 AND mutation = $2 AND actor_id = $3 AND key = ANY ($4::text[])`;
const KEEP = `
INSERT INTO idempotency (clinic_id, mutation, actor_id, key, input_hash, result, created_at)
SELECT $1::uuid, $2, $3, i.key, i.input_hash, i.result, $7 FROM unnest($4::text[], $5::bytea[], $6::json[]) AS i (key, input_hash, result)
ORDER BY i.key ON CONFLICT (clinic_id, mutation, actor_id, key) DO NOTHING RETURNING key`;

/**
 * Takes the changes that come next, in their order. Of those with one key, and of those that move the same, it takes
 * the first: each of the others is to see what became of the one before it.
 */
function take<I extends { idempotencyKey: string }, K>(waiting: Waiting<I, K>[], moves: (input: I) => string) {
  const taken: Waiting<I, K>[] = [];
  const left: Waiting<I, K>[] = [];
  const keys = new Set<string>();
  const moved = new Set<string>();
  for (const one of waiting.splice(0)) {
    const { input } = one.request;
    const isFree = taken.length < GROUP_MAX && !keys.has(input.idempotencyKey) && !moved.has(moves(input));
    (isFree ? taken : left).push(one);
    // Also what is left here holds back those behind it.
    keys.add(input.idempotencyKey);
    moved.add(moves(input));
  }
  waiting.push(...left);
  return taken;
}

/** What became of each change of a group: what is kept of it, or why it was refused. */
async function makeAll<I extends { idempotencyKey: string }, K>(
  tx: Tx,
  useCase: GroupedUseCase<I, K>,
  clinicId: string,
  group: readonly Waiting<I, K>[],
): Promise<(K | Refused)[]> {
  const { mutation } = useCase;
  const actor = tx.session.viewer.subject;
  const keys = group.map(({ request }) => request.input.idempotencyKey);
  const hashes = group.map(({ request }) => canonicalHash(request));
  const found = await prepared<{ key: string; input_hash: Buffer; result: { kept: K } | null }>(tx, FIND, [
    ...[clinicId, mutation, actor],
    keys,
  ]);
  const before = new Map(found.map((row) => [row.key, row]));
  const fresh = group.flatMap((_, n) => (before.has(keys[n] ?? '') ? [] : [n]));
  const {
    results: made,
    acts,
    write,
  } = await useCase.together(
    tx,
    clinicId,
    fresh.flatMap((n) => {
      const one = group[n];
      return one ? [{ input: one.request.input, requestId: one.context.viewer.requestId }] : [];
    }),
  );
  const kept = fresh.filter((_, at) => !(made[at] instanceof Refused));
  const [claimed] = await Promise.all([
    prepared(tx, KEEP, [
      ...[clinicId, mutation, actor],
      kept.map((n) => keys[n]),
      kept.map((n) => hashes[n]),
      kept.map((n) => JSON.stringify({ kept: made[fresh.indexOf(n)] })),
      tx.session.at,
    ]),
    audit(tx, clinicId, acts),
    write?.(),
  ]);
  // Somebody elsewhere used one of the keys at the same time: nothing of this is written, and each is decided alone.
  if (claimed.length !== kept.length) throw new Error('a key was claimed meanwhile');
  return group.map((_, n) => {
    const row = before.get(keys[n] ?? '');
    if (!row) return made[fresh.indexOf(n)] as K | Refused;
    if (!row.input_hash.equals(hashes[n] as Buffer))
      return refuseKit('IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used before with other data.', [
        'input',
        'idempotencyKey',
      ]);
    if (row.result === null) throw new Error('a claimed key without a result was committed');
    return row.result.kept;
  });
}

/**
 * Makes changes like `change` does, but those that the same caller sends for one clinic while an earlier one is being
 * made go together into the next transaction: what they sum up into is locked, and the disk waited for, once for all. A
 * refusal concerns its own change only. When the common transaction fails, each is made alone, as if nobody had tried.
 */
export function changeGrouped<I extends { idempotencyKey: string }, K>(useCase: GroupedUseCase<I, K>) {
  const queues = new WeakMap<Database, Map<string, Waiting<I, K>[]>>();

  const alone = ({ context, request, resolve, reject }: Waiting<I, K>): Promise<void> =>
    change(context, request, (tx) => useCase.alone(tx, request.clinicId, request.input)).then(resolve, reject);

  const makeNext = async (waiting: Waiting<I, K>[]): Promise<void> => {
    const [first] = waiting;
    if (!first) return;
    const { context, request } = first;
    let group: Waiting<I, K>[] = [];
    let results: readonly (K | Refused)[];
    try {
      const makeGroup = (tx: Tx) => {
        // Taken when there is a connection: who came while one was waited for goes along. A second try keeps them.
        if (group.length === 0) group = take(waiting, useCase.moves);
        return makeAll(tx, useCase, request.clinicId, group);
      };
      // A group sends the same few statements over and over: planning them anew is a tenth of what they cost.
      results = await transact(context.database, context.viewer, request.clinicId, makeGroup, 'KEPT');
    } catch {
      if (group.length === 0) group = take(waiting, useCase.moves);
      await Promise.all(group.map(alone));
      return;
    }
    group.forEach((one, n) => {
      const result = results[n] as K | Refused;
      one.context.forget();
      if (result instanceof Refused) one.reject(result);
      else one.resolve(result);
    });
  };

  return async (context: Context, clinicId: string, input: I): Promise<K> => {
    requireKey(input.idempotencyKey);
    return new Promise<K>((resolve, reject) => {
      const { database, viewer } = context;
      const request = { clinicId, mutation: useCase.mutation, input };
      const mine = queues.get(database) ?? new Map<string, Waiting<I, K>[]>();
      queues.set(database, mine);
      const key = `${clinicId} ${sameCaller(viewer)}`;
      const open = mine.get(key);
      const waiting = open ?? [];
      waiting.push({ context, request, resolve, reject });
      if (open) return;
      mine.set(key, waiting);
      void (async () => {
        while (waiting.length > 0) await makeNext(waiting);
        mine.delete(key);
      })();
    });
  };
}
