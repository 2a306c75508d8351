import { clinicIdText, type Viewer } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import type { GraphQLObjectType } from 'graphql';
import { schema } from './schema';
import {
  accountant,
  anAdjustment,
  CLINIC,
  clinicId,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  patient,
  RECORD,
  SCOPES,
} from './testing';
import { anEffort, writeOffDebt } from './testing/bad-debt';

const ALL = [...SCOPES, 'finance:approve_adjustments', 'audit:read', 'records:backdate'];
/** Who recorded what the questions are about, and someone else with the same permissions. */
const creator = viewer({ ...accountant, scopes: ALL });
const approver = viewer({ clinicIds: [CLINIC], scopes: ALL, subject: 'approver' });
const anonymous = viewer({ clinicIds: [], scopes: [], subject: 'anonymous' });
const elsewhere = viewer({ clinicIds: [OTHER_CLINIC], scopes: ALL, subject: 'elsewhere' });

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 0;
let policies = 0;
const record = async (of: Record<string, unknown> = {}): Promise<string> => {
  const input = anAdjustment({ patientId: idOf(patient(++patients)), ...of });
  return (await graph.get(creator, RECORD, { input })).adjustmentRecord.adjustment.id as string;
};
const waiting = () => record({ amount: '300.00' });

interface Operation {
  readonly args: string;
  readonly selection: string;
  /** Permissions of which the caller needs one. */
  readonly scopes: readonly string[];
  /** Variables of a request that may be made. */
  readonly variables: () => Promise<Record<string, unknown>>;
  /** What the one hears who recorded it, and what someone else; null when it is done. */
  readonly creator?: string;
  readonly approver?: string;
}

const READ = ['finance:view_reports', 'finance:approve_adjustments'];
const ofClinic =
  (more: Record<string, unknown> = {}) =>
  () =>
    Promise.resolve({ clinicId, ...more });
const JUNE = { period: { month: '2026-06' } };
const ENTRY = 'adjustment { id } userErrors { code }';
const input = (of: Record<string, unknown> = {}) => ({ idempotencyKey: key(), ...of });

const QUERIES: Readonly<Record<string, Operation>> = {
  adjustmentAuditEvents: {
    args: '$clinicId: ID!, $period: PeriodInput!',
    ...{ selection: 'totalCount', scopes: ['audit:read'], variables: ofClinic(JUNE) },
  },
  adjustmentEntries: { args: '$clinicId: ID!', selection: 'totalCount', scopes: READ, variables: ofClinic() },
  adjustmentEntry: {
    ...{ args: '$id: ID!', selection: 'id', scopes: READ },
    variables: async () => ({ id: await record() }),
  },
  adjustmentPolicy: {
    ...{ args: '$clinicId: ID!', selection: 'version', scopes: ['finance:view_reports'], variables: ofClinic() },
  },
  adjustmentReport: {
    args: '$clinicId: ID!, $period: PeriodInput!',
    ...{ selection: 'currency', scopes: ['finance:view_reports'], variables: ofClinic(JUNE) },
  },
  adjustmentReviews: {
    args: '$clinicId: ID!, $year: Int!',
    ...{ selection: 'month', scopes: ['finance:view_reports'], variables: ofClinic({ year: 2026 }) },
  },
  payerFees: {
    args: '$clinicId: ID!',
    selection: 'totalCount',
    scopes: ['finance:view_reports'],
    variables: ofClinic(),
  },
  promotionCampaigns: {
    args: '$clinicId: ID!',
    selection: 'id',
    scopes: ['finance:view_reports'],
    variables: ofClinic(),
  },
  reasonCodes: {
    args: '$clinicId: ID!',
    ...{ selection: 'code', scopes: ['finance:view_reports', 'finance:manage_adjustments'], variables: ofClinic() },
  },
  writeOffReconciliation: {
    args: '$clinicId: ID!, $period: PeriodInput!, $basisA: WriteOffDateBasis!, $basisB: WriteOffDateBasis!',
    ...{ selection: 'totalCount', scopes: ['finance:view_reports'] },
    variables: ofClinic({ ...JUNE, basisA: 'ADJUSTMENT_DATE', basisB: 'PAYMENT_DATE' }),
  },
};

const MUTATIONS: Readonly<Record<string, Operation>> = {
  adjustmentApprove: {
    args: '$ids: [ID!]!, $input: WorkflowStepInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:approve_adjustments'], creator: 'SELF_APPROVAL' },
    variables: async () => ({ ids: [await waiting()], input: input() }),
  },
  adjustmentReject: {
    args: '$id: ID!, $input: WorkflowStepInput!',
    ...{ selection: ENTRY, scopes: ['finance:approve_adjustments'], creator: 'SELF_APPROVAL' },
    variables: async () => ({ id: await waiting(), input: input({ reason: 'Because' }) }),
  },
  adjustmentWithdraw: {
    args: '$id: ID!, $input: WorkflowStepInput!',
    ...{ selection: ENTRY, scopes: ['finance:manage_adjustments'], approver: 'NOT_OWN_ENTRY' },
    variables: async () => ({ id: await waiting(), input: input() }),
  },
  adjustmentRecord: {
    args: '$input: AdjustmentRecordInput!',
    ...{ selection: ENTRY, scopes: ['finance:manage_adjustments'] },
    variables: () => Promise.resolve({ input: anAdjustment({ patientId: idOf(patient(++patients)) }) }),
  },
  adjustmentsRecord: {
    args: '$input: AdjustmentsRecordInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_adjustments'] },
    variables: () => {
      const { clinicId: of, idempotencyKey, ...line } = anAdjustment({ patientId: idOf(patient(++patients)) });
      return Promise.resolve({ input: { clinicId: of, idempotencyKey, adjustments: [line] } });
    },
  },
  adjustmentReverse: {
    args: '$id: ID!, $input: WorkflowStepInput!',
    ...{ selection: ENTRY, scopes: ['finance:manage_adjustments'] },
    variables: async () => ({ id: await record(), input: input() }),
  },
  adjustmentRecoveryRecord: {
    args: '$input: RecoveryRecordInput!',
    ...{ selection: ENTRY, scopes: ['finance:manage_adjustments'] },
    variables: async () => ({
      input: input({
        writeOffId: await writeOffDebt(graph, patient(++patients)),
        ...{ amount: '10.00', recoveredOn: '2026-06-29', reasonCode: 'REC-AGENCY' },
      }),
    }),
  },
  smallBalanceWriteOff: {
    args: '$input: SmallBalanceInput!',
    ...{ selection: 'total userErrors { code }', scopes: ['finance:manage_adjustments'] },
    variables: () =>
      Promise.resolve({
        input: input({
          ...{ clinicId, dryRun: false, adjustmentDate: '2026-06-30', reasonCode: 'SML-RESIDUE' },
          balances: [{ patientId: idOf(patient(++patients)), balance: '5.00' }],
        }),
      }),
  },
  collectionEffortRecord: {
    args: '$input: CollectionEffortInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_adjustments'] },
    variables: () => Promise.resolve({ input: anEffort({ patientId: idOf(patient(++patients)) }) }),
  },
  adjustmentPolicySet: {
    args: '$clinicId: ID!, $input: AdjustmentPolicyInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_policy'] },
    variables: () =>
      Promise.resolve({ clinicId, input: input({ effectiveFrom: `2031-01-${String(10 + ++policies)}` }) }),
  },
  adjustmentReviewComplete: {
    args: '$clinicId: ID!, $month: String!, $input: WorkflowStepInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:approve_adjustments'] },
    variables: () =>
      Promise.resolve({ clinicId, month: `2025-${String(1 + (++patients % 12)).padStart(2, '0')}`, input: input() }),
  },
  payerFeeSet: {
    args: '$input: PayerFeeInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_policy'] },
    variables: () =>
      Promise.resolve({
        input: input({
          ...{ clinicId, payer: `Payer ${key()}`, procedureCode: 'D8080', usualFee: '100.00', contractedFee: '80.00' },
          effectiveFrom: '2026-01-01',
        }),
      }),
  },
  promotionCampaignSave: {
    args: '$input: PromotionCampaignInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_policy'] },
    variables: () =>
      Promise.resolve({
        input: input({
          ...{ clinicId, code: key(), name: 'Spring', startsOn: '2026-04-01', endsOn: '2026-04-30', budget: '1.00' },
        }),
      }),
  },
  reasonCodeSave: {
    args: '$input: ReasonCodeInput!',
    ...{ selection: 'userErrors { code }', scopes: ['finance:manage_policy'] },
    variables: () => Promise.resolve({ input: input({ clinicId, code: key(), label: 'Mine', category: 'OTHER' }) }),
  },
};

const documentOf = (kind: 'query' | 'mutation', field: string, { args, selection }: Operation) => {
  const given = [...args.matchAll(/\$(\w+):/g)].map(([, name]) => `${String(name)}: $${String(name)}`).join(', ');
  return `${kind} (${args}) { ${field}(${given}) { ${selection} } }`;
};

test('the tables name every root field of the domain', async () => {
  const { schema: built } = await schema();
  const fields = (type: GraphQLObjectType | null | undefined) =>
    Object.keys(type?.getFields() ?? {})
      .filter((name) => !name.startsWith('_'))
      .sort();
  expect(Object.keys(QUERIES).sort()).toEqual(fields(built.getQueryType()));
  expect(Object.keys(MUTATIONS).sort()).toEqual(fields(built.getMutationType()));
});

const without = (scopes: readonly string[]) =>
  viewer({ ...approver, scopes: ALL.filter((of) => !scopes.includes(of)) });

describe.each(Object.entries(QUERIES))('query %s', (field, operation) => {
  const ask = async (as: Viewer) => graph.ask(as, documentOf('query', field, operation), await operation.variables());

  test.each([
    ['anonymous', anonymous],
    ['wrong scopes', without(operation.scopes)],
  ])('%s is FORBIDDEN', async (_, as) => {
    const { data, errors } = await ask(as);
    expect(data?.[field] ?? null).toBeNull();
    expect(errors?.map((of) => of.extensions['code'])).toEqual(['FORBIDDEN']);
  });

  test('another clinic gets null without an error', async () => {
    expect(await ask(elsewhere)).toEqual({ data: { [field]: null } });
  });

  test.each(operation.scopes)('%s suffices, for creator and approver alike', async (scope) => {
    for (const as of [creator, approver]) {
      const { data, errors } = await ask(viewer({ ...as, scopes: [scope] }));
      expect(errors).toBeUndefined();
      expect(data?.[field]).not.toBeNull();
    }
  });
});

const written = async () => [
  await graph.sql('SELECT approval_status, count(*), sum(version) FROM adjustment_entry GROUP BY 1 ORDER BY 1'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action NOT LIKE '%.read'`),
  await graph.sql(`SELECT (SELECT count(*) FROM adjustment_policy) AS p, (SELECT count(*) FROM promotion_campaign) AS c,
    (SELECT count(*) FROM adjustment_review) AS r, (SELECT count(*) FROM idempotency) AS k,
    (SELECT count(*) FROM payer_fee) AS f, (SELECT count(*) FROM reason_code) AS o, (SELECT count(*) FROM collection_effort) AS t`),
  (await graph.events()).length,
];

describe.each(Object.entries(MUTATIONS))('mutation %s', (field, operation) => {
  const prepared = async () => {
    const variables = await operation.variables();
    return (as: Viewer) => graph.ask(as, documentOf('mutation', field, operation), variables);
  };
  const codes = async (as: Viewer, ask: Awaited<ReturnType<typeof prepared>>) => {
    const { data, errors } = await ask(as);
    if (errors) return errors.map((of) => of.extensions['code']);
    return (data?.[field] as { userErrors: { code: string }[] }).userErrors.map((of) => of.code);
  };

  test('anonymous, wrong scopes and another clinic change nothing', async () => {
    const ask = await prepared();
    const before = await written();

    expect(await codes(anonymous, ask)).toEqual(['FORBIDDEN']);
    expect(await codes(without(operation.scopes), ask)).toEqual(['FORBIDDEN']);
    expect(await codes(elsewhere, ask)).toEqual(['NOT_FOUND']);
    expect(await written()).toEqual(before);
  });

  test.each([
    ['creator', creator, operation.creator],
    ['approver', approver, operation.approver],
  ])('the %s may, unless duties are separated', async (_, as, refusal) => {
    expect(await codes(viewer({ ...as, scopes: operation.scopes }), await prepared())).toEqual(
      refusal ? [refusal] : [],
    );
  });
});

test('the other clinic of these tables is one that is known, so that its silence means something', async () => {
  const answer = await graph.get(elsewhere, 'query ($of: ID!) { reasonCodes(clinicId: $of) { code } }', {
    of: clinicIdText(OTHER_CLINIC),
  });
  expect(answer.reasonCodes).toHaveLength(25);
});
