import { type TestSubgraph } from '@practice-graph/kit/testing';

import { clinicIdText } from '@practice-graph/kit';
import { accountant, anAdjustment, CASE, idOf, openLedger, OTHER_CLINIC, patient, PATIENT, RECORD } from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 100;
/** Input of a patient of its own, so that the cumulative threshold of one test is not that of another. */
const input = (of: Record<string, unknown> = {}) => anAdjustment({ patientId: idOf(patient(++patients)), ...of });
const record = async (of: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, RECORD, { input: input(of) })).adjustmentRecord;

const written = async () => ({
  entries: (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM adjustment_entry'))[0]?.n,
  slices: (await graph.sql<{ n: number }>('SELECT coalesce(sum(entries), 0)::int AS n FROM adjustment_slice'))[0]?.n,
  audit: (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM audit_event'))[0]?.n,
  keys: (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM idempotency'))[0]?.n,
  reasons: (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM reason_code'))[0]?.n,
  events: (await graph.events()).length,
});

const refused = async (of: Record<string, unknown>, as = accountant) => {
  const before = await written();
  const { adjustment, userErrors } = await record(of, as);
  expect(adjustment).toBeNull();
  expect(await written()).toEqual(before);
  return userErrors.map(({ code, path }: { code: string; path: string[] | null }) => [code, path?.join('.')]);
};

test.each([
  ['nothing', { amount: '0' }, [['BAD_AMOUNT', 'input.amount']]],
  ['a negative discount', { amount: '-5' }, [['BAD_AMOUNT', 'input.amount']]],
  ['an unknown reason', { reasonCode: 'NO-SUCH' }, [['BAD_REASON', 'input.reasonCode']]],
  ['a reason of another category', { reasonCode: 'PRM-CAMPAIGN' }, [['BAD_REASON', 'input.reasonCode']]],
  [
    'a reason that demands a description without one',
    { reasonCode: 'CRT-HARDSHIP', description: '  ' },
    [['DOCUMENTATION_REQUIRED', 'input.description']],
  ],
  [
    'bad debt without documented efforts',
    { category: 'BAD_DEBT', reasonCode: 'BAD-AGENCY', description: 'Agency file 7' },
    [['DOCUMENTATION_REQUIRED', 'input.collectionEffortIds']],
  ],
  [
    'a recovery that names no bad debt',
    { category: 'RECOVERY', reasonCode: 'REC-PATIENT' },
    [['NOT_BAD_DEBT', 'input.category']],
  ],
  ['tomorrow', { adjustmentDate: '2026-07-01' }, [['FUTURE_DATE', 'input.adjustmentDate']]],
  ['31 days ago', { adjustmentDate: '2026-05-30' }, [['BACKDATED_TOO_FAR', 'input.adjustmentDate']]],
  ['more than the balance', { balance: '19.99' }, [['EXCEEDS_BALANCE', 'input.amount']]],
  [
    'a small balance of unknown size',
    { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '4' },
    [['INVALID', 'input.balance']],
  ],
  [
    'a balance that is not small',
    { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '10.01', balance: '10.01' },
    [['ABOVE_SMALL_BALANCE_LIMIT', 'input.balance']],
  ],
  [
    'part of a small balance',
    { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '3', balance: '4' },
    [['BALANCE_MISMATCH', 'input.amount']],
  ],
  ['a malformed provider', { providerId: 'unassigned' }, [['NOT_FOUND', 'input.providerId']]],
  [
    'a patient and a case of another clinic',
    { patientId: idOf(PATIENT, OTHER_CLINIC), treatmentPlanId: idOf(CASE, OTHER_CLINIC) },
    [
      ['NOT_FOUND', 'input.patientId'],
      ['NOT_FOUND', 'input.treatmentPlanId'],
    ],
  ],
  ['another clinic', { clinicId: clinicIdText(OTHER_CLINIC) }, [['NOT_FOUND', 'input.clinicId']]],
  [
    'a location that nobody told of yet',
    { locationId: idOf('00000000-0000-7000-8000-00000000a999') },
    [['CONFLICT_RETRY', 'input.locationId']],
  ],
  [
    'several faults at once',
    { amount: '0', reasonCode: 'NO-SUCH', adjustmentDate: '2026-07-01' },
    [
      ['BAD_AMOUNT', 'input.amount'],
      ['BAD_REASON', 'input.reasonCode'],
      ['FUTURE_DATE', 'input.adjustmentDate'],
    ],
  ],
  [
    'a transaction with a name that no index takes',
    { transactionId: 'é'.repeat(201) },
    [['INVALID', 'input.transactionId']],
  ],
  ['a payer with a name of that length', { payer: 'é'.repeat(201) }, [['INVALID', 'input.payer']]],
  ['a procedure of that length', { procedureCode: 'D'.repeat(201) }, [['INVALID', 'input.procedureCode']]],
  [
    'what happens to a claim tomorrow, and an estimate below nothing',
    { procedureDate: '2026-06-30', claimDate: '2026-07-01', paymentDate: '2026-07-02', estimatedAmount: '-0.01' },
    [
      ['FUTURE_DATE', 'input.claimDate'],
      ['FUTURE_DATE', 'input.paymentDate'],
      ['BAD_AMOUNT', 'input.estimatedAmount'],
    ],
  ],
  ['a novel', { description: 'x'.repeat(2001) }, [['INVALID', 'input.description']]],
])('%s is refused and nothing is written', async (_, of, errors) => {
  expect(await refused(of)).toEqual(errors);
});
