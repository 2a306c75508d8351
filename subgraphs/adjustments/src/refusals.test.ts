import { clinicIdText, systemViewer, transact } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, tellDirectory, tellPeriod } from '@practice-graph/practice/testing';
import { UserErrorCode } from './refusals';
import { importCampaigns } from '.';
import { Decimal } from 'decimal.js';
import { accountant, anAdjustment, CLINIC, clinicId, idOf, key, openLedger, patient, RECORD, REVERSE } from './testing';
import { APPROVE, POLICY_SET, REJECT, supervisor, WITHDRAW } from './testing/approvals';
import { RECOVER, SWEEP, writeOffDebt } from './testing/bad-debt';

const CAMPAIGN = '00000000-0000-7000-8000-0000000c0001';
const SHUT = '00000000-0000-7000-8000-0000000000c4';
const REVIEW = `mutation ($clinicId: ID!, $month: String!, $input: WorkflowStepInput!) {
  adjustmentReviewComplete(clinicId: $clinicId, month: $month, input: $input) { userErrors { code path } } }`;
const RECORD_ALL = `mutation ($input: AdjustmentsRecordInput!) { adjustmentsRecord(input: $input) { userErrors { code path } } }`;
const CAMPAIGN_SAVE = `mutation ($input: PromotionCampaignInput!) { promotionCampaignSave(input: $input) { userErrors { code path } } }`;

type Refused = { userErrors: { code: string }[] };

let graph: TestSubgraph;
let patients = 0;
const ofSomeone = (of: Record<string, unknown> = {}) => anAdjustment({ patientId: idOf(patient(++patients)), ...of });
const change = async (query: string, variables: Record<string, unknown>, as = accountant): Promise<Refused> =>
  Object.values((await graph.get(as, query, variables)) as Record<string, Refused>)[0] as Refused;
const record = (of: Record<string, unknown> = {}, as = accountant) => change(RECORD, { input: ofSomeone(of) }, as);
const step = (of: Record<string, unknown> = {}) => ({ idempotencyKey: key(), reason: 'Because', ...of });
const recorded = async (of: Record<string, unknown> = {}): Promise<string> =>
  (await graph.get(accountant, RECORD, { input: ofSomeone(of) })).adjustmentRecord.adjustment.id as string;
const waiting = () => recorded({ amount: '300.00' });
/** A request for which nothing must be there first. */
const now = (ask: () => Promise<Refused>) => () => Promise.resolve(ask);
const recover = (of: Record<string, unknown>) =>
  change(RECOVER, {
    input: { idempotencyKey: key(), amount: '10.00', recoveredOn: '2026-06-29', reasonCode: 'REC-AGENCY', ...of },
  });
const sweep = (balance: string) =>
  change(SWEEP, {
    input: {
      ...{ idempotencyKey: key(), clinicId, dryRun: false, adjustmentDate: '2026-06-30', reasonCode: 'SML-RESIDUE' },
      balances: [{ patientId: idOf(patient(++patients)), balance }],
    },
  });
const campaign = (of: Record<string, unknown>) => ({
  ...{ idempotencyKey: key(), clinicId, code: 'NEW', name: 'New', startsOn: '2026-06-01', endsOn: '2026-06-30' },
  ...{ budget: '100.00', ...of },
});

beforeAll(async () => {
  graph = await openLedger();
  await transact(graph.running.database, systemViewer(CLINIC, 'loader'), CLINIC, (tx) =>
    importCampaigns(tx, CLINIC, [
      {
        ...{ id: CAMPAIGN, code: 'SPRING', name: 'Spring', startsOn: '2026-04-01', endsOn: '2026-04-30' },
        budget: new Decimal('100.00'),
      },
    ]),
  );
  await tellDirectory(graph, SHUT, { clinic: aClinic({ capabilities: ['PRODUCTION'] }) });
  await tellPeriod(graph, CLINIC, '2026-02', 'CLOSING');
});
afterAll(() => graph.stop());

/** For each code what must be there first, and then the request that is refused. */
const REQUESTS: Readonly<Record<string, () => Promise<() => Promise<Refused>>>> = {
  INVALID: now(() => record({ category: 'COURTESY_DISCOUNT', collectionEffortIds: [idOf(CAMPAIGN)] })),
  NOT_FOUND: now(() => change(REVERSE, { id: idOf(CAMPAIGN), input: step() })),
  STALE_VERSION: async () => {
    const id = await recorded();
    return () => change(REVERSE, { id, input: step({ expectedVersion: 9 }) });
  },
  IDEMPOTENCY_KEY_REUSED: async () => {
    const input = ofSomeone();
    await change(RECORD, { input });
    return () => change(RECORD, { input: { ...input, amount: '21.00' } });
  },
  CONFLICT_RETRY: async () => {
    const id = await recorded({ category: 'TIMING_ADJUSTMENT', reasonCode: 'TIM-PERIOD', amount: '-260.00' });
    await change(APPROVE, { ids: [id], input: step() }, supervisor);
    await change(REVERSE, { id, input: step() });
    return () => change(REVERSE, { id, input: step() });
  },
  CAPABILITY_OFF: now(() =>
    change(
      POLICY_SET,
      { clinicId: clinicIdText(SHUT), input: { idempotencyKey: key(), effectiveFrom: '2030-01-01' } },
      { ...accountant, clinicIds: [SHUT] },
    ),
  ),
  FUTURE_DATE: now(() => record({ adjustmentDate: '2026-07-02' })),
  BACKDATED_TOO_FAR: now(() => record({ adjustmentDate: '2026-01-02' })),
  PERIOD_CLOSED: now(() =>
    record({ adjustmentDate: '2026-02-10' }, { ...accountant, scopes: [...accountant.scopes, 'records:backdate'] }),
  ),
  BAD_RANGE: now(() => change(CAMPAIGN_SAVE, { input: campaign({ endsOn: '2026-05-31' }) })),
  ILLEGAL_STATE_CHANGE: async () => {
    const id = await recorded();
    return () => change(REJECT, { id, input: step() }, supervisor);
  },
  REASON_REQUIRED: async () => {
    const id = await waiting();
    return () => change(REJECT, { id, input: step({ reason: ' ' }) }, supervisor);
  },
  ALREADY_DECIDED: async () => {
    const id = await waiting();
    await change(APPROVE, { ids: [id], input: step() }, supervisor);
    return () => change(APPROVE, { ids: [id], input: step() }, supervisor);
  },
  SELF_APPROVAL: async () => {
    const id = await waiting();
    return () => change(APPROVE, { ids: [id], input: step() }, { ...supervisor, subject: accountant.subject });
  },
  NOT_OWN_ENTRY: async () => {
    const id = await waiting();
    return () => change(WITHDRAW, { id, input: step() }, supervisor);
  },
  DUPLICATE: now(() => change(CAMPAIGN_SAVE, { input: campaign({ code: 'SPRING' }) })),
  ALREADY_REVIEWED: async () => {
    const ask = () => change(REVIEW, { clinicId, month: '2026-05', input: step() }, supervisor);
    await ask();
    return ask;
  },
  BAD_AMOUNT: now(() => record({ amount: '-1.00' })),
  BAD_REASON: now(() => record({ reasonCode: 'NO-SUCH' })),
  DOCUMENTATION_REQUIRED: now(() => record({ category: 'BAD_DEBT', reasonCode: 'BAD-AGENCY', description: 'File 7' })),
  TOO_MANY_LINES: now(() => {
    const { clinicId: of, idempotencyKey, ...line } = ofSomeone();
    const adjustments = Array.from({ length: 501 }, () => line);
    return change(RECORD_ALL, { input: { clinicId: of, idempotencyKey, adjustments } });
  }),
  ABOVE_SMALL_BALANCE_LIMIT: now(() => sweep('10.01')),
  BALANCE_MISMATCH: now(() =>
    record({ category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '4.00', balance: '5.00' }),
  ),
  EXCEEDS_BALANCE: now(() => record({ balance: '19.99' })),
  NOT_BAD_DEBT: async () => {
    const writeOffId = await recorded();
    return () => recover({ writeOffId });
  },
  RECOVERY_EXCEEDS_WRITE_OFF: async () => {
    const writeOffId = await writeOffDebt(graph, patient(++patients));
    return () => recover({ writeOffId, amount: '200.01' });
  },
  CAMPAIGN_NOT_RUNNING: now(() =>
    record({ category: 'PROMOTIONAL', reasonCode: 'PRM-CAMPAIGN', campaignId: idOf(CAMPAIGN) }),
  ),
  ALREADY_REVERSED: async () => {
    const id = await recorded();
    await change(REVERSE, { id, input: step() });
    return () => change(REVERSE, { id, input: step() });
  },
  NOT_REVERSIBLE: async () => {
    const id = await waiting();
    return () => change(REVERSE, { id, input: step() });
  },
};

test('the table names every code that a change can be refused with, and no other', () => {
  expect(Object.keys(REQUESTS).sort()).toEqual(Object.keys(UserErrorCode).sort());
});

const written = async () => [
  await graph.sql('SELECT approval_status, count(*), sum(version) FROM adjustment_entry GROUP BY 1 ORDER BY 1'),
  await graph.sql('SELECT sum(amount) AS a, sum(entries) AS e, sum(pending) AS p FROM adjustment_slice'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql(`SELECT (SELECT count(*) FROM adjustment_policy) AS p, (SELECT count(*) FROM promotion_campaign) AS c,
    (SELECT count(*) FROM adjustment_review) AS r, (SELECT count(*) FROM idempotency) AS k`),
  (await graph.events()).length,
];

test.each(Object.keys(REQUESTS))('%s is reached, and the refused request leaves nothing behind', async (code) => {
  const ask = await (REQUESTS[code] as () => Promise<() => Promise<Refused>>)();
  const before = await written();

  expect((await ask()).userErrors.map((error) => error.code)).toEqual([code]);
  expect(await written()).toEqual(before);
});
