import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import type { AdjustmentCategory, AdjustmentRow } from '../../../app/src/demo/adjustment-rows.types';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import { Random } from '../../../app/src/demo/random';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { expectedOf, money, monthsOf, rateOf } from './expected';
import { ANCHOR, openGraph, type Graph } from './graph';

const group = generateDemo({ size: 'tiny', anchor: ANCHOR }).find(
  (rows) => rows.clinic.id === demoIds.clinics.group,
) as ClinicRows;
const clinicId = clinicIdText(group.clinic.id);
const idOf = (id: string) => recordIdText(group.clinic.id, id);
const operation = (name: string) =>
  readFileSync(join(__dirname, '../../../schema/operations', `${name}.graphql`), 'utf8');

/** Categories in the order in which reports list them, with whether they lower net production. */
const CATEGORIES: readonly (readonly [AdjustmentCategory, boolean])[] = [
  ['INSURANCE_WRITEOFF', true],
  ['COURTESY_DISCOUNT', true],
  ['PROFESSIONAL_DISCOUNT', true],
  ['FAMILY_DISCOUNT', true],
  ['BAD_DEBT', false],
  ['SMALL_BALANCE', false],
  ['PROMOTIONAL', true],
  ['TIMING_ADJUSTMENT', true],
  ['ERROR_CORRECTION', true],
  ['RECOVERY', false],
  ['OTHER', true],
];
const affectsNet = (category: AdjustmentCategory) => CATEGORIES.some(([of, affects]) => of === category && affects);
const total = (rows: readonly AdjustmentRow[]) => rows.reduce((sum, row) => sum + row.amountCents, 0);
const of = (rows: readonly AdjustmentRow[], ...categories: AdjustmentCategory[]) =>
  total(rows.filter((row) => categories.includes(row.category)));
const between = (from: string, to: string) => (row: AdjustmentRow) => row.date >= from && row.date <= to;

const names = new Map([...group.locations, ...group.providers].map(({ id, name }) => [id, name]));

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

test('Q13: the approval queue holds what waits, oldest first, each with the entry that it is about', async () => {
  const { adjustmentEntries } = await graph.get('supervisor', operation('13-approval-queue'), { clinicId });

  const entries = new Map(group.entries.map((entry) => [entry.id, entry]));
  const references = new Map(group.patients.map(({ id, reference }) => [id, reference]));
  const waiting = group.requests
    .filter((row) => row.status === 'PENDING')
    .sort((a, b) => (a.date + a.id < b.date + b.id ? -1 : 1));
  expect(waiting.length).toBeGreaterThan(2);
  expect(adjustmentEntries.nodes).toEqual(
    waiting.map((row) => ({
      ...{ id: idOf(row.id), category: row.category, amount: money(row.amountCents), currency: 'USD' },
      ...{ adjustmentDate: row.date, approvalReasons: ['AMOUNT_THRESHOLD'], possibleDuplicateOf: null },
      patient: { reference: references.get(row.patientId) },
      ...{ provider: { name: names.get(row.providerId) }, location: { name: names.get(row.locationId) } },
      productionEntry: {
        gross: money(entries.get(row.entryId as string)?.grossCents as number),
        procedureCode: entries.get(row.entryId as string)?.procedureCode,
      },
    })),
  );
});

test('Q5: rates of each provider over production, beside the benchmarks, and the bridge without a difference', async () => {
  const { performanceReport } = await graph.get('owner', operation('03-write-off-rates'), { clinicId });

  const [from, to] = ['2026-04-01', ANCHOR];
  const shown = performanceReport.rows.filter((row: { provider: unknown }) => row.provider !== null);
  const expected = group.providers.map(({ id, name }) => {
    const own = group.adjustments.filter((row) => row.providerId === id).filter(between(from, to));
    const gross = group.entries
      .filter((entry) => entry.providerId === id && entry.date >= from)
      .reduce((sum, entry) => sum + entry.grossCents, 0);
    const writeOffs = of(own, 'INSURANCE_WRITEOFF', 'BAD_DEBT', 'SMALL_BALANCE');
    const discounts = of(own, 'COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'PROMOTIONAL');
    const steps = CATEGORIES.flatMap(([category, affects]) =>
      affects && of(own, category) !== 0 ? [{ category, amount: money(of(own, category)) }] : [],
    );
    const net = gross - total(own.filter((row) => affectsNet(row.category)));
    return {
      ...{ name, gross: money(gross), writeOffRate: rateOf(writeOffs, gross) },
      discountRate: rateOf(discounts, gross)['value'],
      grossToNet: { gross: money(gross), steps, net: money(net), revenueNet: money(net), difference: '0.00' },
    };
  });
  const seen = shown.map((row: any) => ({
    ...{ name: row.provider.name, gross: row.production.gross, writeOffRate: row.writeOffRates.writeOffRate.ratio },
    discountRate: row.writeOffRates.discountRate.ratio.value,
    grossToNet: row.grossToNet,
  }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(seen.sort(byName)).toEqual([...expected].sort(byName));
});

test('Q5: how far the discounts of each provider over production stand from those of the others, and what was done', async () => {
  const data = await graph.get('owner', operation('28-provider-outliers'), { clinicId });

  const inYear = between('2025-07-01', ANCHOR);
  const discounts = ['COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'PROMOTIONAL'] as const;
  const entries = group.entries.filter((entry) => entry.date >= '2025-07-01');
  const grossOf = (id: string) =>
    entries.filter((entry) => entry.providerId === id).reduce((sum, entry) => sum + entry.grossCents, 0);
  const producing = group.providers.filter(({ id }) => grossOf(id) > 0);
  expect(producing.length).toBeGreaterThan(2);
  /** Deviations from the mean of the rates, for each provider by name. */
  const expected = (...categories: AdjustmentCategory[]) => {
    const granted = (id: string) => group.adjustments.filter((row) => row.providerId === id).filter(inYear);
    const rates = producing.map(({ id }) => of(granted(id), ...categories) / grossOf(id));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const deviation = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length);
    return new Map(producing.map(({ name }, at) => [name, ((rates[at] as number) - mean) / deviation]));
  };
  const check = (rows: any[], scores: Map<string, number>) => {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect([row.provider.name, Number(row.peerZScore)]).toEqual([
        row.provider.name,
        expect.closeTo(scores.get(row.provider.name) as number, 5),
      ]);
  };
  check(data.adjustmentReport.providers, expected(...discounts));
  for (const category of discounts)
    check(
      data.adjustmentReport.kinds.filter((row: any) => row.category === category),
      expected(category),
    );
  const mix = data.productionReport.mix.filter((row: any) => row.measures.entryCount > 0);
  for (const row of mix) {
    const own = entries
      .filter((entry) => names.get(entry.providerId) === row.provider.name)
      .filter((entry) => entry.category === row.category);
    expect(row.measures).toEqual({
      ...{ gross: money(own.reduce((sum, entry) => sum + entry.grossCents, 0)), entryCount: own.length },
    });
  }
  expect(mix.reduce((sum: number, row: any) => sum + Number(row.measures.entryCount), 0)).toBe(entries.length);
  await graph.without('revenue', async () => {
    const { data: rest, errors } = await graph.ask(
      'owner',
      'query ($clinicId: ID!) { adjustmentReport(clinicId: $clinicId, period: { preset: LAST_12_MONTHS }) { breakdown(by: [PROVIDER]) { amount peerZScore } } }',
      { clinicId },
    );
    expect(rest.adjustmentReport.breakdown[0]).toEqual({ amount: expect.any(String), peerZScore: null });
    expect(errors?.length).toBeGreaterThan(0);
  });
});

test('Q7: from gross to net to collected per location, and the net if all that waits were approved', async () => {
  const { performanceReport } = await graph.get('owner', operation('16-gross-to-collected-bridge'), { clinicId });

  const [from, to] = ['2026-05-01', '2026-05-31'];
  for (const { id, name } of group.locations) {
    const { grossCents, netCents, collectedCents } = expectedOf(group, { from, to, locationId: id });
    const waiting = group.requests
      .filter((row) => row.locationId === id && row.status === 'PENDING')
      .filter(between(from, to));
    const row = performanceReport.rows.find((each: any) => each.location?.name === name);
    expect(row.writeOffs).toEqual({ pending: money(total(waiting)), pendingCount: waiting.length });
    expect(row.grossToNet).toMatchObject({
      ...{ gross: money(grossCents), net: money(netCents), revenueNet: money(netCents), difference: '0.00' },
      ...{ netIfApproved: money(netCents - total(waiting)), collected: money(collectedCents) },
    });
  }
  expect(performanceReport.rows.some((row: any) => row.writeOffs?.pendingCount > 0)).toBe(true);
});

test('Q16: what a promotion granted by month, beside starts and margin of the same months', async () => {
  const campaign = group.campaigns.find((each) => each.id === demoIds.campaigns.latest);
  const data = await graph.get('owner', operation('21-promotion-effect'), {
    ...{ clinicId, campaignId: idOf(demoIds.campaigns.latest) },
  });

  const granted = group.adjustments.filter((row) => row.campaignId === campaign?.id);
  expect(granted.length).toBeGreaterThan(3);
  expect(data.promotionCampaigns.find((each: any) => each.code === campaign?.code)).toEqual({
    ...{ id: idOf(demoIds.campaigns.latest), code: campaign?.code, currency: 'USD' },
    ...{ budget: money(campaign?.budgetCents as number), granted: money(total(granted)) },
    remaining: money((campaign?.budgetCents as number) - total(granted)),
  });
  const months = monthsOf('2026-01-01', ANCHOR);
  expect(data.adjustmentReport.trend).toEqual(
    months.map(({ from, to }) => ({
      ...{ period: { label: from.slice(0, 7) }, amount: money(total(granted.filter(between(from, to)))) },
    })),
  );
  expect(data.performanceReport.rows.map((row: any) => [row.period.label, row.production.starts])).toEqual(
    months.map((month) => [month.from.slice(0, 7), expectedOf(group, month).starts]),
  );
});

test('by the day of the payment a month has other insurance write-offs, and the entries between tell the difference (REV-59)', async () => {
  const answer = await graph.get('owner', operation('30-write-off-dates'), { clinicId });

  const insurance = group.adjustments.filter(({ category }) => category === 'INSURANCE_WRITEOFF');
  const parts = insurance.map((row) => {
    const dateB = row.claim?.paymentDate ?? row.date;
    const within = (date: string) => (date.startsWith('2026-05') ? row.amountCents : 0);
    return { row, dateA: row.date, dateB, a: within(row.date), b: within(dateB) };
  });
  const [a, b] = [parts.reduce((all, part) => all + part.a, 0), parts.reduce((all, part) => all + part.b, 0)];
  const apart = parts
    .filter((part) => part.a !== part.b)
    .sort((x, y) => y.row.amountCents - x.row.amountCents || (x.row.id < y.row.id ? 1 : -1));
  expect(apart.length).toBeGreaterThan(1);
  expect(answer.byEntry).toEqual({ currency: 'USD', measures: { insuranceWriteOffs: money(a) } });
  expect(answer.byPayment).toEqual({ measures: { insuranceWriteOffs: money(b) } });
  expect(answer.writeOffReconciliation).toEqual({
    ...{ totalA: money(a), totalB: money(b), difference: money(a - b) },
    totalCount: apart.length,
    nodes: apart.map(({ row, dateA, dateB, ...of }) => ({
      ...{ dateA, dateB, amountA: money(of.a), amountB: money(of.b), entry: { id: idOf(row.id), payer: row.payer } },
    })),
  });
});

test('story 6: the month of a mistake keeps its amount, the month after shows the opposite (ADJ-96)', async () => {
  const wrong = group.adjustments.find((row) => row.amountCents === 43_210) as AdjustmentRow;
  const { adjustmentReport } = await graph.get(
    'owner',
    `query ($clinicId: ID!, $filter: AdjustmentFilter) { adjustmentReport(clinicId: $clinicId, filter: $filter,
       period: { range: { from: "2026-05-01", to: "2026-06-30" } }) {
       months: breakdown(by: [], granularity: MONTH) { period { label } amount entryCount } } }`,
    {
      clinicId,
      filter: {
        patientId: idOf(wrong.patientId),
        categories: ['ERROR_CORRECTION'],
        minAmount: '432.10',
        maxAmount: '432.10',
      },
    },
  );

  expect(adjustmentReport.months).toEqual([
    { period: { label: '2026-05' }, amount: '432.10', entryCount: 1 },
    { period: { label: '2026-06' }, amount: '-432.10', entryCount: -1 },
  ]);
});

describe('the adjustment month of the reference', () => {
  const day = '2025-01-15';
  const place = {
    ...{ locationId: idOf(demoIds.locations.harbor), providerId: idOf(demoIds.providers.doctor) },
    patientId: idOf(demoIds.patients.inBothInventories),
  };
  let keys = 0;
  const change = async (mutation: string, input: string, variables: Record<string, unknown>, persona = 'owner') => {
    const idempotencyKey = `reference-${String(++keys)}`;
    const query = `mutation ($input: ${input}!) { ${mutation} }`;
    const data = await graph.get(persona, query, { input: { idempotencyKey, ...variables } });
    const [payload] = Object.values(data as Record<string, any>);
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  const adjust = async (category: AdjustmentCategory, reasonCode: string, amount: string, more = {}) =>
    (
      await change(
        'adjustmentRecord(input: $input) { adjustment { id approvalStatus } userErrors { code message path } }',
        'AdjustmentRecordInput',
        { clinicId, ...place, adjustmentDate: day, category, reasonCode, amount, description: 'Reference', ...more },
      )
    ).adjustment;

  beforeAll(async () => {
    await change(
      'productionEntryRecord(input: $input) { productionEntry { id } userErrors { code message path } }',
      'ProductionEntryRecordInput',
      {
        ...{ clinicId, ...place, occurredAt: `${day}T15:00:00Z`, procedureCode: 'D8080', category: 'TREATMENT_START' },
        ...{ description: 'Reference month', gross: '100000.00' },
      },
    );
    const effort = async (at: string) =>
      (
        await change(
          'collectionEffortRecord(input: $input) { collectionEffort { id } userErrors { code message path } }',
          'CollectionEffortInput',
          { clinicId, patientId: place.patientId, at, channel: 'PHONE', outcome: 'No answer' },
        )
      ).collectionEffort.id as string;
    const collectionEffortIds = [await effort('2024-12-01T15:00:00Z'), await effort('2024-12-20T15:00:00Z')];
    const recorded = [
      await adjust('INSURANCE_WRITEOFF', 'INS-CONTRACT', '18000.00'),
      await adjust('COURTESY_DISCOUNT', 'CRT-SERVICE', '1200.00'),
      await adjust('PROMOTIONAL', 'PRM-REFERRAL', '500.00'),
      await adjust('BAD_DEBT', 'BAD-UNREACHED', '900.00', { collectionEffortIds }),
      await adjust('SMALL_BALANCE', 'SML-RESIDUE', '9.00', { balance: '9.00' }),
      await adjust('ERROR_CORRECTION', 'ERR-FEE', '-300.00'),
    ];
    const ids = recorded.filter((entry) => entry.approvalStatus === 'PENDING').map((entry) => entry.id as string);
    const approve = async (of: readonly string[]) => {
      const { adjustmentApprove } = await graph.get(
        'supervisor',
        `mutation ($ids: [ID!]!, $input: WorkflowStepInput!) { adjustmentApprove(ids: $ids, input: $input) { userErrors { code } } }`,
        { ids: of, input: { idempotencyKey: `reference-${String(++keys)}` } },
      );
      expect(adjustmentApprove.userErrors).toEqual([]);
    };
    expect(ids.length).toBeGreaterThan(4);
    await approve(ids);
    const { adjustment } = await change(
      'adjustmentRecoveryRecord(input: $input) { adjustment { id approvalStatus } userErrors { code message path } }',
      'RecoveryRecordInput',
      { writeOffId: recorded[3].id, amount: '250.00', recoveredOn: day, reasonCode: 'REC-AGENCY' },
    );
    expect(adjustment.approvalStatus).toBe('PENDING');
    await approve([adjustment.id]);
    // Small balances end at ten; more of them make the forty of the reference.
    for (const amount of ['10.00', '10.00', '10.00', '1.00'])
      await approve([(await adjust('SMALL_BALANCE', 'SML-RESIDUE', amount, { balance: amount })).id]);
    await graph.settled();
  }, 30_000);

  test('every total, rate and the bridge, through the gateway, with rates over the production of the other domain', async () => {
    const { performanceReport } = await graph.get(
      'owner',
      `query ($clinicId: ID!) { performanceReport(clinicId: $clinicId, period: { month: "2025-01" }) { total {
        production { gross net }
        writeOffs { totalWriteOffs totalDiscounts totalCorrections totalAdjustments netBadDebt controllableWriteOffs pendingCount }
        writeOffRates {
          writeOffRate { ratio { value } standing } controllableWriteOffRate { ratio { value } standing }
          discountRate { ratio { value } standing } badDebtRate { ratio { numerator denominator value } standing }
          netBadDebtRate { ratio { value } } }
        grossToNet { gross net revenueNet difference steps { category amount } }
      } } }`,
      { clinicId },
    );

    const rate = (value: string, standing: string) => ({ ratio: { value }, standing });
    expect(performanceReport.total).toEqual({
      production: { gross: '100000.00', net: '80600.00' },
      writeOffs: {
        ...{ totalWriteOffs: '18940.00', totalDiscounts: '1700.00', totalCorrections: '-300.00' },
        ...{ totalAdjustments: '20340.00', netBadDebt: '650.00', controllableWriteOffs: '940.00', pendingCount: 0 },
      },
      writeOffRates: {
        writeOffRate: rate('0.1894', 'OVER'),
        controllableWriteOffRate: rate('0.0094', 'ON_TARGET'),
        discountRate: rate('0.017', 'ON_TARGET'),
        badDebtRate: { ratio: { numerator: '900', denominator: '80600', value: '0.011166' }, standing: 'WATCH' },
        netBadDebtRate: { ratio: { value: '0.008065' } },
      },
      grossToNet: {
        ...{ gross: '100000.00', net: '80600.00', revenueNet: '80600.00', difference: '0.00' },
        steps: [
          { category: 'INSURANCE_WRITEOFF', amount: '18000.00' },
          { category: 'COURTESY_DISCOUNT', amount: '1200.00' },
          { category: 'PROMOTIONAL', amount: '500.00' },
          { category: 'ERROR_CORRECTION', amount: '-300.00' },
        ],
      },
    });
  });
});

describe('after whatever was recorded, decided on and undone', () => {
  const DONE = 'adjustment { id } userErrors { code }';
  const STEP = (name: string) =>
    `mutation ($id: ID!, $input: WorkflowStepInput!) { ${name}(id: $id, input: $input) { ${DONE} } }`;
  const APPROVE = `mutation ($ids: [ID!]!, $input: WorkflowStepInput!) { adjustmentApprove(ids: $ids, input: $input) { userErrors { code } } }`;
  const RECORD = `mutation ($input: AdjustmentRecordInput!) { adjustmentRecord(input: $input) { ${DONE} } }`;

  /** Sends random commands through the gateway; refusals are part of it. */
  async function work(seed: number): Promise<number> {
    const random = new Random(`delivery/${String(seed)}`);
    const made: string[] = [];
    let refused = 0;
    const input = (more: Record<string, unknown> = {}) => ({
      ...{ idempotencyKey: `delivery-${String(seed)}-${String(random.word())}`, ...more },
    });
    for (let step = 0; step < 40; step++) {
      const id = made.length > 0 ? random.pick(made) : undefined;
      const kind =
        id === undefined ? 'record' : random.pick(['record', 'record', 'approve', 'reject', 'withdraw', 'reverse']);
      const entry = random.pick(group.entries);
      const [category, reasonCode] = random.pick([
        ['COURTESY_DISCOUNT', 'CRT-PREPAID'],
        ['TIMING_ADJUSTMENT', 'TIM-PERIOD'],
        ['INSURANCE_WRITEOFF', 'INS-CONTRACT'],
        ['OTHER', 'OTH-EXPLAINED'],
      ] as const);
      const data =
        kind === 'record'
          ? await graph.get('owner', RECORD, {
              input: input({
                ...{ clinicId, locationId: idOf(entry.locationId), providerId: idOf(entry.providerId) },
                ...{ patientId: idOf(entry.patientId), adjustmentDate: entry.date, category, reasonCode },
                ...(random.chance(0.7) && { productionEntryId: idOf(entry.id) }),
                ...{ amount: `${String(random.int(1, 400))}.${String(random.int(10, 99))}`, description: 'Delivery' },
              }),
            })
          : kind === 'approve'
            ? await graph.get('supervisor', APPROVE, { ids: [id], input: input() })
            : await graph.get(
                kind === 'reject' ? 'supervisor' : 'owner',
                STEP(
                  { reject: 'adjustmentReject', withdraw: 'adjustmentWithdraw', reverse: 'adjustmentReverse' }[
                    kind
                  ] as string,
                ),
                { id, input: input({ reason: 'Because' }) },
              );
      const [payload] = Object.values(data as Record<string, any>);
      refused += payload.userErrors.length > 0 ? 1 : 0;
      if (payload.adjustment && ['record', 'reverse'].includes(kind)) made.push(payload.adjustment.id as string);
    }
    return refused;
  }

  test('revenue holds exactly what counts in the ledger, and no row of the scorecard has a difference (C-A8)', async () => {
    const refused = await Promise.all([work(1), work(2), work(3)]);
    expect(Math.min(...refused)).toBeGreaterThan(3);
    await graph.settled();

    const COLUMNS =
      'id, adjustment_date::text AS date, location_id, provider_id, category, amount::text AS amount, reverses_id';
    const kept = await graph.sql(
      'adjustments',
      `SELECT ${COLUMNS}, production_entry_id AS entry_id, affects_net_production AS affects FROM adjustment_entry
       WHERE approval_status IN ('APPROVED', 'AUTO_APPROVED') ORDER BY clinic_id, id`,
    );
    const projected = await graph.sql(
      'revenue',
      `SELECT ${COLUMNS}, entry_id, is_affecting AS affects FROM production_adjustment ORDER BY clinic_id, id`,
    );
    expect(projected).toEqual(kept);
    expect(kept.length).toBeGreaterThan(100);

    const { performanceReport } = await graph.get(
      'owner',
      `query ($clinicId: ID!) { performanceReport(clinicId: $clinicId, period: { range: { from: "2026-05-01", to: "2026-06-30" } },
         groupBy: [LOCATION, PROVIDER], granularity: MONTH) { rows { grossToNet { difference } } total { grossToNet { difference } } } }`,
      { clinicId },
    );
    const differences = [...performanceReport.rows, performanceReport.total].map(
      (row: any) => row.grossToNet.difference,
    );
    expect(differences.length).toBeGreaterThan(6);
    expect(new Set(differences)).toEqual(new Set(['0.00']));
  }, 60_000);
});
