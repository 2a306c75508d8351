import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { verifySubgraph } from '../../../app/src';
import { demoIds } from '../../../app/src/demo/organisation';
import { openGraph, type Graph } from './graph';

const GROUP = demoIds.clinics.group;
const clinicId = clinicIdText(GROUP);
const idOf = (id: string): string => recordIdText(GROUP, id);
const READINESS = readFileSync(join(__dirname, '../../../schema/operations/20-close-readiness.graphql'), 'utf8');

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(() => graph.stop());

let keys = 0;
const key = (): string => `closing-${String(++keys)}`;
const PERIOD = 'id period { label } status unconfirmedDomains version closedBy reopenReason';
const months = async (statuses = ''): Promise<any[]> =>
  (
    await graph.get(
      'accountant',
      `query ($c: ID!) { financialPeriods(clinicId: $c, year: 2026, type: MONTH${statuses}) { ${PERIOD} } }`,
      { c: clinicId },
    )
  ).financialPeriods;
const month = async (label: string): Promise<any> => (await months()).find((each) => each.period.label === label);
const step = async (name: string, label: string, reason: string | null = null): Promise<any> => {
  const field = `financialPeriod${name}`;
  const { id } = await month(label);
  const answer = await graph.get(
    'accountant',
    `mutation ($id: ID!, $input: WorkflowStepInput!) { ${field}(id: $id, input: $input) { financialPeriod { ${PERIOD} } userErrors { code message } } }`,
    { id, input: { idempotencyKey: key(), reason } },
  );
  return answer[field];
};

const RECORD = `mutation ($input: ProductionEntryRecordInput!) { payload: productionEntryRecord(input: $input) {
  productionEntry { id } userErrors { code path } } }`;
const ADJUST = `mutation ($input: AdjustmentRecordInput!) { payload: adjustmentRecord(input: $input) {
  adjustment { id } userErrors { code path } } }`;
let people: { id: string }[] = [];
let spa = '';
beforeAll(async () => {
  people = await graph.sql('revenue', 'SELECT id FROM patient WHERE clinic_id = $1 ORDER BY reference LIMIT 20', [
    GROUP,
  ]);
  const [place] = await graph.sql<{ id: string }>(
    'revenue',
    `SELECT id FROM location WHERE clinic_id = $1 AND kind = 'MEDICAL_SPA' LIMIT 1`,
    [GROUP],
  );
  spa = idOf(place?.id ?? '');
});
const doctor = (person: number) => ({
  ...{ clinicId, locationId: idOf(demoIds.locations.harbor), providerId: idOf(demoIds.providers.doctor) },
  ...{ patientId: idOf(people[person]?.id ?? ''), idempotencyKey: key() },
});
const produce = async (day: string, person = 17): Promise<any> =>
  (
    await graph.get('owner', RECORD, {
      input: {
        ...{ ...doctor(person), occurredAt: `${day}T15:00:00Z`, procedureCode: 'D8670', category: 'ADJUSTMENT' },
        ...{ description: 'Visit', gross: '100.00' },
      },
    })
  ).payload;
const adjust = async (day: string, amount = '10.00', person = 17): Promise<any> =>
  (
    await graph.get('owner', ADJUST, {
      input: {
        ...{ ...doctor(person), adjustmentDate: day, category: 'ERROR_CORRECTION', reasonCode: 'ERR-FEE' },
        ...{ amount, description: 'Fee corrected' },
      },
    })
  ).payload;
const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);
const closeDaySheets = async (label: string): Promise<void> => {
  const { daySheets } = await graph.get(
    'accountant',
    `query ($c: ID!) { daySheets(clinicId: $c, period: { month: "${label}" }, statuses: [OPEN], first: 200) { nodes { id } } }`,
    { c: clinicId },
  );
  for (const { id } of daySheets.nodes as { id: string }[])
    await graph.get(
      'accountant',
      `mutation ($id: ID!, $input: WorkflowStepInput!) { daySheetClose(id: $id, input: $input) { userErrors { code } } }`,
      { id, input: { idempotencyKey: key() } },
    );
};
/** What a month comes to in every domain that sums. */
const totals = async (label: string): Promise<any> =>
  (
    await graph.get(
      'owner',
      `query ($c: ID!) { performanceReport(clinicId: $c, period: { month: "${label}" }) { total {
         production { gross adjustments net entryCount starts visitCount } writeOffs { totalAdjustments totalCorrections adjustmentCount }
         grossToNet { difference } supplies { cost usageCount } spa { usedCost wasteCost useCount } } } }`,
      { c: clinicId },
    )
  ).performanceReport.total;
const verified = async () =>
  (await Promise.all([...graph.running.values()].map(verifySubgraph))).flat().flatMap((found) => found.differences);

describe('before a month is closed', () => {
  test('Q13 tells what is open in each month, as plain SQL over the ledgers does', async () => {
    await produce('2026-06-03');
    const { productionEntry } = (
      await graph.get('owner', RECORD, {
        input: {
          ...{ ...doctor(17), occurredAt: '2026-05-20T15:00:00Z', procedureCode: 'D8670', category: 'ADJUSTMENT' },
          ...{ description: 'Visit', gross: '100.00', post: false },
        },
      })
    ).payload;
    expect(productionEntry).not.toBeNull();
    await adjust('2026-05-21', '5000.00', 18);
    const { financialPeriods } = await graph.get('owner', READINESS, { clinicId });

    const byMonth = async (subgraph: string, date: string, from: string): Promise<Map<string, number>> => {
      const found = await graph.sql<{ month: string; n: number }>(
        subgraph,
        `SELECT to_char(${date}, 'YYYY-MM') AS month, count(*)::int AS n FROM ${from} AND clinic_id = $1 GROUP BY 1`,
        [GROUP],
      );
      return new Map(found.map((row) => [row.month, row.n]));
    };
    const pending = await byMonth('revenue', 'production_date', `production_entry WHERE status = 'PENDING'`);
    const sheets = await byMonth('revenue', 'business_date', `day_sheet WHERE status = 'OPEN'`);
    const waiting = await byMonth(
      'adjustments',
      'adjustment_date',
      `adjustment_entry WHERE approval_status = 'PENDING'`,
    );
    const uncosted = await byMonth('appliance-supply', 'used_on', 'appliance_usage WHERE total_cost IS NULL');
    const reviewed = await byMonth('adjustments', 'month', 'adjustment_review WHERE true');
    expect(financialPeriods.map(({ id: _, ...of }: Record<string, unknown>) => of)).toEqual(
      ['2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12'].map((label) => ({
        period: { label },
        status: 'OPEN',
        unconfirmedDomains: [],
        currency: 'USD',
        openDaySheetCount: sheets.get(label) ?? 0,
        pendingEntryCount: pending.get(label) ?? 0,
        pendingAdjustmentCount: waiting.get(label) ?? 0,
        missingReviewCount: label < '2026-06' && !reviewed.has(label) ? 1 : 0,
        uncostedUsageCount: uncosted.get(label) ?? 0,
      })),
    );
    expect(sheets.get('2026-05')).toBeGreaterThan(10);
    expect(pending.get('2026-05')).toBe(1);
    expect(waiting.get('2026-05')).toBeGreaterThanOrEqual(1);
  });

  test('older months of the demonstration are closed, and no domain takes a posting into them', async () => {
    expect((await months(', statuses: [CLOSED]')).map((each) => [each.period.label, each.closedBy])).toEqual(
      ['2026-01', '2026-02', '2026-03', '2026-04'].map((label) => [label, 'demo-supervisor']),
    );

    expect(await produce('2026-04-30')).toEqual({
      productionEntry: null,
      userErrors: [{ code: 'PERIOD_CLOSED', path: ['input', 'occurredAt'] }],
    });
    expect(await adjust('2026-04-30')).toEqual({
      adjustment: null,
      userErrors: [{ code: 'PERIOD_CLOSED', path: ['input', 'adjustmentDate'] }],
    });
    const received = await graph.get(
      'owner',
      `query ($c: ID!) { supplyItems(clinicId: $c, first: 1) { nodes { id } } products(clinicId: $c, first: 1) { nodes { id } } }`,
      { c: clinicId },
    );
    const supplies = await graph.get(
      'owner',
      `mutation ($input: SupplyLotReceiveInput!) { payload: supplyLotReceive(input: $input) { userErrors { code } } }`,
      {
        input: {
          ...{ idempotencyKey: key(), itemId: received.supplyItems.nodes[0].id, packs: '1', reason: 'found' },
          ...{ locationId: idOf(demoIds.locations.harbor), lotNumber: 'LATE-1', receivedOn: '2026-04-30' },
        },
      },
    );
    const products = await graph.get(
      'owner',
      `mutation ($input: StockReceiveInput!) { payload: stockReceive(input: $input) { userErrors { code } } }`,
      {
        input: {
          ...{ idempotencyKey: key(), clinicId, locationId: spa, reason: 'found' },
          receivedAt: '2026-04-30T15:00:00Z',
          lines: [
            {
              ...{ productId: received.products.nodes[0].id, quantity: '1', lotNumber: 'LATE-2' },
              expirationDate: '2027-04-30',
            },
          ],
        },
      },
    );
    expect([codes(supplies.payload), codes(products.payload)]).toEqual([['PERIOD_CLOSED'], ['PERIOD_CLOSED']]);
  });
});

describe('closing a month while 16 people post into it', () => {
  let atClosing: unknown;

  test('nothing lands after it began to close, everything before arrives everywhere, and then it closes', async () => {
    const answers: string[] = [];
    let hasBegun = false;
    const writer = async (n: number) => {
      for (let i = 0; i < 40 && !(hasBegun && i > 12); i++) {
        const payload = (n + i) % 2 ? await produce('2026-05-25', n) : await adjust('2026-05-26', '1.00', n);
        answers.push(codes(payload).join() || 'done');
      }
    };
    const writers = Array.from({ length: 16 }, (_, n) => writer(n));
    await new Promise((resolve) => setTimeout(resolve, 400));
    const begun = await step('StartClosing', '2026-05');
    hasBegun = true;
    expect(begun).toMatchObject({ userErrors: [], financialPeriod: { status: 'CLOSING' } });
    await Promise.all(writers);
    await graph.settled();

    expect(await month('2026-05')).toMatchObject({ status: 'CLOSING', unconfirmedDomains: [] });
    expect((await step('Close', '2026-05')).userErrors.map((e: { code: string }) => e.code)).toEqual([
      'OPEN_DAY_SHEETS',
    ]);
    await closeDaySheets('2026-05');
    expect((await step('Close', '2026-05')).financialPeriod).toMatchObject({
      status: 'CLOSED',
      closedBy: 'test-accountant',
    });
    expect(new Set(answers)).toEqual(new Set(['done', 'PERIOD_CLOSED']));
    const count = async (subgraph: string, from: string): Promise<number> =>
      (await graph.sql(subgraph, `SELECT 1 FROM ${from} AND clinic_id = $1`, [GROUP])).length;
    const mine = `created_by = 'test-owner'`;
    const entries = await count('revenue', `production_entry WHERE production_date = '2026-05-25' AND ${mine}`);
    const granted = `adjustment_entry WHERE adjustment_date = '2026-05-26' AND ${mine}`;
    expect(entries + (await count('adjustments', granted))).toBe(answers.filter((answer) => answer === 'done').length);
    // A patient with much granted before may make one wait; it tells revenue nothing then.
    expect(await count('revenue', `production_adjustment WHERE adjustment_date = '2026-05-26' AND amount = 1`)).toBe(
      await count('adjustments', `${granted} AND approval_status = 'AUTO_APPROVED'`),
    );
    for (const subgraph of graph.running.values()) expect(await subgraph.worker.deadLetters()).toEqual([]);
    atClosing = await totals('2026-05');
    expect(atClosing).toMatchObject({ grossToNet: { difference: '0.00' } });
    expect(await verified()).toEqual([]);
  });

  test('corrections made afterwards count today with their original day; the closed month keeps its totals in all domains', async () => {
    const [entry] = await graph.sql<{ id: string }>(
      'revenue',
      `SELECT id FROM production_entry WHERE clinic_id = $1 AND production_date = '2026-05-25' AND created_by = 'test-owner' LIMIT 1`,
      [GROUP],
    );
    const [adjustment] = await graph.sql<{ id: string }>(
      'adjustments',
      `SELECT id FROM adjustment_entry WHERE clinic_id = $1 AND adjustment_date = '2026-05-26' AND approval_status = 'AUTO_APPROVED' AND created_by = 'test-owner' LIMIT 1`,
      [GROUP],
    );
    const reversed = await graph.get(
      'owner',
      `mutation ($e: ID!, $p: ProductionEntryReverseInput!, $a: ID!, $s: WorkflowStepInput!) {
         productionEntryReverse(id: $e, input: $p) { productionEntry { productionDate originalProductionDate gross } userErrors { code } }
         adjustmentReverse(id: $a, input: $s) { adjustment { adjustmentDate originalAdjustmentDate amount } userErrors { code } } }`,
      {
        e: idOf(entry?.id ?? ''),
        p: { idempotencyKey: key(), reason: 'not done', dateBasis: 'ORIGINAL_DATE' },
        a: idOf(adjustment?.id ?? ''),
        s: { idempotencyKey: key(), reason: 'not granted' },
      },
    );
    expect(reversed).toEqual({
      productionEntryReverse: {
        productionEntry: { productionDate: '2026-06-30', originalProductionDate: '2026-05-25', gross: '-100.00' },
        userErrors: [],
      },
      adjustmentReverse: {
        adjustment: { adjustmentDate: '2026-06-30', originalAdjustmentDate: '2026-05-26', amount: '-1.00' },
        userErrors: [],
      },
    });
    const approved = await graph.get(
      'supervisor',
      `query ($c: ID!) { adjustmentEntries(clinicId: $c, period: { month: "2026-05" }, filter: { statuses: [PENDING] }) { nodes { id amount } } }`,
      { c: clinicId },
    );
    const waiting = approved.adjustmentEntries.nodes.find((each: { amount: string }) => each.amount === '5000.00');
    const { adjustmentApprove } = await graph.get(
      'supervisor',
      `mutation ($ids: [ID!]!, $s: WorkflowStepInput!) { adjustmentApprove(ids: $ids, input: $s) {
         adjustments { adjustmentDate originalAdjustmentDate approvalStatus } userErrors { code } } }`,
      { ids: [waiting.id], s: { idempotencyKey: key() } },
    );
    expect(adjustmentApprove).toEqual({
      adjustments: [{ adjustmentDate: '2026-06-30', originalAdjustmentDate: '2026-05-21', approvalStatus: 'APPROVED' }],
      userErrors: [],
    });
    await graph.settled();

    expect(await totals('2026-05')).toEqual(atClosing);
    expect(await totals('2026-06')).toMatchObject({ grossToNet: { difference: '0.00' } });
    expect(await verified()).toEqual([]);
  });

  test('a reopened month takes postings in every domain as soon as it has heard of it', async () => {
    expect((await step('Reopen', '2026-05')).userErrors.map((e: { code: string }) => e.code)).toEqual([
      'REASON_REQUIRED',
    ]);
    const open = await step('Reopen', '2026-05', 'a bill came late');
    expect(open.financialPeriod).toMatchObject({ status: 'OPEN', reopenReason: 'a bill came late' });
    await graph.settled();

    expect(codes(await produce('2026-05-25'))).toEqual(['DAY_SHEET_CLOSED']);
    expect(codes(await produce('2026-05-31'))).toEqual([]);
    expect(codes(await adjust('2026-05-26'))).toEqual([]);
    await graph.settled();
    expect(await verified()).toEqual([]);
  });
});
