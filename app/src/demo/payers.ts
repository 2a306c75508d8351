/** Who pays for the insured, by contract, and which claims that lets expect. */
import { dateOf, dayOf, monthStart } from './days';
import type { Ledger } from './ledger';
import { feeId } from './organisation';
import type { FeeRow } from './adjustment-rows.types';
import type { EntryRow } from './rows.types';

/** Payers with what their contracts take off the usual fee, in hundredths; one has no contract. */
const PAYERS: readonly (readonly [payer: string, hundredths: number | null])[] = [
  ['Payer A', 12],
  ['Payer B', 16],
  ['Payer C', 20],
  ['Payer D', null],
];

/** Usual fee of a claim; a start is claimed in two halves. */
const CLAIMS = [
  ['D8080', 282_500],
  ['D8060', 155_000],
  ['D8030', 155_000],
  ['D0330', 30_000],
] as const;

/** The payer of an insured patient. */
export const payerOf = (patientId: string): string =>
  (PAYERS[Number.parseInt(patientId.slice(-4), 16) % PAYERS.length] as (typeof PAYERS)[number])[0];

/** Fees of the contracts of orthodontic places; each January they take off a hundredth more. */
export function generateFees({ of, clinicId, scale }: Ledger): FeeRow[] {
  if (of.kind === 'HOSPITAL') return [];
  const first = monthStart(scale.firstDay);
  const years = new Set<string>();
  for (let day = first; day <= scale.lastDay; day++) years.add(dateOf(day).slice(0, 4));
  const starts = [...years].map((year, at) => (at === 0 ? dateOf(first) : `${year}-01-01`));
  return PAYERS.flatMap(([payer, hundredths]) =>
    hundredths === null
      ? []
      : CLAIMS.flatMap(([procedureCode, usualCents]) =>
          starts.map((effectiveFrom, at) => {
            const next = starts[at + 1];
            return {
              ...{ clinicId, id: feeId(of.key, `${payer}:${procedureCode}:${String(at)}`), payer, procedureCode },
              ...{ usualCents, contractedCents: usualCents - (usualCents / 100) * (hundredths + at), effectiveFrom },
              effectiveTo: next === undefined ? null : dateOf(dayOf(next) - 1),
            };
          }),
        ),
  );
}

/** Usual fee minus contracted fee of a claim on the day of its procedure; null without a contract. */
export function expectedOf(
  fees: readonly FeeRow[],
  payer: string,
  { procedureCode, date }: Pick<EntryRow, 'procedureCode' | 'date'>,
): number | null {
  const fee = fees.find(
    (of) =>
      of.payer === payer &&
      of.procedureCode === procedureCode &&
      of.effectiveFrom <= date &&
      (of.effectiveTo === null || date <= of.effectiveTo),
  );
  return fee ? fee.usualCents - fee.contractedCents : null;
}
