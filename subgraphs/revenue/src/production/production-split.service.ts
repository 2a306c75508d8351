import { Decimal, prepared, Refused, type Refusal, type Tx } from '@practice-graph/kit';
import { filled, keyInClinic } from '../clinics/saving.service';
import { refuse } from '../refusals';
import type { ProductionEntryLineInput } from './production-entry.inputs';

/** Share of another provider in an entry, as an amount of what the entry is worth when it is recorded. */
export interface Split {
  readonly providerId: string;
  readonly role: string;
  readonly weight: Decimal;
}

/** The shares that an input names; together at most what the entry earns. */
export function splitsOf(clinicId: string, input: ProductionEntryLineInput, path: readonly string[]): Split[] {
  if (!input.splits?.length) return [];
  const at = (index: number, member: string) => [...path, 'splits', String(index), member];
  const wrong: Refusal[] = [];
  const splits = input.splits.map((split, index) => {
    if (split.net.isNegative())
      wrong.push({ code: 'BAD_AMOUNT', message: 'A share must not be negative.', path: at(index, 'net') });
    if (split.providerId === input.providerId)
      wrong.push({
        code: 'BAD_SHARES',
        message: 'The credited provider takes what the others leave and has no share of its own.',
        path: at(index, 'providerId'),
      });
    return {
      providerId: keyInClinic(clinicId, split.providerId, at(index, 'providerId')).id,
      role: filled(split.role, 'role', [...path, 'splits', String(index)]),
      weight: split.net,
    };
  });
  if (wrong.length > 0) throw new Refused(wrong);
  const shared = splits.reduce((sum, split) => sum.plus(split.weight), new Decimal(0));
  if (shared.gt(input.gross))
    throw refuse('BAD_SHARES', `The shares make ${shared.toFixed(2)}, more than the entry earns.`, [...path, 'splits']);
  return splits;
}

const WRITE = `
INSERT INTO production_split (clinic_id, entry_id, line, provider_id, role, weight)
SELECT $1::uuid, i.entry_id, row_number() OVER (PARTITION BY i.entry_id ORDER BY i.n), i.provider_id, i.role, i.weight
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::numeric[]) WITH ORDINALITY AS i (entry_id, provider_id, role, weight, n)`;

export async function writeSplits(
  tx: Tx,
  clinicId: string,
  splits: readonly (Split & { readonly entryId: string })[],
): Promise<void> {
  if (splits.length === 0) return;
  await prepared(tx, WRITE, [
    clinicId,
    splits.map((split) => split.entryId),
    splits.map((split) => split.providerId),
    splits.map((split) => split.role),
    splits.map((split) => split.weight),
  ]);
}

/** A reversal takes back from each provider what the original gave: its shares are those of the original. */
export async function copySplits(
  tx: Tx,
  clinicId: string,
  pairs: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  await prepared(
    tx,
    `INSERT INTO production_split (clinic_id, entry_id, line, provider_id, role, weight)
     SELECT s.clinic_id, i.target, s.line, s.provider_id, s.role, s.weight FROM unnest($2::uuid[], $3::uuid[]) AS i (source, target)
     JOIN production_split s ON s.clinic_id = $1 AND s.entry_id = i.source`,
    [clinicId, pairs.map((pair) => pair.from), pairs.map((pair) => pair.to)],
  );
}
