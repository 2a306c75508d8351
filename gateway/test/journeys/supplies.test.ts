import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { centsOf, costInCents, money, rateOf, ratioOf } from './expected';
import { ANCHOR, openGraph, type Graph } from './graph';

const group = generateDemo({ size: 'tiny', anchor: ANCHOR }).find(
  (rows) => rows.clinic.id === demoIds.clinics.group,
) as ClinicRows;
const clinicId = clinicIdText(group.clinic.id);
const idOf = (id: string): string => recordIdText(group.clinic.id, id);
const saved = (name: string): string =>
  readFileSync(join(__dirname, `../../../schema/operations/${name}.graphql`), 'utf8');

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
  await graph.settled();
});
afterAll(async () => {
  await graph.stop();
});

/** Bad debt, small balances and recoveries are about collecting; everything else lowers production. */
const LEAVES_NET_ALONE = ['BAD_DEBT', 'SMALL_BALANCE', 'RECOVERY'];
const usageCents = (usage: (typeof group.supplies.usages)[number]) =>
  costInCents(usage.quantityMilli, usage.unitCostMicros);
const sumBy = <R>(rows: readonly R[], keyOf: (row: R) => string, of: (row: R) => number): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + of(row));
  return sums;
};

describe('Q2: what is left of a case after its supplies', () => {
  test('supply cost, rework and the cost rate of every case are those of the rows', async () => {
    const { treatmentPlans } = await graph.get('owner', saved('26-case-margin'), { clinicId });

    const cost = sumBy(group.supplies.usages, (row) => idOf(row.planId), usageCents);
    const rework = sumBy(
      group.supplies.usages.filter((row) => row.isRework),
      (row) => idOf(row.planId),
      usageCents,
    );
    expect(treatmentPlans.nodes.length).toBeGreaterThan(10);
    expect([treatmentPlans.totalCount, treatmentPlans.pageInfo.hasNextPage]).toEqual([
      treatmentPlans.nodes.length,
      false,
    ]);
    for (const plan of treatmentPlans.nodes) {
      const cents = cost.get(plan.id) ?? 0;
      expect([plan.id, plan.supplyCosts]).toEqual([
        plan.id,
        { totalCost: money(cents), reworkCost: money(rework.get(plan.id) ?? 0) },
      ]);
      const net = centsOf(plan.production.net);
      expect(plan.supplyRatios.costRate.value).toBe(rateOf(cents, net)['value']);
    }
  });

  test('the dearest cases come first, each with the sum of its uses', async () => {
    const { supplyCosts } = await graph.get('owner', saved('14-case-cost-ranking'), { clinicId });

    const cents = [...sumBy(group.supplies.usages, (row) => row.planId, usageCents).values()].sort((a, b) => b - a);
    expect(supplyCosts.nodes.map((node: { totalCost: string }) => node.totalCost)).toEqual(
      cents.slice(0, 20).map((each) => money(each)),
    );
  });
});

describe('Q9: appliance systems side by side', () => {
  test('production and starts, supply cost, rework and cost per case by system are those of the rows', async () => {
    const { productionReport, supplyReport, reworks } = await graph.get('owner', saved('18-bracket-systems'), {
      clinicId,
    });

    const plans = new Map(group.plans.map((plan) => [plan.id, plan]));
    const entries = new Map(group.entries.map((entry) => [entry.id, entry]));
    const system = (entry: { planId: string | null } | undefined) =>
      (entry?.planId && plans.get(entry.planId)?.applianceSystem) ?? null;
    const net = sumBy(
      [
        ...group.entries.map((entry) => ({ entry, cents: entry.grossCents })),
        ...group.adjustments
          .filter((row) => !LEAVES_NET_ALONE.includes(row.category))
          .map((row) => ({ entry: entries.get(row.entryId ?? ''), cents: -row.amountCents })),
      ],
      ({ entry }) => `${String(system(entry))} ${entry?.category ?? 'null'}`,
      ({ cents }) => cents,
    );
    type ProductionRow = { applianceSystem: string | null; category: string | null; measures: { net: string } };
    const produced = (productionReport.bySystem as ProductionRow[]).filter((row) => Number(row.measures.net) !== 0);
    expect(
      new Map(produced.map((row) => [`${String(row.applianceSystem)} ${String(row.category)}`, row.measures.net])),
    ).toEqual(new Map([...net].filter(([, cents]) => cents !== 0).map(([key, cents]) => [key, money(cents)])));

    const bySystem = new Set(group.supplies.usages.map((row) => row.applianceSystem));
    expect(new Set(supplyReport.bySystem.map((row: { applianceSystem: string }) => row.applianceSystem))).toEqual(
      bySystem,
    );
    for (const row of supplyReport.bySystem) {
      const uses = group.supplies.usages.filter((usage) => usage.applianceSystem === row.applianceSystem);
      const cents = uses.reduce((sum, usage) => sum + usageCents(usage), 0);
      const cases = new Set(uses.map((usage) => usage.planId)).size;
      const rework = uses.filter((usage) => usage.isRework).reduce((sum, usage) => sum + usageCents(usage), 0);
      expect(row.measures).toMatchObject({ cost: money(cents), reworkCost: money(rework), caseCount: cases });
      expect(row.measures.costPerCase.value).toBe(ratioOf(cents, cases)['value']);
    }

    const rebonds = group.supplies.usages.filter((usage) => usage.isRework);
    const told = Object.fromEntries(
      (reworks.bySystem as { applianceSystem: string; measures: object }[]).map((row) => [
        row.applianceSystem,
        row.measures,
      ]),
    );
    expect(rebonds.length).toBeGreaterThan(0);
    expect(told).toEqual(
      Object.fromEntries(
        [...new Set(rebonds.map((usage) => usage.applianceSystem))].map((name) => {
          const uses = rebonds.filter((usage) => usage.applianceSystem === name);
          return [name, { usageCount: uses.length, caseCount: new Set(uses.map((usage) => usage.planId)).size }];
        }),
      ),
    );
  });
});

describe('Q15: for how many starts the shelves suffice', () => {
  test('each kit of a place is limited by the usable stock of its items, as receipts less uses leave it', async () => {
    const harbor = demoIds.locations.harbor;
    const { kitTemplates } = await graph.get('owner', saved('29-kit-availability'), {
      ...{ clinicId, locationId: idOf(harbor), on: ANCHOR },
    });

    const { lots, receipts, usages } = group.supplies;
    const isUsable = new Map(
      lots.map((lot) => [
        lot.id,
        lot.lotNumber !== demoIds.recalledLot && (lot.expirationDate === null || lot.expirationDate >= ANCHOR),
      ]),
    );
    const here = <R extends { locationId: string; lotId: string }>(rows: readonly R[]) =>
      rows.filter((row) => row.locationId === harbor && isUsable.get(row.lotId));
    const received = sumBy(
      here(receipts),
      (row) => idOf(row.ofId),
      (row) => row.quantityMilli,
    );
    const used = sumBy(
      here(usages),
      (row) => idOf(row.itemId),
      (row) => row.quantityMilli,
    );
    type Line = { item: { id: string }; quantity: string };
    expect(kitTemplates.length).toBeGreaterThan(1);
    for (const kit of kitTemplates) {
      const kits = (kit.lines as Line[]).map(({ item, quantity }) => ({
        id: item.id,
        kits: Math.floor(((received.get(item.id) ?? 0) - (used.get(item.id) ?? 0)) / (Number(quantity) * 1_000)),
      }));
      const least = Math.min(...kits.map((each) => each.kits));
      expect(kit.availability.kits).toBe(least);
      expect(kit.availability.limitedBy.map((item: { id: string }) => item.id).sort()).toEqual(
        kits
          .filter((each) => each.kits === least)
          .map((each) => each.id)
          .sort(),
      );
    }
    expect(kitTemplates.some((kit: { availability: { kits: number } }) => kit.availability.kits > 0)).toBe(true);
  });
});

describe('the mission: supply cost per case next to production per start', () => {
  const SCORECARD = `query ($clinicId: ID!, $period: PeriodInput!, $by: [PerformanceDimension!]!) {
    performanceReport(clinicId: $clinicId, period: $period, groupBy: $by, granularity: MONTH) {
      rows { from locationId providerId production { starts net perStart { value } } supplies { cost caseCount costPerCase { value } } supplyRatios { costPerStart { value } } }
      total { production { starts net } supplies { cost caseCount } } } }`;
  const change = async (mutation: string, variables: Record<string, unknown>) => {
    const [payload] = Object.values(await graph.get('owner', mutation, variables)) as [{ userErrors: unknown[] }];
    expect(payload.userErrors).toEqual([]);
    return payload as never;
  };

  test('an appliance that is placed and a start that is booked show in the row of their place, provider and month, and nowhere else', async () => {
    const place = idOf(demoIds.locations.harbor);
    const doctor = idOf(demoIds.providers.doctor);
    const item = group.supplies.items.find((row) => row.category === 'BRACKET')!;
    const period = { range: { from: '2026-06-01', to: ANCHOR } };
    const read = async (by: string[]) =>
      (await graph.get('owner', SCORECARD, { clinicId, period, by })).performanceReport as {
        rows: Record<string, any>[];
        total: Record<string, any>;
      };
    const before = {
      L: await read(['LOCATION']),
      P: await read(['PROVIDER']),
      LP: await read(['LOCATION', 'PROVIDER']),
    };

    await change(
      `mutation ($input: SupplyLotReceiveInput!) { supplyLotReceive(input: $input) { userErrors { code message path } } }`,
      {
        input: {
          ...{ idempotencyKey: 'm-1', itemId: idOf(item.id), locationId: place, reason: 'opening stock' },
          ...{ lotNumber: 'MISSION-1', packs: '2', packSize: '20', packPrice: '100.00', receivedOn: '2026-06-29' },
        },
      },
    );
    const { treatmentPlan }: { treatmentPlan: { id: string } } = await change(
      `mutation ($input: TreatmentPlanInput!) { treatmentPlanSave(input: $input) { treatmentPlan { id } userErrors { code message path } } }`,
      {
        input: {
          ...{
            idempotencyKey: 'm-2',
            clinicId,
            patientId: idOf(group.patients[0]!.id),
            locationId: place,
            providerId: doctor,
          },
          ...{ phase: 'COMPREHENSIVE', applianceSystem: 'METAL_BRACKETS', contractFee: '5000.00', plannedMonths: 18 },
        },
      },
    );
    const patientId = idOf(group.patients[0]!.id);
    const { appliance }: { appliance: { id: string } } = await change(
      `mutation ($input: ApplianceRecordInput!) { applianceRecordSave(input: $input) { appliance { id } userErrors { code message path } } }`,
      {
        input: {
          ...{ idempotencyKey: 'm-3', clinicId, locationId: place, patientId, treatmentPlanId: treatmentPlan.id },
          ...{ applianceType: 'BRACKETS', applianceSystem: 'METAL_BRACKETS', status: 'ORDERED' },
        },
      },
    );
    const lots = await graph.get(
      'owner',
      `query ($c: ID!) { supplyLots(clinicId: $c, filter: { lotNumber: "mission-1" }) { nodes { id unitCost } } }`,
      { c: clinicId },
    );
    expect(lots.supplyLots.nodes).toEqual([{ id: expect.any(String), unitCost: '5' }]);
    expect(await read(['LOCATION'])).toEqual(before.L);
    await change(
      `mutation ($id: ID!, $input: AppliancePlaceInput!) { applianceRecordPlace(id: $id, input: $input) { totalCost userErrors { code message path } } }`,
      {
        id: appliance.id,
        input: {
          ...{ idempotencyKey: 'm-4', placedOn: ANCHOR, providerId: doctor },
          lines: [
            {
              itemId: idOf(item.id),
              lotId: lots.supplyLots.nodes[0].id,
              quantity: '20',
              fefoOverrideReason: 'its own box',
            },
          ],
        },
      },
    );
    await change(
      `mutation ($input: ProductionEntryRecordInput!) { productionEntryRecord(input: $input) { userErrors { code message path } } }`,
      {
        input: {
          ...{ idempotencyKey: 'm-5', clinicId, locationId: place, providerId: doctor, patientId },
          ...{ treatmentPlanId: treatmentPlan.id, occurredAt: '2026-06-30T14:30:00Z', procedureCode: 'D8080' },
          ...{ category: 'TREATMENT_START', description: 'Bonding', gross: '1500.00' },
        },
      },
    );
    await graph.settled();

    const more = (was: string, cents: number) => money(centsOf(was) + cents);
    for (const [key, by] of [
      ['L', ['LOCATION']],
      ['P', ['PROVIDER']],
      ['LP', ['LOCATION', 'PROVIDER']],
    ] as const) {
      const after = await read([...by]);
      expect(after.rows).toHaveLength(before[key].rows.length);
      for (const [index, row] of after.rows.entries()) {
        const was = before[key].rows[index] as typeof row;
        const isIt = (row['locationId'] ?? place) === place && (row['providerId'] ?? doctor) === doctor;
        if (!isIt) {
          expect(row).toEqual(was);
          continue;
        }
        expect(row['production']).toMatchObject({
          starts: Number(was['production'].starts) + 1,
          net: more(was['production'].net, 150_000),
        });
        expect(row['supplies']).toMatchObject({
          cost: more(was['supplies'].cost, 10_000),
          caseCount: Number(was['supplies'].caseCount) + 1,
        });
        const perStart = (amount: string) => ratioOf(centsOf(amount), row['production'].starts)['value'];
        expect(row['supplyRatios'].costPerStart.value).toBe(perStart(row['supplies'].cost));
        expect(row['production'].perStart.value).toBe(perStart(row['production'].net));
      }
      expect(after.total['supplies'].cost).toBe(more(before[key].total['supplies'].cost, 10_000));
    }
    const plan = await graph.get(
      'owner',
      `query ($id: ID!) { treatmentPlan(id: $id) { production { net } supplyCosts { bracketCost totalCost } supplyRatios { costRate { value } } } }`,
      { id: treatmentPlan.id },
    );
    expect(plan.treatmentPlan).toEqual({
      production: { net: '1500.00' },
      supplyCosts: { bracketCost: '100.00', totalCost: '100.00' },
      supplyRatios: { costRate: { value: '0.066667' } },
    });
  });
});
