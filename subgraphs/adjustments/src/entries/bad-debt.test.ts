import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  anImport,
  clinicId,
  DR_LEE,
  idOf,
  key,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  RECORD,
  REVERSE,
  SOUTH,
  take,
} from '../testing';
import { APPROVE, POLICY_SET, REJECT, supervisor } from '../testing/approvals';
import { anEffort, EFFORT, RECOVER, SWEEP, writeOffDebt } from '../testing/bad-debt';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 500;
const effort = async (of: Record<string, unknown>, as = accountant) =>
  (await graph.get(as, EFFORT, { input: anEffort(of) })).collectionEffortRecord;
const recover = async (of: Record<string, unknown>, as = accountant) =>
  (
    await graph.get(as, RECOVER, {
      input: { idempotencyKey: key(), amount: '50.00', recoveredOn: '2026-06-20', reasonCode: 'REC-PATIENT', ...of },
    })
  ).adjustmentRecoveryRecord;
const debtOf = (n: number, of: Record<string, unknown> = {}) => writeOffDebt(graph, patient(n), of);
const refusalsOf = ({ userErrors }: { userErrors: { code: string; path: string[] | null }[] }) =>
  userErrors.map(({ code, path }) => [code, path?.join('.')]);
const written = async () => [
  await graph.sql('SELECT count(*), sum(version) FROM adjustment_entry'),
  await graph.sql('SELECT sum(amount), sum(entries), sum(pending) FROM adjustment_slice'),
  await graph.sql('SELECT (SELECT count(*) FROM collection_effort) AS e, (SELECT count(*) FROM bad_debt_effort) AS l'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql('SELECT (SELECT count(*) FROM idempotency) AS k, (SELECT count(*) FROM reason_code) AS r'),
  (await graph.events()).length,
];
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await written();
  const answer = await work();
  expect(await written()).toEqual(before);
  return answer;
};

describe('tries to collect and bad debt (ADJ-72)', () => {
  test('a try is documented with its patient, and by reference again, audited', async () => {
    const patientId = idOf(patient(++patients));
    const { collectionEffort, userErrors } = await effort({ patientId, channel: 'PHONE', documentReference: ' R-1 ' });
    expect(userErrors).toEqual([]);
    expect(collectionEffort).toEqual({
      id: collectionEffort.id,
      at: '2026-06-10T09:00:00.000Z',
      channel: 'PHONE',
      outcome: 'No answer',
      documentReference: 'R-1',
      createdBy: 'accountant',
      patient: { id: patientId },
    });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on CollectionEffort { outcome patient { id } } } }`;
    const r = [{ __typename: 'CollectionEffort', id: collectionEffort.id }];
    const seen = async (as: typeof accountant) => (await graph.get(as, query, { r }))._entities[0];
    expect(await seen(accountant)).toEqual({ outcome: 'No answer', patient: { id: patientId } });
    expect(await seen(viewer({ ...accountant, scopes: ['finance:view_reports'] }))).toMatchObject({ patient: null });
    expect(await seen(outsider)).toBeNull();
    expect(await seen(viewer({ ...accountant, aggregateOnly: true }))).toBeNull();
    const [read] = await graph.sql(
      `SELECT count(*)::int AS n FROM audit_event WHERE action = 'patient.read' AND entity_type = 'CollectionEffort'`,
    );
    expect(read).toEqual({ n: 2 });
  });

  test.each([
    ['a patient of another clinic', { patientId: idOf(patient(1), OTHER_CLINIC) }, 'NOT_FOUND', 'patientId'],
    ['another clinic', { clinicId: clinicIdText(OTHER_CLINIC) }, 'NOT_FOUND', 'clinicId'],
    ['no outcome', { outcome: '  ' }, 'INVALID', 'outcome'],
    ['tomorrow', { at: '2026-07-01T09:00:00Z' }, 'FUTURE_DATE', 'at'],
  ])('a try with %s is refused and nothing is written', async (_, of, code, path) => {
    const answer = await unchanged(() => effort({ patientId: idOf(patient(1)), ...of }));
    expect(refusalsOf(answer)).toEqual([[code, `input.${path}`]]);
  });

  test('bad debt needs as many tries as the policy says, or its placement with an agency', async () => {
    await graph.get(accountant, POLICY_SET, {
      clinicId,
      input: { idempotencyKey: key(), effectiveFrom: '2026-06-15', minCollectionEfforts: 2 },
    });
    const n = ++patients;
    const tries = [];
    for (const channel of ['PHONE', 'LETTER', 'AGENCY'])
      tries.push((await effort({ patientId: idOf(patient(n)), channel })).collectionEffort.id as string);
    const record = async (collectionEffortIds: string[], of: Record<string, unknown> = {}) =>
      (
        await graph.get(
          accountant,
          RECORD.replace('userErrors', 'adjustment { collectionEfforts { id channel } } userErrors'),
          {
            input: anAdjustment({
              patientId: idOf(patient(n)),
              category: 'BAD_DEBT',
              reasonCode: 'BAD-UNREACHED',
              description: 'Moved away',
              collectionEffortIds,
              ...of,
            }),
          },
        )
      ).adjustmentRecord;
    const [phone = '', letter = '', agency = ''] = tries;

    const path = 'input.collectionEffortIds';
    expect(refusalsOf(await unchanged(() => record([])))).toEqual([['DOCUMENTATION_REQUIRED', path]]);
    expect(refusalsOf(await unchanged(() => record([phone, phone])))).toEqual([['DOCUMENTATION_REQUIRED', path]]);
    const other = (await effort({ patientId: idOf(patient(++patients)) })).collectionEffort.id as string;
    expect(refusalsOf(await unchanged(() => record([phone, other, 'nonsense'])))).toEqual([
      ['NOT_FOUND', `${path}.1`],
      ['NOT_FOUND', `${path}.2`],
    ]);
    const mixed = { category: 'OTHER', reasonCode: 'OTH-EXPLAINED' };
    expect(refusalsOf(await unchanged(() => record([phone], mixed)))).toEqual([['INVALID', path]]);
    expect((await record([letter, phone])).adjustment).toMatchObject({
      category: 'BAD_DEBT',
      affectsNetProduction: false,
      collectionEfforts: [
        { id: phone, channel: 'PHONE' },
        { id: letter, channel: 'LETTER' },
      ],
    });
    expect((await record([agency], { amount: '21' })).userErrors).toEqual([]);
  });
});

describe('recoveries (ADJ-77)', () => {
  test('a recovery names its bad debt, takes its account, and counts in its own period', async () => {
    const n = ++patients;
    const debt = await debtOf(n, { adjustmentDate: '2026-06-15' });
    const { adjustment, userErrors } = await recover({ writeOffId: debt, amount: '80.00' });

    expect(userErrors).toEqual([]);
    expect(adjustment).toEqual({
      id: adjustment.id,
      category: 'RECOVERY',
      amount: '80.00',
      adjustmentDate: '2026-06-20',
      approvalStatus: 'AUTO_APPROVED',
      approvalReasons: [],
      affectsNetProduction: false,
      isLegacyRecovery: false,
      recoveryAgeDays: 5,
      recoveryOf: { id: debt, recoveredAmount: '80.00', recoveries: [{ id: adjustment.id }] },
      location: { id: idOf(NORTH) },
      provider: { id: idOf(DR_LEE) },
      patient: { id: idOf(patient(n)) },
    });
    const { _entities } = await graph.get(
      accountant,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient {
         before: writeOffs(period: { range: { from: "2026-06-01", to: "2026-06-19" } }) { badDebtWriteOffs netBadDebt }
         after: writeOffs(period: { range: { from: "2026-06-20", to: "2026-06-30" } }) { badDebtRecoveries netBadDebt } } } }`,
      { r: [{ __typename: 'Patient', id: idOf(patient(n)) }] },
    );
    expect(_entities[0]).toEqual({
      before: { badDebtWriteOffs: '200.00', netBadDebt: '200.00' },
      after: { badDebtRecoveries: '80.00', netBadDebt: '-80.00' },
    });
  });

  test('recoveries together never exceed the bad debt; one that was undone or rejected makes room again', async () => {
    const debt = await debtOf(++patients);
    const first = await recover({ writeOffId: debt, amount: '150.00' });
    expect(refusalsOf(await unchanged(() => recover({ writeOffId: debt, amount: '50.01' })))).toEqual([
      ['RECOVERY_EXCEEDS_WRITE_OFF', 'input.amount'],
    ]);
    await graph.get(accountant, REVERSE, { id: first.adjustment.id, input: { idempotencyKey: key() } });
    expect((await recover({ writeOffId: debt, amount: '200.00' })).adjustment.recoveryOf.recoveredAmount).toBe(
      '200.00',
    );
  });

  test('of twenty recoveries at once as many are booked as the bad debt bears', async () => {
    const debt = await debtOf(++patients);
    const answers = await Promise.all(Array.from({ length: 20 }, () => recover({ writeOffId: debt, amount: '60.00' })));
    expect(answers.filter(({ adjustment }) => adjustment)).toHaveLength(3);
  });

  test('a large recovery waits for a decision and is held against the bad debt meanwhile', async () => {
    const n = ++patients;
    const row = anImport({ category: 'BAD_DEBT', amount: '900.00', patientId: patient(n) });
    await take(graph, [row]);
    const writeOffId = idOf(row.id);
    const { adjustment } = await recover({ writeOffId, amount: '700.00' });
    expect(adjustment).toMatchObject({ approvalStatus: 'PENDING', recoveryOf: { recoveredAmount: '0.00' } });
    expect(refusalsOf(await recover({ writeOffId, amount: '240.00' }))).toEqual([
      ['RECOVERY_EXCEEDS_WRITE_OFF', 'input.amount'],
    ]);
    await graph.get(supervisor, REJECT, { id: adjustment.id, input: { idempotencyKey: key(), reason: 'No' } });
    const again = await recover({ writeOffId, amount: '850.00' });
    await graph.get(supervisor, APPROVE, { ids: [again.adjustment.id], input: { idempotencyKey: key() } });
    expect((await recover({ writeOffId, amount: '50.00' })).adjustment.recoveryOf.recoveredAmount).toBe('900.00');
  });

  test('bad debt from before the ledger is recovered without a reference', async () => {
    const { adjustment } = await recover({ clinicId, patientId: idOf(patient(++patients)) });
    expect(adjustment).toMatchObject({
      isLegacyRecovery: true,
      recoveryOf: null,
      recoveryAgeDays: null,
      location: null,
    });
  });

  test('what is refused leaves nothing behind', async () => {
    const n = ++patients;
    const writeOffId = await debtOf(n);
    const discount = anImport({ category: 'OTHER', amount: '20', patientId: patient(n) });
    const undone = anImport({ category: 'BAD_DEBT', amount: '20', patientId: patient(n) });
    await take(graph, [discount, undone]);
    await graph.get(accountant, REVERSE, { id: idOf(undone.id), input: { idempotencyKey: key() } });
    const southern = viewer({ ...accountant, restrictions: { locations: [SOUTH] } });
    const cases: [Record<string, unknown>, string, string, typeof accountant?][] = [
      [{ writeOffId: idOf(discount.id) }, 'NOT_BAD_DEBT', 'writeOffId'],
      [{ writeOffId: idOf(undone.id) }, 'NOT_BAD_DEBT', 'writeOffId'],
      [{ writeOffId: 'nonsense' }, 'NOT_FOUND', 'writeOffId'],
      [{ writeOffId }, 'NOT_FOUND', 'writeOffId', outsider],
      [{ writeOffId }, 'NOT_FOUND', 'writeOffId', southern],
      [{ clinicId, patientId: idOf(patient(n)) }, 'NOT_FOUND', 'clinicId', southern],
      [{ writeOffId, patientId: idOf(patient(1)) }, 'INVALID', 'patientId'],
      [{ clinicId }, 'INVALID', 'patientId'],
      [{}, 'INVALID', 'clinicId'],
      [{ clinicId, patientId: idOf(patient(n), OTHER_CLINIC) }, 'NOT_FOUND', 'patientId'],
      [{ writeOffId, amount: '0' }, 'BAD_AMOUNT', 'amount'],
      [{ writeOffId, amount: '-5' }, 'BAD_AMOUNT', 'amount'],
      [{ writeOffId, reasonCode: 'BAD-AGENCY' }, 'BAD_REASON', 'reasonCode'],
      [{ writeOffId, recoveredOn: '2026-07-01' }, 'FUTURE_DATE', 'recoveredOn'],
      [{ writeOffId, recoveredOn: '2026-06-14' }, 'BAD_RANGE', 'recoveredOn'],
      [{ clinicId, patientId: idOf(patient(n)), recoveredOn: '2026-05-01' }, 'BACKDATED_TOO_FAR', 'recoveredOn'],
    ];
    for (const [of, code, path, as] of cases)
      expect([of, refusalsOf(await unchanged(() => recover(of, as)))]).toEqual([of, [[code, `input.${path}`]]]);
  });
});

test('who may document, recover and sweep', async () => {
  const nobody = viewer({ clinicIds: [], scopes: [] });
  const reader = viewer({ ...accountant, scopes: ['finance:view_reports', 'finance:approve_adjustments'] });
  const input = {
    idempotencyKey: key(),
    clinicId,
    patientId: idOf(patient(1)),
    amount: '1',
    recoveredOn: '2026-06-30',
  };
  const requests: [string, Record<string, unknown>][] = [
    [EFFORT, anEffort({ patientId: idOf(patient(1)) })],
    [RECOVER, { ...input, reasonCode: 'REC-PATIENT' }],
    [SWEEP, { idempotencyKey: key(), clinicId, adjustmentDate: '2026-06-30', reasonCode: 'SML-RESIDUE', balances: [] }],
  ];
  for (const [mutation, of] of requests)
    for (const as of [nobody, reader])
      expect((await unchanged(() => graph.ask(as, mutation, { input: of }))).errors?.[0]?.extensions['code']).toBe(
        'FORBIDDEN',
      );
});
