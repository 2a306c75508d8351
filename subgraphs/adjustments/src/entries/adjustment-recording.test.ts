import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, tellDirectory } from '@practice-graph/practice/testing';
import { clinicIdText } from '@practice-graph/kit';
import {
  accountant,
  anAdjustment,
  CASE,
  clinicId,
  DR_LEE,
  ENTRY,
  idOf,
  NORTH,
  openLedger,
  outsider,
  patient,
  PATIENT,
  RECORD,
  SCOPES,
  SOUTH,
} from '../testing';
import { POLICY_SET } from '../testing/approvals';

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

test('an adjustment below the threshold is approved by itself, with its place in the books', async () => {
  const { adjustment, userErrors } = await record({
    patientId: idOf(PATIENT),
    productionEntryId: idOf(ENTRY),
    treatmentPlanId: idOf(CASE),
    amount: '249.99',
  });

  expect(userErrors).toEqual([]);
  expect(adjustment).toMatchObject({
    category: 'COURTESY_DISCOUNT',
    group: 'DISCOUNT',
    amount: '249.99',
    currency: 'USD',
    adjustmentDate: '2026-06-30',
    affectsNetProduction: true,
    approvalStatus: 'AUTO_APPROVED',
    requiresApproval: false,
    approvalReasons: [],
    isReversal: false,
    version: 1,
    createdBy: 'accountant',
    reasonCode: { code: 'CRT-PREPAID', version: 0 },
    possibleDuplicateOf: null,
    clinic: { id: clinicId },
    location: { id: idOf(NORTH) },
    provider: { id: idOf(DR_LEE) },
    patient: { id: idOf(PATIENT) },
    treatmentPlan: { id: idOf(CASE) },
    productionEntry: { id: idOf(ENTRY) },
  });
});

test('recording tells revenue the whole state, once, and leaves an audit event with the patient hidden in a hash', async () => {
  const { adjustment } = await record({ productionEntryId: idOf(ENTRY), amount: '31.50', description: ' For Anna ' });

  const told = (await graph.events()).at(-1);
  expect(told).toMatchObject({
    subscriber: 'revenue',
    event: {
      type: 'adjustment.posted',
      clinicId: '00000000-0000-7000-8000-0000000000c1',
      data: {
        category: 'COURTESY_DISCOUNT',
        amount: '31.5',
        affectsNetProduction: true,
        adjustmentDate: '2026-06-30',
        originalDate: null,
        locationId: NORTH,
        providerId: DR_LEE,
        productionEntryId: ENTRY,
        treatmentPlanId: null,
        reversesId: null,
        version: 1,
      },
    },
  });
  const [event] = await graph.sql(
    `SELECT action, entity_type, to_state, note, (SELECT count(*)::int FROM audit_subject s WHERE s.event_id = a.id) AS subjects
     FROM audit_event a WHERE action = 'adjustment.record' ORDER BY a.id DESC LIMIT 1`,
  );
  expect(event).toEqual({
    action: 'adjustment.record',
    entity_type: 'AdjustmentEntry',
    to_state: 'AUTO_APPROVED',
    note: 'For Anna',
    subjects: 1,
  });
  expect(adjustment.amount).toBe('31.50');
});

test('today is the day of the location: already 1 July in the east, still 30 June in the west', async () => {
  const night = await openLedger('2026-07-01T05:00:00Z');
  try {
    const at = async (locationId: string) =>
      (await night.get(accountant, RECORD, { input: input({ adjustmentDate: '2026-07-01', locationId }) }))
        .adjustmentRecord.userErrors;
    expect(await at(idOf(NORTH))).toEqual([]);
    expect(await at(idOf(SOUTH))).toMatchObject([{ code: 'FUTURE_DATE', path: ['input', 'adjustmentDate'] }]);
    // At one and the same moment of two days: the window of thirty days goes by the days of the places.
    const status = async (of: Record<string, unknown>) =>
      (await night.get(accountant, RECORD, { input: input({ amount: '125.00', ...of }) })).adjustmentRecord.adjustment
        .approvalStatus as string;
    const [west, east] = [
      { locationId: idOf(SOUTH), adjustmentDate: '2026-06-30' },
      { locationId: idOf(NORTH), adjustmentDate: '2026-07-01' },
    ];
    const [early, late] = [idOf(patient(91)), idOf(patient(92))];
    for (const patientId of [early, late]) await status({ patientId, adjustmentDate: '2026-06-01' });
    expect(await status({ ...west, patientId: early })).toBe('PENDING');
    expect(await status({ ...east, patientId: late })).toBe('AUTO_APPROVED');
    expect(await status({ ...west, patientId: late })).toBe('PENDING');
  } finally {
    await night.stop();
  }
});

test('the thirtieth day back is the last one, and records:backdate lifts the limit', async () => {
  expect((await record({ adjustmentDate: '2026-05-31' })).adjustment.adjustmentDate).toBe('2026-05-31');
  const auditor = viewer({ ...accountant, scopes: [...SCOPES, 'records:backdate'] });
  expect((await record({ adjustmentDate: '2024-01-02' }, auditor)).adjustment.adjustmentDate).toBe('2024-01-02');
});

test('a small balance is written off exactly, and a credit needs leave', async () => {
  const small = { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '9.99', balance: '9.99' };
  expect((await record(small)).adjustment).toMatchObject({ group: 'WRITE_OFF', affectsNetProduction: false });
  expect((await record({ balance: '19.99', allowCredit: true })).userErrors).toEqual([]);
});

test('amounts of a patient that together reach the threshold within thirty days need a decision', async () => {
  const patientId = idOf(patient(1));
  expect((await record({ patientId, amount: '130.00', adjustmentDate: '2026-06-01' })).userErrors).toEqual([]);

  expect((await record({ patientId, amount: '119.99', adjustmentDate: '2026-06-30' })).adjustment.approvalStatus).toBe(
    'AUTO_APPROVED',
  );
  expect((await record({ patientId, amount: '0.01', adjustmentDate: '2026-06-30' })).adjustment).toMatchObject({
    approvalStatus: 'PENDING',
    requiresApproval: true,
    approvalReasons: ['CUMULATIVE_THRESHOLD'],
  });
  expect((await record({ patientId, amount: '0.01', adjustmentDate: '2026-05-31' })).adjustment.approvalStatus).toBe(
    'AUTO_APPROVED',
  );
});

test('dating the second half earlier does not slip past the cumulative threshold', async () => {
  const patientId = idOf(patient(2));
  await record({ patientId, amount: '130.00', adjustmentDate: '2026-06-30' });

  expect((await record({ patientId, amount: '130.00', adjustmentDate: '2026-06-02' })).adjustment).toMatchObject({
    approvalStatus: 'PENDING',
    approvalReasons: ['CUMULATIVE_THRESHOLD'],
  });
});

test('two halves of a split amount sent at once do not both pass', async () => {
  const patientId = idOf(patient(3));
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => graph.get(accountant, RECORD, { input: input({ patientId, amount: '130.00' }) })),
  );

  const states = answers.map(({ adjustmentRecord }) => adjustmentRecord.adjustment.approvalStatus as string);
  expect(states.sort()).toEqual(['AUTO_APPROVED', ...Array.from({ length: 5 }, () => 'PENDING')]);
});

test('an equal adjustment of the same transaction within a day is recorded and marked', async () => {
  const of = { patientId: idOf(patient(4)), transactionId: 'TX-1', amount: '12.00' };
  const first = await record(of);
  const second = await record(of);
  const third = await record({ ...of, amount: '12.01' });

  expect(first.adjustment.possibleDuplicateOf).toBeNull();
  expect(second.adjustment.possibleDuplicateOf).toEqual({ id: first.adjustment.id });
  expect(third.adjustment.possibleDuplicateOf).toBeNull();
});

test('of equal adjustments of one transaction at once all but the first are marked, also where no amount is too large', async () => {
  const free = await openLedger();
  try {
    const policy = { clinicId, input: { idempotencyKey: 'free', effectiveFrom: '2026-06-01', approvalRules: [] } };
    await free.get(accountant, POLICY_SET, policy);
    await free.get(accountant, RECORD, { input: input() });
    const sent = () => input({ patientId: idOf(patient(5)), transactionId: 'TX-5', amount: '12.00' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => free.get(accountant, RECORD, { input: sent() })));
    const marks = answers.map(({ adjustmentRecord: of }) => of.adjustment.possibleDuplicateOf?.id ?? of.adjustment.id);
    expect(new Set(marks).size).toBe(1);
  } finally {
    await free.stop();
  }
});

test('an equal adjustment of the day before yesterday is no duplicate', async () => {
  const of = { patientId: idOf(patient(5)), transactionId: 'TX-2', amount: '12.00' };
  await record(of);
  await graph.sql(
    `UPDATE adjustment_entry SET created_at = created_at - interval '25 hours' WHERE transaction_id = 'TX-2'`,
  );

  expect((await record(of)).adjustment.possibleDuplicateOf).toBeNull();
});

test('the same key with the same data gives the first answer again, with other data it is refused', async () => {
  const sent = input({ idempotencyKey: 'once', patientId: idOf(patient(6)), amount: '10.50' });
  const first = await graph.get(accountant, RECORD, { input: sent });
  const before = await written();
  const again = await graph.get(accountant, RECORD, { input: { ...sent, amount: '10.5' } });
  const other = await graph.get(accountant, RECORD, { input: { ...sent, amount: '10.51' } });

  expect(again).toEqual(first);
  expect(other.adjustmentRecord.userErrors[0].code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await written()).toEqual(before);
});

test('twenty equal requests at once have one effect', async () => {
  const sent = input({ idempotencyKey: 'twenty', patientId: idOf(patient(7)), amount: '1.11' });
  const before = await written();
  const answers = await Promise.all(Array.from({ length: 20 }, () => graph.get(accountant, RECORD, { input: sent })));

  const ids = new Set(answers.flatMap(({ adjustmentRecord: a }) => (a.adjustment ? [a.adjustment.id] : [])));
  const codes = new Set(
    answers.flatMap(({ adjustmentRecord: a }) => a.userErrors.map((e: { code: string }) => e.code)),
  );
  expect(ids.size).toBe(1);
  expect([...codes].filter((code) => code !== 'CONFLICT_RETRY')).toEqual([]);
  const after = await written();
  expect([after.entries, after.events]).toEqual([(before.entries ?? 0) + 1, before.events + 1]);
});

test('a caller who is narrowed to a location records there and nowhere else', async () => {
  const desk = viewer({ ...accountant, restrictions: { locations: [NORTH] } });

  expect((await record({ locationId: idOf(NORTH) }, desk)).userErrors).toEqual([]);
  expect(await refused({ locationId: idOf(SOUTH) }, desk)).toEqual([['NOT_FOUND', 'input.locationId']]);
  expect(await refused({ locationId: null }, desk)).toEqual([['NOT_FOUND', 'input.locationId']]);
});

test('a caller without the permission is FORBIDDEN and an outsider learns nothing', async () => {
  const reader = viewer({ ...accountant, scopes: ['finance:view_reports'] });
  const denied = await graph.ask(reader, RECORD, { input: input() });
  expect(denied.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');

  expect(await refused({}, outsider)).toEqual([['NOT_FOUND', 'input.clinicId']]);
});

test('a clinic that is not known here yet is asked to send again, one without the domain is refused', async () => {
  const young = '00000000-0000-7000-8000-0000000000c3';
  const shut = '00000000-0000-7000-8000-0000000000c4';
  const as = viewer({ ...accountant, clinicIds: [young, shut] });
  await tellDirectory(graph, shut, { clinic: aClinic({ capabilities: ['PRODUCTION'] }) });
  const at = (id: string) => ({
    clinicId: clinicIdText(id),
    locationId: null,
    providerId: null,
    patientId: idOf(PATIENT, id),
  });

  expect((await refused(at(young), as))[0]?.[0]).toBe('CONFLICT_RETRY');
  expect((await refused(at(shut), as))[0]?.[0]).toBe('CAPABILITY_OFF');
});

test('a float or too many digits never reach the ledger', async () => {
  const before = await written();
  for (const amount of [10.5, '10.555', '1e3', 'NaN']) {
    const answer = await graph.ask(accountant, RECORD, { input: input({ amount }) });
    expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  }
  const blank = await graph.get(accountant, RECORD, { input: input({ idempotencyKey: ' ' }) });
  expect(blank.adjustmentRecord.userErrors[0].code).toBe('INVALID');
  expect(await written()).toEqual(before);
});

test('without patient:read the account of an entry stays hidden', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:manage_adjustments', 'finance:view_reports'] });
  expect((await record({}, clerk)).adjustment.patient).toBeNull();
});
