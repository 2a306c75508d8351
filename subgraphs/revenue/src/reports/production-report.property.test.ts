import { Decimal, newId } from '@practice-graph/kit';
import type { AdjustmentPosted } from '@practice-graph/practice';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { aKey, anAdjustment, aPractice, asService, type Practice } from '../../test/practice';
import { importAdjustments, importProduction, revenue, type ImportedEntry } from '..';

let graph: TestSubgraph;
let of: Practice;
let facts: readonly Fact[];
beforeAll(async () => {
  graph = await testSubgraph(revenue);
  of = await aPractice(graph);
  facts = await fill();
});
afterAll(() => graph.stop());

/** A fact as arithmetic sees it; members as the API names them. */
interface Fact {
  readonly day: string;
  readonly PROVIDER: string;
  readonly LOCATION: string;
  readonly CATEGORY: string;
  readonly PROCEDURE_CODE: string;
  readonly PHASE: string;
  readonly APPLIANCE_SYSTEM: string;
  readonly patient: string;
  readonly gross: number;
  readonly adjustments: number;
  readonly collected: number;
  readonly entries: number;
  readonly starts: number;
}

const CODES = ['D8080', 'D8670', 'D8680', 'D0330'];
const CATEGORIES = ['CONSULTATION', 'ADJUSTMENT', 'TREATMENT_START', 'EMERGENCY'];
const DAY = 24 * 60 * 60 * 1000;
const dayAt = (n: number) => new Date(Date.UTC(2026, 3, 20) + n * DAY).toISOString().slice(0, 10);
const NONE = 'unassigned';

/** 150 entries over ten weeks of which each seventh is undone later, and 40 adjustments, half of them of no entry. */
async function fill(): Promise<Fact[]> {
  const made: Fact[] = [];
  const started = new Set<number>();
  const entries: ImportedEntry[] = [];
  for (let n = 0; n < 150; n += 1) {
    const patient = (n * 7) % 20;
    const inCase = n % 3 !== 0;
    const category = CATEGORIES[(n * 5) % 4] ?? '';
    const day = dayAt((n * 11) % 70);
    const entry: ImportedEntry = {
      ...{ id: newId(), locationId: of.locations[n % 2] ?? '', providerId: of.providers[(n >> 1) % 2] ?? '' },
      ...{ patientId: of.patients[patient] ?? '', treatmentPlanId: inCase ? (of.plans[patient] ?? '') : null },
      ...{ appointmentId: null, procedureId: null, productionDate: day, occurredAt: new Date(`${day}T15:00:00Z`) },
      ...{
        procedureCode: CODES[(n * 3) % 4] ?? '',
        category: category as ImportedEntry['category'],
        description: 'Made up',
      },
      ...{ gross: new Decimal(n * 137 + 1).div(100), insurancePortion: new Decimal(n % 50).div(100), reversesId: null },
    };
    entries.push(entry);
    const later = dayAt(Math.min(69, ((n * 11) % 70) + 9));
    if (n % 7 === 0 && category !== 'TREATMENT_START')
      entries.push({
        ...{ ...entry, id: newId(), productionDate: later, occurredAt: new Date(`${later}T15:00:00Z`) },
        ...{ gross: entry.gross.neg(), insurancePortion: entry.insurancePortion.neg(), reversesId: entry.id },
      });
  }
  await asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, entries));
  const originals = entries.filter((entry) => entry.reversesId === null);
  const factOf = (entry: ImportedEntry) => ({
    PROVIDER: of.id(entry.providerId),
    LOCATION: of.id(entry.locationId),
    CATEGORY: entry.category,
    PROCEDURE_CODE: entry.procedureCode,
    PHASE: entry.treatmentPlanId ? 'COMPREHENSIVE' : NONE,
    APPLIANCE_SYSTEM: entry.treatmentPlanId ? 'METAL_BRACKETS' : NONE,
    patient: entry.patientId,
  });
  for (const entry of [...entries].sort((a, b) => (a.productionDate + a.id < b.productionDate + b.id ? -1 : 1))) {
    // A start counts once per case, or per patient and day without one.
    const startsWhat = entry.treatmentPlanId ?? `${entry.patientId}${entry.productionDate}`;
    const isStart = entry.category === 'TREATMENT_START' && !started.has(startsWhat as never);
    if (isStart) started.add(startsWhat as never);
    made.push({
      ...factOf(entry),
      ...{ day: entry.productionDate, gross: entry.gross.times(100).toNumber(), adjustments: 0, collected: 0 },
      ...{ entries: entry.reversesId ? -1 : 1, starts: isStart ? 1 : 0 },
    });
  }
  const adjustments: AdjustmentPosted[] = Array.from({ length: 40 }, (_, n) =>
    anAdjustment(of, {
      amount: new Decimal(n * 31 - 200).div(100),
      affectsNetProduction: n % 5 !== 0,
      adjustmentDate: dayAt((n * 13) % 70),
      locationId: n % 4 === 0 ? null : (of.locations[n % 2] ?? null),
      providerId: n % 3 === 0 ? null : (of.providers[n % 2] ?? null),
      patientId: null,
      productionEntryId: n % 2 ? (originals[n]?.id ?? null) : null,
    }),
  );
  await asService(graph, of.clinicId, (tx) => importAdjustments(tx, of.clinicId, adjustments));
  const linked = new Map(originals.map((entry) => [entry.id, entry]));
  for (const adjustment of adjustments) {
    const entry = linked.get(adjustment.productionEntryId ?? '');
    const none = { CATEGORY: NONE, PROCEDURE_CODE: NONE, PHASE: NONE, APPLIANCE_SYSTEM: NONE, patient: '' };
    made.push({
      ...(entry ? factOf(entry) : none),
      ...{ day: adjustment.adjustmentDate, gross: 0, collected: 0, entries: 0, starts: 0 },
      LOCATION: adjustment.locationId ? of.id(adjustment.locationId) : NONE,
      PROVIDER: adjustment.providerId ? of.id(adjustment.providerId) : NONE,
      adjustments: adjustment.affectsNetProduction ? adjustment.amount.times(100).toNumber() : 0,
    });
  }
  // Money counts on the day of its payment; each tenth entry is paid a quarter in June.
  const undone = new Set(entries.flatMap(({ reversesId }) => reversesId ?? []));
  for (const [n, entry] of originals.entries()) {
    if (n % 10 !== 3 || undone.has(entry.id)) continue;
    const amount = entry.gross.div(4).toDecimalPlaces(2);
    const day = dayAt(45 + (n % 20));
    const { paymentRecord } = await graph.get(
      of.owner,
      'mutation ($input: PaymentRecordInput!) { paymentRecord(input: $input) { userErrors { code message } } }',
      {
        input: {
          ...{ idempotencyKey: aKey(), clinicId: of.clinic, paidAt: `${day}T15:00:00Z` },
          tenders: [{ method: 'CARD', amount: amount.toFixed(2) }],
          productionEntries: [{ productionEntryId: of.id(entry.id), amount: amount.toFixed(2), allowCredit: true }],
        },
      },
    );
    expect(paymentRecord.userErrors).toEqual([]);
    made.push({
      ...{ ...factOf(entry), day, gross: 0, adjustments: 0, entries: 0, starts: 0 },
      collected: amount.times(100).toNumber(),
    });
  }
  return made;
}

const DIMENSIONS = ['PROVIDER', 'LOCATION', 'CATEGORY', 'PROCEDURE_CODE', 'PHASE', 'APPLIANCE_SYSTEM'] as const;
type Dimension = (typeof DIMENSIONS)[number];
const MEMBER: Readonly<Record<Dimension, string>> = {
  ...{ PROVIDER: 'providerIds', LOCATION: 'locationIds', CATEGORY: 'categories' },
  ...{ PROCEDURE_CODE: 'procedureCodes', PHASE: 'phases', APPLIANCE_SYSTEM: 'applianceSystems' },
};
const VALUES = (): Readonly<Record<Dimension, readonly string[]>> => ({
  PROVIDER: [...of.providers.map(of.id), NONE],
  LOCATION: [...of.locations.map(of.id), NONE],
  CATEGORY: [...CATEGORIES, 'DEBOND'],
  PROCEDURE_CODE: CODES,
  PHASE: ['COMPREHENSIVE', 'LIMITED'],
  APPLIANCE_SYSTEM: ['METAL_BRACKETS', 'ALIGNERS'],
});

const question = fc.record({
  by: fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 3 }),
  filters: fc.dictionary(fc.constantFrom(...DIMENSIONS), fc.array(fc.nat({ max: 4 }), { maxLength: 3 }), {
    maxKeys: 2,
  }),
  from: fc.integer({ min: 0, max: 40 }),
  length: fc.integer({ min: 0, max: 60 }),
  granularity: fc.constantFrom(null, 'WEEK', 'MONTH'),
});

const REPORT = `query ($id: ID!, $period: PeriodInput!, $filter: ProductionFilter, $by: [ProductionDimension!]!, $granularity: Granularity) {
  productionReport(clinicId: $id, period: $period, filter: $filter) { measures { gross adjustments net collected entryCount visitCount starts ...Parts }
    breakdown(by: $by, granularity: $granularity) { key period { from to } share measures { gross adjustments net collected entryCount visitCount starts ...Parts } } } }
  fragment Parts on ProductionMeasures { outstanding insurancePortion patientPortion }`;

const cents = (text: string) => Math.round(Number(text) * 100);

/** Sums by arithmetic over the facts. */
function sumsOf(those: readonly Fact[]) {
  const sum = (what: (fact: Fact) => number) => those.reduce((all, fact) => all + what(fact), 0);
  const days = new Map<string, number>();
  for (const fact of those) {
    const visit = [fact.day, fact.LOCATION, fact.patient].join();
    days.set(visit, (days.get(visit) ?? 0) + fact.entries);
  }
  return {
    ...{ gross: sum((f) => f.gross), adjustments: sum((f) => f.adjustments), net: sum((f) => f.gross - f.adjustments) },
    ...{ collected: sum((f) => f.collected), entryCount: sum((f) => f.entries), starts: sum((f) => f.starts) },
    visitCount: [...days.values()].filter((n) => n > 0).length,
  };
}
interface Told {
  readonly gross: string;
  readonly adjustments: string;
  readonly net: string;
  readonly collected: string;
  readonly outstanding: string;
  readonly insurancePortion: string;
  readonly patientPortion: string;
  readonly entryCount: number;
  readonly visitCount: number;
  readonly starts: number;
}
/** What a row says, once its parts are known to make up the whole (C-R7, C-R8). */
function told({ gross, adjustments, net, collected, ...rest }: Told) {
  const { outstanding, insurancePortion, patientPortion, ...counts } = rest;
  expect(cents(outstanding)).toBe(cents(net) - cents(collected));
  expect(cents(insurancePortion) + cents(patientPortion)).toBe(cents(net));
  return {
    ...{ gross: cents(gross), adjustments: cents(adjustments), net: cents(net), collected: cents(collected) },
    ...counts,
  };
}

test('any split of any range behind any filter holds the sums of its facts and adds up to the whole (C-R1, C-R2, C-R4, C-R7, C-R8)', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ by, filters, from, length, granularity }) => {
      const values = VALUES();
      const chosen = Object.entries(filters).map(
        ([dimension, picks]) =>
          [
            dimension as Dimension,
            [...new Set(picks.flatMap((i) => values[dimension as Dimension][i] ?? []))],
          ] as const,
      );
      const range = { from: dayAt(from), to: dayAt(Math.min(69, from + length)) };
      const { productionReport } = await graph.get(of.owner, REPORT, {
        ...{ id: of.clinic, period: { range }, by, granularity },
        filter: Object.fromEntries(chosen.map(([dimension, list]) => [MEMBER[dimension], list])),
      });

      const selected = facts.filter(
        (fact) =>
          fact.day >= range.from &&
          fact.day <= range.to &&
          chosen.every(([dimension, list]) => list.includes(fact[dimension])),
      );
      expect(told(productionReport.measures)).toEqual(sumsOf(selected));
      const rows = productionReport.breakdown as {
        key: string;
        period: { from: string; to: string };
        share: string | null;
        measures: Told;
      }[];
      const seen = new Set<Fact>();
      for (const row of rows) {
        const mine = selected.filter(
          (fact) =>
            fact.day >= row.period.from &&
            fact.day <= row.period.to &&
            (by.map((dimension) => fact[dimension]).join('/') || 'all') === row.key,
        );
        expect([row.key, told(row.measures)]).toEqual([row.key, sumsOf(mine)]);
        for (const fact of mine) seen.add(fact);
      }
      expect(seen.size).toBe(selected.length);
      // Codes and systems are shown where they have facts in the range, though these may cancel each other out.
      if (by.length > 0 && by.every((dimension) => dimension === 'PROCEDURE_CODE' || dimension === 'APPLIANCE_SYSTEM'))
        expect(new Set(rows.map(({ key }) => key))).toEqual(
          new Set(selected.map((fact) => by.map((dimension) => fact[dimension]).join('/'))),
        );
      const shares = rows.flatMap(({ share }) => (share === null ? [] : [Math.round(Number(share) * 1e4)]));
      if (shares.length > 0) expect(shares.reduce((a, b) => a + b, 0)).toBe(1e4);
    }),
    { numRuns: 120 },
  );
});

test('the sum over two ranges is that of both together, down to single days (C-R3)', async () => {
  const net = async (range: { from: string; to: string }) => {
    const { productionReport } = await graph.get(
      of.owner,
      `query ($id: ID!, $range: DateRangeInput!) { productionReport(clinicId: $id, period: { range: $range }) {
        measures { gross net starts } breakdown(by: [], granularity: DAY) { measures { net } } } }`,
      { id: of.clinic, range },
    );
    const days = productionReport.breakdown.reduce((all: number, row: any) => all + cents(row.measures.net), 0);
    expect(days).toBe(cents(productionReport.measures.net));
    return productionReport.measures as { gross: string; net: string; starts: number };
  };
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 68 }), async (cut) => {
      const whole = await net({ from: dayAt(0), to: dayAt(69) });
      const a = await net({ from: dayAt(0), to: dayAt(cut) });
      const b = await net({ from: dayAt(cut + 1), to: dayAt(69) });

      expect([cents(a.gross) + cents(b.gross), cents(a.net) + cents(b.net), a.starts + b.starts]).toEqual([
        ...[cents(whole.gross), cents(whole.net), whole.starts],
      ]);
    }),
    { numRuns: 15 },
  );
});
