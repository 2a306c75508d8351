import { audit, expectVersion, hydrate, prepared, rows, type Tx } from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { STANDARD_REASONS, type StandardReason } from '../defaults';
import type { AdjustmentCategory } from '../entries/adjustment-category.rules';
import { refuse } from '../refusals';
import { ReasonCode } from './reason-code.entity';
import { isReasonCode, reasonsOfClinic } from './reason-code.rules';

const LABEL_MAX = 200;

const standing = (clinicId: string, reason: StandardReason): ReasonCode =>
  Object.assign(new ReasonCode(), { clinicId, ...reason, active: true, version: 0 });

const STANDARD = new Map(STANDARD_REASONS.map((reason) => [reason.code, reason]));

/** A standard reason as it stands for a clinic that never used it; null when the code is none. */
export function standardReason(clinicId: string, code: string): ReasonCode | null {
  const standard = STANDARD.get(code);
  return standard ? standing(clinicId, standard) : null;
}

const saved = async (tx: Tx, clinicId: string, code: string, lock = ''): Promise<ReasonCode | null> =>
  hydrate(
    tx,
    ReasonCode,
    await prepared(tx, `SELECT * FROM reason_code WHERE clinic_id = $1 AND code = $2${lock}`, [clinicId, code]),
  )[0] ?? null;

/**
 * The reason of a code as it stands for the clinic: its own, else the standard one; null when there is neither. It
 * cannot change until the transaction ends, so that an entry and its reason agree.
 */
export async function reasonForUse(tx: Tx, clinicId: string, code: string): Promise<ReasonCode | null> {
  return (await saved(tx, clinicId, code, ' FOR SHARE')) ?? standardReason(clinicId, code);
}

/** All reasons of a clinic; one that never saved any sees the standard ones. */
export async function reasonsIn(
  tx: Tx,
  clinicId: string,
  filter: { category?: AdjustmentCategory | null | undefined; activeOnly: boolean },
): Promise<ReasonCode[]> {
  const own = hydrate(tx, ReasonCode, await prepared(tx, 'SELECT * FROM reason_code WHERE clinic_id = $1', [clinicId]));
  return reasonsOfClinic(
    own,
    STANDARD_REASONS.map((reason) => standing(clinicId, reason)),
  ).filter(
    (reason) => (!filter.category || reason.category === filter.category) && (reason.active || !filter.activeOnly),
  );
}

const KEEP_STANDARD = `
INSERT INTO reason_code (clinic_id, code, label, category, requires_documentation, requires_approval, active, version)
SELECT $1::uuid, r.code, r.label, r.category, r."requiresDocumentation", r."requiresApproval", true, 0
FROM json_to_recordset($2::json) AS r (code text, label text, category text, "requiresDocumentation" boolean, "requiresApproval" boolean)
ORDER BY r.code
ON CONFLICT (clinic_id, code) DO NOTHING`;

/**
 * Stores standard reasons, as version 0, before their first use: entries refer to a row, and keep the words they were
 * recorded under when the standard changes later.
 */
export async function keepStandardReasons(tx: Tx, clinicId: string, codes: readonly string[]): Promise<void> {
  const wanted = STANDARD_REASONS.filter((reason) => codes.includes(reason.code));
  if (wanted.length > 0) await rows(tx, KEEP_STANDARD, [clinicId, JSON.stringify(wanted)]);
}

export interface SaveReason {
  readonly code: string;
  readonly label: string;
  readonly category: AdjustmentCategory;
  readonly requiresDocumentation?: boolean | null | undefined;
  readonly requiresApproval?: boolean | null | undefined;
  readonly active?: boolean | null | undefined;
  readonly expectedVersion?: number | null | undefined;
}

/** Creates or changes a reason; answers its code. The category of a reason that entries were recorded under is fixed. */
export async function saveReason(tx: Tx, clinicId: string, input: SaveReason): Promise<{ code: string }> {
  const { code, category } = input;
  const label = input.label.trim();
  if (!isReasonCode(code))
    throw refuse('INVALID', 'A code has 1 to 40 letters, digits, dots, dashes or underscores.', ['input', 'code']);
  if (label === '' || label.length > LABEL_MAX)
    throw refuse('INVALID', `A label has 1 to ${String(LABEL_MAX)} characters.`, ['input', 'label']);
  await clinicOf(tx, clinicId, 'ADJUSTMENTS');

  const row = await saved(tx, clinicId, code, ' FOR UPDATE');
  const standard = STANDARD.get(code);
  const before = row ?? (standard ? standing(clinicId, standard) : null);
  if (before) expectVersion(before.version, input.expectedVersion);
  else if (typeof input.expectedVersion === 'number')
    throw refuse('STALE_VERSION', 'There is no such reason any more; read the list again.', [
      'input',
      'expectedVersion',
    ]);
  if (row && row.category !== category && (await isUsed(tx, clinicId, code)))
    throw refuse('BAD_REASON', `Entries stand under ${code} as ${row.category}; make a new code for ${category}.`, [
      'input',
      'category',
    ]);

  const values = [
    clinicId,
    code,
    label,
    category,
    input.requiresDocumentation ?? before?.requiresDocumentation ?? false,
    input.requiresApproval ?? before?.requiresApproval ?? false,
    input.active ?? before?.active ?? true,
  ];
  const written = row
    ? await rows(
        tx,
        `UPDATE reason_code SET label = $3, category = $4, requires_documentation = $5, requires_approval = $6,
           active = $7, version = version + 1 WHERE clinic_id = $1 AND code = $2 RETURNING code`,
        values,
      )
    : await rows(
        tx,
        `INSERT INTO reason_code (clinic_id, code, label, category, requires_documentation, requires_approval, active, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (clinic_id, code) DO NOTHING RETURNING code`,
        values,
      );
  if (written.length === 0)
    throw refuse('CONFLICT_RETRY', 'Someone saved or used the reason at the same moment; send it again.');
  await audit(tx, clinicId, {
    action: before ? 'reason_code.change' : 'reason_code.create',
    entityType: 'ReasonCode',
    note: code,
  });
  return { code };
}

async function isUsed(tx: Tx, clinicId: string, code: string): Promise<boolean> {
  const found = await rows(
    tx,
    'SELECT 1 AS used FROM adjustment_entry WHERE clinic_id = $1 AND reason_code = $2 LIMIT 1',
    [clinicId, code],
  );
  return found.length > 0;
}
