import { Decimal, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aKey,
  anAdjustment,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
const patient = (n: number) => of.id(of.patients[n] ?? '');

const PAYMENT = `id amount method businessDate isRefund unappliedCredit currency settlementId createdBy
  tenders { method amount } refundOf { id } refunds { id amount }`;
const PAY = `mutation ($input: PaymentRecordInput!) { paymentRecord(input: $input) { payment { ${PAYMENT} } userErrors { code path } } }`;
const REFUND = `mutation ($id: ID!, $input: PaymentRefundInput!) { paymentRefund(id: $id, input: $input) { payment { ${PAYMENT} } userErrors { code path } } }`;
const ENTRY = 'query ($id: ID!) { productionEntry(id: $id) { net collected outstanding status version } }';

const entryOf = async (changed: Record<string, unknown> = {}) =>
  (await record(graph, of, changed)).productionEntry.id as string;
const stateOf = async (id: string) => (await graph.get(of.owner, ENTRY, { id })).productionEntry;
const input = (changed: Record<string, unknown> = {}) => ({
  idempotencyKey: aKey(),
  clinicId: of.clinic,
  tenders: [{ method: 'CARD', amount: '100.00' }],
  paidAt: '2026-06-30T15:30:00Z',
  ...changed,
});
const pay = async (changed: Record<string, unknown>): Promise<any> =>
  (await graph.get(of.owner, PAY, { input: input(changed) })).paymentRecord;
const refund = async (id: string, changed: Record<string, unknown> = {}): Promise<any> =>
  (
    await graph.get(of.owner, REFUND, {
      id,
      input: {
        idempotencyKey: aKey(),
        amount: '100.00',
        refundedAt: '2026-06-30T16:00:00Z',
        reason: 'Paid twice',
        ...changed,
      },
    })
  ).paymentRefund;
const on = (productionEntryId: string, amount: string, more: Record<string, unknown> = {}) => ({
  productionEntryId,
  amount,
  ...more,
});

test('a payment settles entries: their status follows what was collected, which counts on the day of the payment', async () => {
  const first = await entryOf({ gross: '100.00', occurredAt: '2026-06-10T15:00:00Z' });
  const second = await entryOf({
    gross: '80.00',
    occurredAt: '2026-06-11T15:00:00Z',
    locationId: of.id(of.locations[1]),
  });

  const { payment, userErrors } = await pay({
    productionEntries: [on(first, '100.00'), on(second, '30.00')],
    tenders: [
      { method: 'CASH', amount: '50.00' },
      { method: 'CARD', amount: '80.00' },
    ],
    paidAt: '2026-06-20T15:00:00Z',
    settlementId: 'S-1',
  });

  expect(userErrors).toEqual([]);
  expect(payment).toMatchObject({
    amount: '130.00',
    method: 'MIXED',
    businessDate: '2026-06-20',
    isRefund: false,
    unappliedCredit: '0.00',
    currency: 'USD',
    settlementId: 'S-1',
    tenders: [
      { method: 'CASH', amount: '50.00' },
      { method: 'CARD', amount: '80.00' },
    ],
    refundOf: null,
    refunds: [],
  });
  expect(await stateOf(first)).toMatchObject({ collected: '100.00', outstanding: '0.00', status: 'COLLECTED' });
  expect(await stateOf(second)).toMatchObject({
    collected: '30.00',
    outstanding: '50.00',
    status: 'PARTIALLY_COLLECTED',
  });
  expect(await production(graph, of, JUNE)).toMatchObject({
    gross: '180.00',
    collected: '130.00',
    outstanding: '50.00',
  });
  expect(await production(graph, of, { from: '2026-06-20', to: '2026-06-20' })).toMatchObject({
    gross: '0.00',
    collected: '130.00',
  });
  const { clinic } = await graph.get(
    of.owner,
    `query ($id: ID!) { clinic(id: $id) { locations { name production(period: { range: { from: "2026-06-20", to: "2026-06-20" } }) { collected } } } }`,
    { id: of.clinic },
  );
  expect(clinic.locations.map((l: any) => l.production.collected)).toEqual(['100.00', '30.00']);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('what a payment does not settle is kept as credit, and a retry with the same key pays nothing twice', async () => {
  const entry = await entryOf({ gross: '60.00' });
  const same = input({ productionEntries: [on(entry, '60.00')] });

  const [one, two] = await Promise.all([
    graph.get(of.owner, PAY, { input: same }),
    graph.get(of.owner, PAY, { input: same }),
  ]);

  expect(one).toEqual(two);
  expect(one.paymentRecord.payment).toMatchObject({ amount: '100.00', method: 'CARD', unappliedCredit: '40.00' });
  expect(await production(graph, of, JUNE)).toMatchObject({ collected: '60.00' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('status follows net when an adjustment comes after the payment, and money stays on an entry that was reversed', async () => {
  const entry = await entryOf({ gross: '100.00' });
  await pay({ productionEntries: [on(entry, '90.00')] });
  const [row] = await graph.sql<{ id: string }>('SELECT id FROM production_entry WHERE clinic_id = $1', [of.clinicId]);
  await asService(graph, of.clinicId, (tx) =>
    importAdjustments(tx, of.clinicId, [
      anAdjustment(of, { productionEntryId: row?.id ?? '', amount: new Decimal('10.00') }),
    ]),
  );
  expect(await stateOf(entry)).toMatchObject({ net: '90.00', outstanding: '0.00', status: 'COLLECTED' });

  await reverse(graph, of, entry);

  expect(await stateOf(entry)).toMatchObject({ collected: '90.00', status: 'REVERSED' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a refund goes back on its own day, from the entries and methods of the original, up to what was paid', async () => {
  const first = await entryOf({ gross: '60.00' });
  const second = await entryOf({ gross: '30.00' });
  const { payment } = await pay({
    productionEntries: [on(first, '60.00'), on(second, '30.00')],
    tenders: [
      { method: 'CASH', amount: '40.00' },
      { method: 'CARD', amount: '60.00' },
    ],
    paidAt: '2026-06-15T15:00:00Z',
  });

  const { payment: back } = await refund(payment.id, { amount: '40.00' });

  expect(back).toMatchObject({
    amount: '40.00',
    isRefund: true,
    businessDate: '2026-06-30',
    unappliedCredit: '10.00',
    method: 'MIXED',
    tenders: [
      { method: 'CASH', amount: '16.00' },
      { method: 'CARD', amount: '24.00' },
    ],
    refundOf: { id: payment.id },
  });
  expect(await stateOf(first)).toMatchObject({ collected: '40.00', status: 'PARTIALLY_COLLECTED' });
  expect(await stateOf(second)).toMatchObject({ collected: '20.00', status: 'PARTIALLY_COLLECTED' });
  expect(await production(graph, of, { from: '2026-06-30', to: '2026-06-30' })).toMatchObject({ collected: '-30.00' });

  expect((await refund(payment.id, { amount: '60.01' })).userErrors).toEqual([
    { code: 'EXCEEDS_PAYMENT', path: ['input', 'amount'] },
  ]);
  expect((await refund(payment.id, { amount: '60.00' })).userErrors).toEqual([]);
  expect((await refund(payment.id, { amount: '0.01' })).userErrors).toMatchObject([{ code: 'EXCEEDS_PAYMENT' }]);
  expect(await stateOf(first)).toMatchObject({ collected: '0.00', status: 'POSTED' });
  expect((await refund(back.id, { amount: '1.00' })).userErrors).toEqual([{ code: 'NOT_REVERSIBLE', path: ['id'] }]);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('of two refunds at once that together exceed the payment one is refused', async () => {
  const entry = await entryOf({ gross: '100.00' });
  const { payment } = await pay({ productionEntries: [on(entry, '100.00')] });

  const answers = await Promise.all([refund(payment.id, { amount: '60.00' }), refund(payment.id, { amount: '60.00' })]);

  expect(answers.flatMap((a) => a.userErrors)).toEqual([{ code: 'EXCEEDS_PAYMENT', path: ['input', 'amount'] }]);
  expect(await stateOf(entry)).toMatchObject({ collected: '40.00' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

describe('refusals write nothing', () => {
  test.each<[string, (id: string) => Record<string, unknown>, string[]]>([
    [
      'EXCEEDS_BALANCE',
      (id) => ({ productionEntries: [on(id, '100.01')] }),
      ['input', 'productionEntries', '0', 'amount'],
    ],
    ['BAD_AMOUNT', (id) => ({ productionEntries: [on(id, '0.00')] }), ['input', 'productionEntries', '0', 'amount']],
    [
      'AMOUNT_MISMATCH',
      (id) => ({ productionEntries: [on(id, '99.00')], tenders: [{ method: 'CASH', amount: '98.00' }] }),
      ['input', 'productionEntries'],
    ],
    [
      'BAD_AMOUNT',
      (id) => ({ productionEntries: [on(id, '1.00')], tenders: [{ method: 'CASH', amount: '-1.00' }] }),
      ['input', 'tenders', '0', 'amount'],
    ],
    [
      'INVALID',
      (id) => ({ productionEntries: [on(id, '1.00')], tenders: [{ method: 'MIXED', amount: '1.00' }] }),
      ['input', 'tenders', '0', 'method'],
    ],
    ['INVALID', (id) => ({ productionEntries: [on(id, '1.00')], tenders: [] }), ['input', 'tenders']],
    ['INVALID', () => ({ productionEntries: [] }), ['input', 'productionEntries']],
    [
      'INVALID',
      (id) => ({ productionEntries: [on(id, '1.00'), on(id, '2.00')] }),
      ['input', 'productionEntries', '1', 'productionEntryId'],
    ],
    [
      'NOT_FOUND',
      () => ({ productionEntries: [on(of.id(newId()), '1.00')] }),
      ['input', 'productionEntries', '0', 'productionEntryId'],
    ],
    [
      'NOT_FOUND',
      (id) => ({ productionEntries: [on(id, '1.00')], locationId: of.id(newId()) }),
      ['input', 'locationId'],
    ],
    ['NOT_FOUND', (id) => ({ productionEntries: [on(id, '1.00')], patientId: of.id(newId()) }), ['input', 'patientId']],
    [
      'FUTURE_DATE',
      (id) => ({ productionEntries: [on(id, '1.00')], paidAt: '2026-07-01T15:00:00Z' }),
      ['input', 'paidAt'],
    ],
    [
      'BACKDATED_TOO_FAR',
      (id) => ({ productionEntries: [on(id, '1.00')], paidAt: '2026-05-01T15:00:00Z' }),
      ['input', 'paidAt'],
    ],
  ])('%s', async (code, changed, path) => {
    const id = await entryOf();
    const before = await rowCounts(graph, of.clinicId);

    const { payment, userErrors } = await pay(changed(id));

    expect(payment).toBeNull();
    expect(userErrors).toEqual([{ code, path }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('an entry that waits, was reversed, or is a reversal cannot be paid', async () => {
    const waiting = await entryOf({ post: false });
    const reversed = await entryOf();
    const reversal = (await reverse(graph, of, reversed)).productionEntry.id as string;

    for (const id of [waiting, reversed, reversal])
      expect((await pay({ productionEntries: [on(id, '1.00')] })).userErrors).toMatchObject([
        { code: 'ILLEGAL_STATE_CHANGE' },
      ]);
  });

  test('allowCredit lets an entry be paid beyond its net amount', async () => {
    const id = await entryOf({ gross: '50.00', patientId: patient(1) });

    expect((await pay({ productionEntries: [on(id, '70.00', { allowCredit: true })] })).userErrors).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ collected: '70.00', outstanding: '-20.00', status: 'COLLECTED' });
  });

  test.each<[string, Record<string, unknown>]>([
    ['BAD_AMOUNT', { amount: '0.00' }],
    ['REASON_REQUIRED', { reason: ' ' }],
    ['INVALID', { refundedAt: '2026-06-29T15:00:00Z' }],
    ['FUTURE_DATE', { refundedAt: '2026-07-02T15:00:00Z' }],
  ])('a refund with %s', async (code, changed) => {
    const id = await entryOf();
    const { payment } = await pay({ productionEntries: [on(id, '100.00')] });
    const before = await rowCounts(graph, of.clinicId);

    expect((await refund(payment.id, changed)).userErrors).toMatchObject([{ code }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });
});
