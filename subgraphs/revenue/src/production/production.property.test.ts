import { Decimal, newId } from '@practice-graph/kit';
import type { AdjustmentPosted } from '@practice-graph/practice';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import {
  aKey,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  toldBalances,
  type Practice,
} from '../../test/practice';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());

/** A command on the books; indexes choose among what there is. */
type Command =
  | {
      readonly kind: 'record';
      readonly day: number;
      readonly place: number;
      readonly provider: number;
      readonly patient: number;
      readonly cents: number;
      readonly insured: number;
      readonly category: number;
      readonly inCase: boolean;
    }
  | { readonly kind: 'reverse'; readonly entry: number; readonly original: boolean }
  | {
      readonly kind: 'adjust';
      readonly entry: number | null;
      readonly day: number;
      readonly place: number;
      readonly provider: number;
      readonly cents: number;
      readonly category: number;
    };

const small = (max: number) => fc.integer({ min: 0, max });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      day: small(29),
      place: small(1),
      provider: small(1),
      patient: small(3),
      cents: small(500_000),
      insured: small(100),
      category: small(3),
      inCase: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('reverse' as const), entry: small(20), original: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      entry: fc.option(small(20)),
      day: small(29),
      place: small(2),
      provider: small(2),
      cents: fc.integer({ min: -50_000, max: 300_000 }),
      category: small(3),
    }),
  },
);
const CATEGORIES = ['ADJUSTMENT', 'TREATMENT_START', 'DEBOND', 'CONSULTATION'];
const KINDS = [
  ['INSURANCE_WRITEOFF', true],
  ['PROMOTIONAL', true],
  ['BAD_DEBT', false],
  ['ERROR_CORRECTION', true],
] as const;
const day = (n: number) => `2026-06-${String(n + 1).padStart(2, '0')}`;
const money = (cents: number) => new Decimal(cents).div(100);

/** Plays commands against a clinic; answers the ids of its entries, and how to play one more. */
function player(of: Practice) {
  const entries: { opaque: string; id: string }[] = [];
  const play = async (c: Command, key = aKey()): Promise<unknown> => {
    if (c.kind === 'record') {
      const gross = money(c.cents);
      const category = CATEGORIES[c.category] ?? '';
      const { productionEntry } = await record(graph, of, {
        idempotencyKey: key,
        gross: gross.toFixed(2),
        insurancePortion: gross.times(c.insured).div(100).toDecimalPlaces(2).toFixed(2),
        category,
        occurredAt: `${day(c.day)}T15:00:00Z`,
        locationId: of.id(of.locations[c.place] ?? ''),
        providerId: of.id(of.providers[c.provider] ?? ''),
        patientId: of.id(of.patients[c.patient] ?? ''),
        ...(c.inCase ? { treatmentPlanId: of.id(of.plans[c.patient] ?? '') } : {}),
      });
      const opaque = productionEntry.id as string;
      const id = Buffer.from(opaque, 'base64url')
        .subarray(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      if (!entries.some((e) => e.id === id)) entries.push({ opaque, id });
      return opaque;
    }
    if (entries.length === 0) return null;
    const target = entries[(c.entry ?? 0) % entries.length];
    if (c.kind === 'reverse')
      return reverse(graph, of, target?.opaque ?? '', {
        idempotencyKey: key,
        dateBasis: c.original ? 'ORIGINAL_DATE' : 'POSTED_DATE',
      });
    const [category, affectsNetProduction] = KINDS[c.category] ?? KINDS[0];
    const payload: AdjustmentPosted = {
      id: newId(),
      category,
      amount: money(c.cents),
      affectsNetProduction,
      adjustmentDate: day(c.day),
      originalDate: null,
      locationId: of.locations[c.place] ?? null,
      providerId: of.providers[c.provider] ?? null,
      patientId: null,
      treatmentPlanId: null,
      productionEntryId: c.entry === null ? null : (target?.id ?? null),
      invoiceId: null,
      reversesId: null,
      version: 1,
    };
    await asService(graph, of.clinicId, (tx) => importAdjustments(tx, of.clinicId, [payload]));
    return payload;
  };
  return { entries, play };
}
const JUNE = { from: '2026-06-01', to: '2026-06-30' };

test('after any sequence of commands slices equal the ledgers, parts make up net, and disjoint ranges add up (C-R1, C-R2, C-R3, C-R8)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), small(28), async (commands, cut) => {
      const of = await aPractice(graph, 4);
      const { play } = player(of);
      for (const c of commands) await play(c);

      expect(await differences(graph, of.clinicId)).toEqual([]);
      const { told, entries: kept } = await toldBalances(graph, of.clinicId);
      expect(told).toEqual(kept);
      const rows = await graph.get(
        of.owner,
        `query ($id: ID!) { productionEntries(clinicId: $id, first: 200) { nodes { gross adjustments net insurancePortion patientPortion collected outstanding } } }`,
        { id: of.clinic },
      );
      for (const e of rows.productionEntries.nodes) {
        expect(new Decimal(e.gross).minus(e.adjustments).toFixed(2)).toBe(e.net);
        expect(new Decimal(e.insurancePortion).plus(e.patientPortion).toFixed(2)).toBe(e.net);
        expect(new Decimal(e.net).minus(e.collected).toFixed(2)).toBe(e.outstanding);
      }
      const [whole, first, second] = await Promise.all([
        production(graph, of, JUNE),
        production(graph, of, { from: day(0), to: day(cut) }),
        production(graph, of, { from: day(cut + 1), to: day(29) }),
      ]);
      for (const measure of [
        'gross',
        'adjustments',
        'net',
        'insurancePortion',
        'patientPortion',
        'startNet',
        'debondNet',
        'starts',
        'debonds',
        'entryCount',
        'visitCount',
      ])
        expect([measure, new Decimal(first[measure]).plus(second[measure]).toFixed(2)]).toEqual([
          measure,
          new Decimal(whole[measure]).toFixed(2),
        ]);
    }),
    { numRuns: 12 },
  );
});

test('an entry and its reversal contribute nothing to all time and the opposite to the day of the reversal (C-R4)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 4 }),
      small(28),
      small(500_000),
      small(3),
      async (before, on, cents, category) => {
        const of = await aPractice(graph, 4);
        const { play } = player(of);
        for (const c of before) await play(c);
        const all = await production(graph, of, JUNE);
        const today = await production(graph, of, { from: day(29), to: day(29) });
        const opaque = await play({
          kind: 'record',
          day: on,
          place: 0,
          provider: 0,
          patient: 3,
          cents,
          insured: 30,
          category,
          inCase: false,
        });
        await reverse(graph, of, opaque as string);

        // Visits are counted by presence and not signed, so the day keeps or loses its own.
        const { visitCount: _v, ...after } = await production(graph, of, JUNE);
        const { visitCount: _w, ...unchanged } = all;
        expect(after).toEqual(unchanged);
        const reversed = await production(graph, of, { from: day(29), to: day(29) });
        expect(new Decimal(reversed.gross).minus(today.gross).toFixed(2)).toBe(
          on === 29 ? '0.00' : money(-cents).toFixed(2),
        );
      },
    ),
    { numRuns: 8 },
  );
});

test('a command that runs again under the same key changes nothing (C-R5)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 2, maxLength: 8 }), async (commands) => {
      const of = await aPractice(graph, 4);
      const { play } = player(of);
      const keys = commands.map(() => aKey());
      for (const [n, c] of commands.entries()) await play(c, keys[n]);
      const state = await production(graph, of, JUNE);
      for (const [n, c] of commands.entries()) if (c.kind === 'record') await play(c, keys[n]);

      expect(await production(graph, of, JUNE)).toEqual(state);
      expect(await differences(graph, of.clinicId)).toEqual([]);
    }),
    { numRuns: 6 },
  );
});

test('independent commands in any order give the same totals (C-R6)', async () => {
  const independent = command
    .filter((c) => c.kind !== 'reverse')
    .map((c) => (c.kind === 'adjust' ? { ...c, entry: null } : { ...c, category: 0, inCase: false }));
  const start: Command = {
    kind: 'record',
    day: 3,
    place: 0,
    provider: 0,
    patient: 0,
    cents: 100,
    insured: 0,
    category: 0,
    inCase: false,
  };
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(independent, { minLength: 3, maxLength: 8 })
        .chain((commands) =>
          fc.tuple(fc.constant(commands), fc.shuffledSubarray(commands, { minLength: commands.length })),
        ),
      async ([one, other]) => {
        const totals = [];
        for (const order of [one, other]) {
          const of = await aPractice(graph, 4);
          const { play } = player(of);
          await play(start);
          for (const c of order) await play(c);
          totals.push(await production(graph, of, JUNE));
        }
        expect(totals[1]).toEqual(totals[0]);
      },
    ),
    { numRuns: 6 },
  );
});

test('a slice that does not fit its ledger is reported', async () => {
  const of = await aPractice(graph, 4);
  await record(graph, of);
  await graph.sql(`UPDATE production_slice SET gross = gross + 1 WHERE clinic_id = $1 AND dim = 'T' AND grain = 'M'`, [
    of.clinicId,
  ]);
  await graph.sql(`UPDATE provider_visit SET entries = 2 WHERE clinic_id = $1`, [of.clinicId]);

  const found = await differences(graph, of.clinicId);

  expect(found).toHaveLength(2);
  expect(found[0]).toMatch(/^production slices: T M 2026-06-01: kept gross 101\.00 .*, ledger gross 100\.00 /);
  expect(found[1]).toMatch(/^visits by provider: 2026-06-30 .*: kept 2, ledger 1$/);
});
