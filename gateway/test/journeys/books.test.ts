import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import type { Viewer } from '@practice-graph/kit';
import { personaNamed, verifySubgraph } from '../../../app/src';
import { demoIds } from '../../../app/src/demo/organisation';
import { centsOf } from './expected';
import { ANCHOR, openGraph, type Graph } from './graph';

const GROUP = demoIds.clinics.group;
const clinicId = clinicIdText(GROUP);
const idOf = (id: string): string => recordIdText(GROUP, id);
const today = { range: { from: ANCHOR, to: ANCHOR } };

const TODAY = `query ($clinicId: ID!, $period: PeriodInput!) {
  performanceReport(clinicId: $clinicId, period: $period) {
    total { production { gross net entryCount starts } writeOffs { totalAdjustments } supplies { cost usageCount } }
  }
}`;

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

/** Differences between balances and ledgers anywhere, and how many values were compared. */
async function verified() {
  const findings = (await Promise.all([...graph.running.values()].map(verifySubgraph))).flat();
  return {
    compared: findings.reduce((total, finding) => total + finding.compared, 0),
    differences: findings.flatMap((finding) => finding.differences),
    subgraphs: new Set(findings.map((finding) => finding.subgraph)).size,
  };
}

describe('the books of the demonstration', () => {
  test('every balance and slice equals its ledger after loading', async () => {
    const { compared, differences, subgraphs } = await verified();

    expect(differences).toEqual([]);
    expect(subgraphs).toBe(4);
    expect(compared).toBeGreaterThan(3_000);
  });

  test('gross minus the steps of the ledger of adjustments is the net of revenue, in every clinic, place and month (C-A8)', async () => {
    for (const [persona, clinic] of [
      ['owner', GROUP],
      ['outsider', demoIds.clinics.foreign],
    ] as const) {
      const { performanceReport } = await graph.get(
        persona,
        `query ($clinicId: ID!) { performanceReport(clinicId: $clinicId, period: { preset: LAST_12_MONTHS }, groupBy: [LOCATION], granularity: MONTH) {
          rows { production { gross } grossToNet { gross net revenueNet difference steps { amount } } } total { grossToNet { steps { amount } difference } } } }`,
        { clinicId: clinicIdText(clinic) },
      );
      const steps = (of: any) => of.steps.reduce((sum: number, step: any) => sum + centsOf(step.amount), 0) as number;
      const bridges = performanceReport.rows.map((row: any) => row.grossToNet);
      expect(bridges.filter((of: any) => of.steps.length > 0).length).toBeGreaterThan(3);
      for (const of of bridges) {
        expect([of.net, of.difference]).toEqual([of.revenueNet, '0.00']);
        expect(centsOf(of.gross) - steps(of)).toBe(centsOf(of.net));
      }
      expect(performanceReport.total.grossToNet.difference).toBe('0.00');
      expect(steps(performanceReport.total.grossToNet)).toBe(
        bridges.reduce((sum: number, of: any) => sum + steps(of), 0),
      );
    }
  });

  test('the events of the directory that follow the load find everything done', async () => {
    const copies = (name: string) =>
      graph.sql(name, 'SELECT clinic_id, id, name, version FROM location_copy ORDER BY id');
    const before = await copies('adjustments');
    await graph.settled();

    expect(await copies('adjustments')).toEqual(before);
    expect(before).toHaveLength(4);
    for (const subgraph of graph.running.values()) expect(await subgraph.worker.deadLetters()).toEqual([]);
  });

  test('an answer of the gateway is the join of what the subgraphs answer themselves', async () => {
    const viewer: Viewer = {
      ...{ subject: 'test-owner', role: 'ADMIN', scopes: personaNamed('owner')?.scopes ?? [], clinicIds: [GROUP] },
      ...{ restrictions: {}, aggregateOnly: false, purpose: null, ip: null, requestId: 'join' },
    };
    const PARTS: Readonly<Record<string, string>> = {
      revenue: 'production { gross net starts visitCount }',
      adjustments: 'writeOffs { totalAdjustments totalDiscounts adjustmentCount }',
      'appliance-supply': 'supplies { cost caseCount usageCount byBucket { bucket cost } }',
      'spa-inventory': 'spa { usedCost wasteCost useCount patientCount }',
    };
    const { performanceReport } = await graph.get(
      'owner',
      `query ($clinicId: ID!) { performanceReport(clinicId: $clinicId, period: { range: { from: "2026-05-01", to: "2026-06-29" } }, groupBy: [LOCATION], granularity: MONTH) {
        rows { clinicId locationId providerId from to ${Object.values(PARTS).join(' ')} } } }`,
      { clinicId },
    );

    const representations = performanceReport.rows.map(
      (row: Record<'clinicId' | 'locationId' | 'providerId' | 'from' | 'to', string | null>) => ({
        ...{ __typename: 'PerformanceRow', clinicId: row.clinicId, locationId: row.locationId },
        ...{ providerId: row.providerId, from: row.from, to: row.to },
      }),
    );
    const query = (part: string) =>
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PerformanceRow { ${part} } } }`;
    const parts = await Promise.all(
      Object.entries(PARTS).map(async ([name, part]) => {
        const { data } = await graph.reference(name, viewer, query(part), { of: representations });
        return data._entities as Record<string, unknown>[];
      }),
    );
    const joined = representations.map(({ __typename: _, ...key }: Record<string, unknown>, at: number) =>
      Object.assign({}, key, ...parts.map((rows) => rows[at])),
    );
    expect(performanceReport.rows).toEqual(joined);
    expect(joined.length).toBe(6);
  });
});

/** Somebody to whom nothing was granted yet, so that a courtesy needs nobody's approval; another one each time. */
async function someone(nth = 0): Promise<string> {
  const [patient] = await graph.sql<{ id: string }>(
    'revenue',
    `SELECT p.id FROM patient p WHERE p.clinic_id = $1 AND NOT EXISTS (SELECT 1 FROM production_adjustment a
       WHERE a.clinic_id = p.clinic_id AND a.patient_id = p.id) ORDER BY p.reference LIMIT 1 OFFSET $2`,
    [GROUP, nth],
  );
  return idOf(patient?.id ?? '');
}

describe('a day at the practice', () => {
  const answered = async (mutation: string, input: Record<string, unknown>) => {
    const data = await graph.get('owner', mutation, { input: { clinicId, ...input } });
    const [payload] = Object.values(data as Record<string, { userErrors: unknown[] }>);
    expect(payload?.userErrors).toEqual([]);
    return payload as never;
  };
  const total = async () => (await graph.get('owner', TODAY, { clinicId, period: today })).performanceReport.total;

  test('an entry, a courtesy on it and its reversal reach production once each, and the books stay right', async () => {
    expect((await total()).production).toEqual({ gross: '0.00', net: '0.00', entryCount: 0, starts: 0 });
    const patientId = await someone();

    const RECORD = `mutation ($input: ProductionEntryRecordInput!) {
      productionEntryRecord(input: $input) { productionEntry { id net } userErrors { code message path } } }`;
    const { productionEntry }: { productionEntry: { id: string } } = await answered(RECORD, {
      ...{ idempotencyKey: 'day-1', locationId: idOf(demoIds.locations.harbor) },
      ...{ providerId: idOf(demoIds.providers.doctor), patientId },
      ...{ occurredAt: '2026-06-30T14:30:00Z', procedureCode: 'D8670', category: 'ADJUSTMENT' },
      ...{ description: 'Visit', gross: '180.00' },
    });
    expect((await total()).production).toEqual({ gross: '180.00', net: '180.00', entryCount: 1, starts: 0 });

    const ADJUST = `mutation ($input: AdjustmentRecordInput!) {
      adjustmentRecord(input: $input) { adjustment { id version approvalStatus } userErrors { code message path } } }`;
    const given = {
      ...{ idempotencyKey: 'day-2', locationId: idOf(demoIds.locations.harbor) },
      ...{ providerId: idOf(demoIds.providers.doctor), patientId },
      ...{ productionEntryId: productionEntry.id, adjustmentDate: ANCHOR, category: 'COURTESY_DISCOUNT' },
      ...{ reasonCode: 'CRT-PREPAID', amount: '20.00' },
    };
    const { adjustment }: { adjustment: { id: string; version: number; approvalStatus: string } } = await answered(
      ADJUST,
      given,
    );
    expect(adjustment.approvalStatus).toBe('AUTO_APPROVED');
    const again: { adjustment: { id: string } } = await answered(ADJUST, given);
    expect(again.adjustment.id).toBe(adjustment.id);
    await graph.settled();
    expect(await total()).toMatchObject({
      production: { gross: '180.00', net: '160.00' },
      writeOffs: { totalAdjustments: '20.00' },
    });

    const REVERSE = `mutation ($id: ID!, $input: WorkflowStepInput!) {
      adjustmentReverse(id: $id, input: $input) { adjustment { isReversal amount } userErrors { code message path } } }`;
    const reversed = await graph.get('owner', REVERSE, {
      id: adjustment.id,
      input: { idempotencyKey: 'day-3', expectedVersion: adjustment.version, reason: 'Granted by mistake' },
    });
    expect(reversed.adjustmentReverse).toEqual({ adjustment: { isReversal: true, amount: '-20.00' }, userErrors: [] });
    await graph.settled();
    expect(await total()).toMatchObject({
      production: { gross: '180.00', net: '180.00' },
      writeOffs: { totalAdjustments: '0.00' },
    });
    expect((await verified()).differences).toEqual([]);
  });

  test('an entry that was paid is not adjusted into a credit, and what was given back may be (E-25)', async () => {
    const patientId = await someone(1);
    const place = { locationId: idOf(demoIds.locations.harbor), providerId: idOf(demoIds.providers.doctor), patientId };
    const RECORD = `mutation ($input: ProductionEntryRecordInput!) {
      productionEntryRecord(input: $input) { productionEntry { id } userErrors { code message path } } }`;
    const { productionEntry }: { productionEntry: { id: string } } = await answered(RECORD, {
      ...{ idempotencyKey: 'paid-1', ...place, occurredAt: '2026-06-30T14:30:00Z', procedureCode: 'D8670' },
      ...{ category: 'ADJUSTMENT', description: 'Visit', gross: '100.00' },
    });
    let keys = 0;
    const adjust = async (amount: string, more: Record<string, unknown> = {}): Promise<string[]> => {
      const { adjustmentRecord } = await graph.get(
        'owner',
        `mutation ($input: AdjustmentRecordInput!) { adjustmentRecord(input: $input) { userErrors { code path } } }`,
        {
          input: {
            ...{ idempotencyKey: `paid-adjust-${String(++keys)}`, clinicId, ...place, adjustmentDate: ANCHOR },
            ...{
              category: 'COURTESY_DISCOUNT',
              reasonCode: 'CRT-PREPAID',
              amount,
              productionEntryId: productionEntry.id,
            },
            ...more,
          },
        },
      );
      return adjustmentRecord.userErrors.map(({ code }: { code: string }) => code);
    };
    const { payment }: { payment: { id: string } } = await answered(
      `mutation ($input: PaymentRecordInput!) { paymentRecord(input: $input) { payment { id } userErrors { code message path } } }`,
      {
        ...{
          idempotencyKey: 'paid-2',
          paidAt: '2026-06-30T15:00:00Z',
          tenders: [{ method: 'CARD', amount: '100.00' }],
        },
        productionEntries: [{ productionEntryId: productionEntry.id, amount: '100.00' }],
      },
    );
    await graph.settled();
    expect(await adjust('20.00')).toEqual(['EXCEEDS_BALANCE']);
    expect(await adjust('20.00', { balance: '100.00' })).toEqual(['EXCEEDS_BALANCE']);

    const { paymentRefund } = await graph.get(
      'owner',
      `mutation ($id: ID!, $input: PaymentRefundInput!) { paymentRefund(id: $id, input: $input) { userErrors { code message path } } }`,
      {
        id: payment.id,
        input: { idempotencyKey: 'paid-3', amount: '20.00', refundedAt: '2026-06-30T15:30:00Z', reason: 'Granted' },
      },
    );
    expect(paymentRefund.userErrors).toEqual([]);
    await graph.settled();
    // Nothing waits for revenue to hear of the first: adjustments knows what it has granted itself.
    expect(await Promise.all([adjust('15.00'), adjust('15.00')])).toEqual(
      expect.arrayContaining([[], ['EXCEEDS_BALANCE']]),
    );
    expect(await adjust('5.01')).toEqual(['EXCEEDS_BALANCE']);
    expect(await adjust('5.00')).toEqual([]);
    await graph.settled();
    const shown = await graph.get(
      'owner',
      `query ($id: ID!) { productionEntry(id: $id) { net collected outstanding status } }`,
      { id: productionEntry.id },
    );
    expect(shown.productionEntry).toEqual({
      ...{ net: '80.00', collected: '80.00', outstanding: '0.00', status: 'COLLECTED' },
    });
  });

  test('adjustments knows of every entry what revenue holds, and a restored ledger of adjustments is told again', async () => {
    const kept = () =>
      graph.sql(
        'adjustments',
        `SELECT clinic_id, id, patient_id, gross, collected, stands FROM production_entry_balance ORDER BY 1, 2`,
      );
    const entries = await graph.sql(
      'revenue',
      `SELECT clinic_id, id, patient_id, gross, collected, status NOT IN ('REVERSED', 'VOIDED') AND reverses_id IS NULL AS stands
       FROM production_entry ORDER BY 1, 2`,
    );
    expect(entries.length).toBeGreaterThan(500);
    expect(await kept()).toEqual(entries);

    await graph.sql('adjustments', 'DELETE FROM production_entry_balance');
    await graph.sql('adjustments', `DELETE FROM inbox WHERE type = 'production_entry.changed'`);
    const revenue = graph.running.get('revenue');
    await revenue?.worker.resync(revenue.definition.resync);
    await graph.settled();
    expect(await kept()).toEqual(entries);
    expect((await verified()).differences).toEqual([]);
  });
});
