import {
  audit,
  columnsOf,
  Decimal,
  hydrate,
  newId,
  prepared,
  readPage,
  rows,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { addDays, clinicOf, type Day } from '@practice-graph/practice';
import { codes, refuse } from '../refusals';
import { PayerFee } from './payer-fee.entity';

const TEXT_MAX = 100;

export interface SetFee {
  readonly payer: string;
  readonly procedureCode: string;
  readonly usualFee: Decimal;
  readonly contractedFee: Decimal;
  readonly effectiveFrom: Day;
  readonly expectedVersion?: number | null | undefined;
}

const named = (text: string, member: string): string => {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > TEXT_MAX)
    throw refuse('INVALID', `${member} has 1 to ${String(TEXT_MAX)} characters.`, ['input', member]);
  return trimmed;
};

/**
 * Sets the fees of a payer for a procedure from a day on, and ends those before the day before; answers the key. Fees that
 * begin on the same day are replaced only by a caller who names their version, else they are a DUPLICATE.
 */
export async function setFee(tx: Tx, clinicId: string, input: SetFee): Promise<RecordKey> {
  const { usualFee, contractedFee, effectiveFrom } = input;
  await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const payer = named(input.payer, 'payer');
  const procedureCode = named(input.procedureCode, 'procedureCode');
  if (usualFee.isNegative()) throw refuse('BAD_AMOUNT', 'A fee may not be negative.', ['input', 'usualFee']);
  if (contractedFee.isNegative() || contractedFee.gt(usualFee))
    throw refuse('BAD_AMOUNT', 'The contracted fee lies between nothing and the usual fee.', [
      'input',
      'contractedFee',
    ]);

  // Fees of one payer and procedure are set one after the other, so that their days never overlap.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('payer fee:' || $1::text, 0))`, [
    JSON.stringify([clinicId, payer, procedureCode]),
  ]);
  const all = hydrate(
    tx,
    PayerFee,
    await prepared(
      tx,
      'SELECT * FROM payer_fee WHERE clinic_id = $1 AND payer = $2 AND procedure_code = $3 ORDER BY effective_from',
      [clinicId, payer, procedureCode],
    ),
  );
  const before = all.filter((fee) => fee.effectiveFrom <= effectiveFrom).at(-1);
  const next = all.find((fee) => fee.effectiveFrom > effectiveFrom);
  const expected = input.expectedVersion ?? null;
  if (expected === null && before?.effectiveFrom === effectiveFrom)
    throw refuse('DUPLICATE', codes.DUPLICATE, ['input', 'effectiveFrom']);
  if (expected !== null && expected !== before?.version)
    throw refuse('STALE_VERSION', 'The fees moved on; read them again.', ['input', 'expectedVersion']);

  let id = newId();
  if (before?.effectiveFrom === effectiveFrom) {
    id = before.id;
    await rows(
      tx,
      'UPDATE payer_fee SET usual_fee = $3, contracted_fee = $4, version = version + 1 WHERE clinic_id = $1 AND id = $2',
      [clinicId, id, usualFee, contractedFee],
    );
  } else {
    if (before)
      await rows(tx, 'UPDATE payer_fee SET effective_to = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2', [
        clinicId,
        before.id,
        addDays(effectiveFrom, -1),
      ]);
    await rows(
      tx,
      `INSERT INTO payer_fee (clinic_id, id, payer, procedure_code, usual_fee, contracted_fee, effective_from, effective_to)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        clinicId,
        id,
        payer,
        procedureCode,
        usualFee,
        contractedFee,
        effectiveFrom,
        next ? addDays(next.effectiveFrom, -1) : null,
      ],
    );
  }
  await audit(tx, clinicId, {
    action: 'payer_fee.set',
    entityType: 'PayerFee',
    entityId: id,
    note: `${payer} ${procedureCode} from ${effectiveFrom}`,
  });
  return { clinicId, id };
}

/** Fees of another system for the days between two; the identifier is the row uuid. */
export interface ImportedFee extends Omit<SetFee, 'expectedVersion'> {
  readonly id: string;
  readonly effectiveTo: Day | null;
}

/** Takes over fees of a clinic with one statement; the days of one payer and procedure do not overlap. */
export async function importFees(tx: Tx, clinicId: string, list: readonly ImportedFee[]): Promise<void> {
  if (list.length === 0) return;
  await rows(
    tx,
    `INSERT INTO payer_fee (clinic_id, id, payer, procedure_code, usual_fee, contracted_fee, effective_from, effective_to)
     SELECT $1::uuid, f.id, f.payer, f."procedureCode", f."usualFee", f."contractedFee", f."effectiveFrom", f."effectiveTo"
     FROM json_to_recordset($2::json) AS f (id uuid, payer text, "procedureCode" text, "usualFee" numeric,
       "contractedFee" numeric, "effectiveFrom" date, "effectiveTo" date)`,
    [clinicId, JSON.stringify(list)],
  );
  await audit(tx, clinicId, { action: 'payer_fee.import', entityType: 'PayerFee', rowCount: list.length });
}

/** Write-off that a contract lets expect on a day: usual fee minus contracted fee (ADJ-70); null without a contract. */
export async function expectedWriteOff(
  tx: Tx,
  clinicId: string,
  of: { payer: string | null; procedureCode: string | null; day: Day },
): Promise<Decimal | null> {
  if (of.payer === null || of.procedureCode === null) return null;
  const [fee] = await prepared<{ expected: string }>(
    tx,
    `SELECT usual_fee - contracted_fee AS expected FROM payer_fee
     WHERE clinic_id = $1 AND payer = $2 AND procedure_code = $3 AND effective_from <= $4
       AND (effective_to IS NULL OR effective_to >= $4)`,
    [clinicId, of.payer, of.procedureCode, of.day],
  );
  return fee ? new Decimal(fee.expected) : null;
}

/** One page of the fees in force on a day, by payer and procedure. */
export function listFees(
  tx: Tx,
  of: { clinicId: string; payer: string | null; day: Day; first: number | null; after: string | null },
): Promise<Page<PayerFee>> {
  return readPage<object, PayerFee>(tx, {
    select: columnsOf(tx.dataSource.getMetadata(PayerFee), 't'),
    from: 'payer_fee t',
    where: [
      't.clinic_id = $1',
      't.effective_from <= $2',
      '(t.effective_to IS NULL OR t.effective_to >= $2)',
      '($3::text IS NULL OR t.payer = $3)',
    ],
    params: [of.clinicId, of.day, of.payer],
    order: [
      { expression: 't.payer', type: 'text', direction: 'ASC' },
      { expression: 't.procedure_code', type: 'text', direction: 'ASC' },
      { expression: 't.id', type: 'uuid', direction: 'ASC' },
    ],
    first: of.first,
    after: of.after,
    map: (found) => hydrate(tx, PayerFee, found),
  });
}
