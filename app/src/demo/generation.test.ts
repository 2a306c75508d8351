import { createHash } from 'node:crypto';
import { clinicIdOf, clinicIdText } from '@practice-graph/kit/identity';
import { dayOf, instantMs, weekdayOf } from './days';
import { generateDemo } from './generation';
import { clinicId, demoIds, organisationsOf, patientId, RECALLED_LOT, type DemoSize } from './organisation';
import { exponential, Random } from './random';
import type { ClinicRows } from './rows.types';
import { costCents } from './stock';

const ANCHOR = '2026-06-30';
/** They are about collecting and leave net production alone. */
const NOT_OF_NET = ['BAD_DEBT', 'SMALL_BALANCE', 'RECOVERY'];
const hash = (rows: unknown) => createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
const sum = <T>(rows: readonly T[], value: (row: T) => number) => rows.reduce((total, row) => total + value(row), 0);

const of = (clinics: readonly ClinicRows[], id: string): ClinicRows =>
  clinics.find((rows) => rows.clinic.id === id) as ClinicRows;

/** Quantity of each lot at each place over time: receipts first, since goods come in the morning. */
function lowestStock(receipts: ClinicRows['spa']['receipts'], uses: readonly StockUse[]): number {
  const left = new Map<string, number>();
  const key = (lotId: string, locationId: string) => `${lotId} ${locationId}`;
  const firstDay = new Map<string, string>();
  for (const { lotId, locationId, quantityMilli, date } of receipts) {
    left.set(key(lotId, locationId), (left.get(key(lotId, locationId)) ?? 0) + quantityMilli);
    if (!firstDay.has(key(lotId, locationId))) firstDay.set(key(lotId, locationId), date);
  }
  let lowest = Infinity;
  for (const use of uses) {
    const at = key(use.lotId, use.locationId);
    if (use.date < (firstDay.get(at) ?? '9999')) return -Infinity;
    const now = (left.get(at) ?? 0) - use.quantityMilli;
    left.set(at, now);
    lowest = Math.min(lowest, now);
  }
  return lowest;
}
interface StockUse {
  readonly lotId: string;
  readonly locationId: string;
  readonly quantityMilli: number;
  readonly date: string;
}

describe('random numbers of the demonstration', () => {
  test('a stream is given by its name alone, and its parts do not move one another', () => {
    const first = new Random('a stream');
    expect([first.word(), first.word(), first.word()]).toEqual([2_449_237_697, 3_296_070_186, 3_769_493_826]);
    expect(new Random('a stream').fork('part').word()).toBe(new Random('a stream').fork('part').word());
    expect(new Random('a stream').fork('part').word()).not.toBe(new Random('a stream').fork('other').word());
  });

  test('the exponential agrees with the engine to seven digits', () => {
    for (const x of [-6, -1, -0.2, 0, 0.5, 2, 3]) expect(exponential(x) / Math.exp(x)).toBeCloseTo(1, 6);
  });

  test('identifiers are version 7 and in the order of time', () => {
    const random = new Random('ids');
    const ids = Array.from({ length: 500 }, (_, at) => random.id(1_700_000_000_000 + at));
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(500);
  });
});

describe('days of the demonstration', () => {
  test('an instant follows the clocks of its zone, summer time included', () => {
    const at = (zone: string, date: string, minute: number) =>
      new Date(instantMs(zone, dayOf(date), minute)).toISOString();
    expect(at('America/New_York', '2026-03-07', 600)).toBe('2026-03-07T15:00:00.000Z');
    expect(at('America/New_York', '2026-03-08', 600)).toBe('2026-03-08T14:00:00.000Z');
    expect(at('America/Phoenix', '2026-07-01', 600)).toBe('2026-07-01T17:00:00.000Z');
    expect(at('Africa/Lagos', '2026-06-01', 30)).toBe('2026-05-31T23:30:00.000Z');
    expect(at('America/Los_Angeles', '2026-05-31', 1_300)).toBe('2026-06-01T04:40:00.000Z');
    expect(weekdayOf(dayOf('2026-06-28'))).toBe(7);
  });
});

describe('identifiers that people need by name', () => {
  test('they are the same for every size and anchor, and only the clinic tells them apart', () => {
    expect(demoIds.clinics.group).toBe('016f5e66-e800-758c-88ec-8326907b4e07');
    for (const size of ['tiny', 'demo'] as const) {
      const known = organisationsOf(size).map((each) => clinicId(each.key));
      expect(known).toContain(demoIds.clinics.group);
      expect(known).toContain(demoIds.clinics.foreign);
    }
    expect(clinicIdOf(clinicIdText(demoIds.clinics.group))).toBe(demoIds.clinics.group);
    expect(new Set([...Object.values(demoIds.locations), ...Object.values(demoIds.clinics)]).size).toBe(16);
  });
});

describe.each<[DemoSize, string]>([
  ['tiny', '1b2317a5d27d6683'],
  ['demo', 'e4123e6b22db36e4'],
])('the %s demonstration', (size, expectedHash) => {
  const clinics = generateDemo({ size, anchor: ANCHOR });
  const group = of(clinics, demoIds.clinics.group);
  const foreign = of(clinics, demoIds.clinics.foreign);

  test('has the same rows for the same size and anchor, byte for byte', () => {
    expect(hash(clinics)).toBe(expectedHash);
  });

  test('names each row once', () => {
    for (const rows of clinics) {
      const { supplies, spa } = rows;
      const lists = [rows.patients, rows.plans, rows.entries, supplies.items, supplies.lots];
      for (const list of [
        ...lists,
        [...rows.adjustments, ...rows.requests],
        rows.payments,
        rows.fees,
        rows.efforts,
        supplies.receipts,
        supplies.usages,
        spa.products,
        spa.lots,
        spa.receipts,
        spa.movements,
      ])
        expect(new Set(list.map((row) => row.id)).size).toBe(list.length);
      expect(new Set(rows.patients.map((patient) => patient.reference)).size).toBe(rows.patients.length);
    }
  });

  test('refers only to rows of the same clinic that exist', () => {
    for (const rows of clinics) {
      const ids = (list: readonly { id: string }[]) => new Set(list.map((row) => row.id));
      const known = { patients: ids(rows.patients), plans: ids(rows.plans), locations: ids(rows.locations) };
      const providers = ids(rows.providers);
      const isKnown = (row: { patientId: string | null; locationId: string; providerId: string | null }) =>
        (row.patientId === null || known.patients.has(row.patientId)) &&
        known.locations.has(row.locationId) &&
        (row.providerId === null || providers.has(row.providerId));
      for (const list of [rows.entries, rows.adjustments, rows.requests, rows.supplies.usages, rows.spa.movements])
        expect(list.filter((row) => !isKnown(row) || row.clinicId !== rows.clinic.id)).toEqual([]);
      const entries = ids(rows.entries);
      expect(rows.adjustments.filter((row) => row.entryId !== null && !entries.has(row.entryId))).toEqual([]);
      expect(rows.payments.filter((row) => !isKnown({ ...row, providerId: null }))).toEqual([]);
      expect(rows.payments.filter(({ parts }) => parts.some(({ entryId }) => !entries.has(entryId)))).toEqual([]);
      expect(rows.entries.filter((row) => row.planId !== null && !known.plans.has(row.planId))).toEqual([]);
    }
  });

  test('has nothing on or after the anchor day', () => {
    for (const rows of clinics) {
      const lists = [
        rows.entries,
        rows.payments,
        rows.adjustments,
        rows.requests,
        rows.efforts,
        rows.supplies.usages,
        rows.supplies.receipts,
        rows.spa.movements,
      ];
      for (const list of lists) expect(list.filter((row) => row.date >= ANCHOR)).toEqual([]);
    }
  });

  test('never uses stock that is not there', () => {
    for (const rows of clinics.filter((each) => each.supplies.usages.length > 0)) {
      expect(lowestStock(rows.supplies.receipts, rows.supplies.usages)).toBeGreaterThanOrEqual(0);
      expect(lowestStock(rows.spa.receipts, rows.spa.movements)).toBeGreaterThanOrEqual(0);
    }
  });

  test('gives the outsider books of all four domains', () => {
    for (const list of [foreign.entries, foreign.adjustments, foreign.supplies.usages, foreign.spa.movements])
      expect(list.length).toBeGreaterThan(10);
  });

  test('a reversal is the negative of its original, and each is undone at most once', () => {
    for (const rows of clinics) {
      const originals = new Map(rows.adjustments.map((row) => [row.id, row]));
      const reversals = rows.adjustments.filter((row) => row.reversesId !== null);
      expect(reversals.every((row) => originals.get(row.reversesId as string)?.amountCents === -row.amountCents)).toBe(
        true,
      );
      expect(new Set(reversals.map((row) => row.reversesId)).size).toBe(reversals.length);
    }
  });

  test('a campaign grants discounts on its own days only, and there is always one that still runs or is to come', () => {
    for (const rows of [group, foreign]) {
      const campaigns = new Map(rows.campaigns.map((campaign) => [campaign.id, campaign]));
      const granted = rows.adjustments.filter((row) => row.campaignId !== null);
      const outside = granted.filter((row) => {
        const campaign = campaigns.get(row.campaignId as string);
        return !campaign || row.date < campaign.startsOn || row.date > campaign.endsOn;
      });
      expect(outside).toEqual([]);
      expect(granted.every((row) => row.category === 'PROMOTIONAL')).toBe(true);
      expect(rows.campaigns.some((campaign) => campaign.endsOn >= ANCHOR)).toBe(true);
    }
  });

  test('requests that wait are recent, those that were rejected older; there are both', () => {
    for (const rows of [group, foreign]) {
      const of = (status: string) => rows.requests.filter((row) => row.status === status).map((row) => row.date);
      expect(of('PENDING').length).toBeGreaterThan(0);
      expect(of('REJECTED').length).toBeGreaterThan(0);
      expect(
        [...of('REJECTED')]
          .sort()
          .at(-1)
          ?.localeCompare([...of('PENDING')].sort()[0] as string),
      ).toBe(-1);
      expect(rows.requests.every((row) => row.amountCents >= 25_000)).toBe(true);
    }
  });

  test('each debt was given up after two to four tries to collect it', () => {
    for (const rows of clinics)
      for (const debt of rows.adjustments.filter((row) => row.category === 'BAD_DEBT')) {
        const tries = rows.efforts.filter((effort) => effort.debtId === debt.id);
        expect([2, 3, 4]).toContain(tries.length);
        expect(tries.filter((of) => of.date >= debt.date || of.patientId !== debt.patientId)).toEqual([]);
      }
  });

  test('nobody pays before the visit, in fractions, twice for the same, or what was granted, given up or may be granted', () => {
    for (const rows of clinics) {
      const owed = new Map(rows.entries.map((entry) => [entry.id, entry.grossCents]));
      const seen = new Map(rows.entries.map((entry) => [entry.id, entry]));
      const lower = (id: string | null, cents: number) => id !== null && owed.set(id, (owed.get(id) ?? 0) - cents);
      for (const row of rows.adjustments) if (row.category !== 'RECOVERY') lower(row.entryId, row.amountCents);
      for (const row of rows.requests) if (row.status === 'PENDING') lower(row.entryId, row.amountCents);
      const wrong = rows.payments.filter(({ patientId: payer, paidAt, date, parts }) =>
        parts.some(({ entryId, cents }) => {
          lower(entryId, cents);
          const entry = seen.get(entryId);
          const isOwn = payer === null || payer === entry?.patientId;
          return (
            !entry || !isOwn || paidAt < entry.occurredAt || date < entry.date || cents < 1 || !Number.isInteger(cents)
          );
        }),
      );
      expect(wrong).toEqual([]);
      const paid = new Set(rows.payments.flatMap(({ parts }) => parts.map(({ entryId }) => entryId)));
      expect([...paid].filter((id) => (owed.get(id) ?? -1) < 0)).toEqual([]);
    }
  });

  test('story 6: what was wrong in one month is undone in the next', () => {
    const [wrong, undone] = group.adjustments.filter((row) => Math.abs(row.amountCents) === 43_210);
    expect([wrong?.amountCents, undone?.amountCents, undone?.reversesId]).toEqual([43_210, -43_210, wrong?.id]);
    expect([wrong?.date.slice(0, 7), undone?.date.slice(0, 7)]).toEqual(['2026-05', '2026-06']);
  });

  test(`story 1: one vendor sold lot ${RECALLED_LOT} to both inventories`, () => {
    const lots = [...group.supplies.lots, ...group.spa.lots].filter((lot) => lot.lotNumber === RECALLED_LOT);
    expect(lots).toHaveLength(2);
    expect(new Set(lots.map((lot) => lot.vendorId)).size).toBe(1);
    const ids = new Set(lots.map((lot) => lot.id));
    const byAppliance = new Set(group.supplies.usages.filter((row) => ids.has(row.lotId)).map((row) => row.patientId));
    const byTreatment = new Set(group.spa.movements.filter((row) => ids.has(row.lotId)).map((row) => row.patientId));
    const both = [...byAppliance].filter((id) => byTreatment.has(id));
    const expected = size === 'tiny' ? [5, 4, 2, 7] : [150, 94, 30, 214];
    expect([
      byAppliance.size,
      byTreatment.size,
      both.length,
      byAppliance.size + byTreatment.size - both.length,
    ]).toEqual(expected);
    expect(both).toContain(demoIds.patients.inBothInventories);
    expect(both).toContain(patientId('group', 2));
  });

  test('story 13: goals are missing in some months, one is zero, and one was changed when its month was over', () => {
    const doctors = new Set(group.goals.map((goal) => goal.providerId)).size;
    const months = new Set(group.goals.map((goal) => goal.month)).size;
    const missing = 1 - group.goals.length / (doctors * months);
    const late = group.goals.filter((goal) => goal.values.some(({ setAt }) => setAt.slice(0, 7) > goal.month));
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(0.25);
    expect(group.goals.filter((goal) => goal.values.at(-1)?.targetCents === 0)).toHaveLength(size === 'tiny' ? 0 : 1);
    expect(late.map((goal) => [goal.providerId, goal.month, goal.values.length])).toEqual([
      [demoIds.providers.doctor, '2026-05', 2],
    ]);
  });

  test('chairs are used for 60 to 80 % of the time for which they are staffed', () => {
    const rate = sum(group.chairs, (row) => row.usedMinutes) / sum(group.chairs, (row) => row.availableMinutes);
    expect(rate).toBeGreaterThan(0.6);
    expect(rate).toBeLessThan(0.8);
    expect(group.chairs.filter((row) => row.date >= ANCHOR || row.usedMinutes > row.availableMinutes)).toEqual([]);
    expect(group.chairs.some((row) => row.providerId === null)).toBe(true);
  });

  test('story 15: on a Sunday without production a correction is undone, so that net is above gross', () => {
    const undone = group.adjustments.filter((row) => row.amountCents === -12_345);
    expect(undone).toHaveLength(1);
    const date = undone[0]?.date as string;
    expect(weekdayOf(dayOf(date))).toBe(7);
    expect(group.entries.filter((entry) => entry.date === date)).toEqual([]);
    expect(group.adjustments.filter((row) => row.date === date)).toHaveLength(1);
  });

  test('some visits fall on another day in UTC than at their place', () => {
    const shifted = group.entries.filter((entry) => entry.occurredAt.slice(0, 10) !== entry.date);
    expect(shifted.length).toBeGreaterThanOrEqual(1);
    expect(shifted.some((entry) => entry.occurredAt.slice(0, 7) !== entry.date.slice(0, 7))).toBe(true);
  });

  if (size === 'demo') {
    test('has the volume of a group of nine places over 24 months', () => {
      const counts = [
        group.locations.length,
        group.providers.length,
        group.entries.length,
        group.adjustments.length,
        group.supplies.items.length,
        group.supplies.lots.length,
        group.supplies.usages.length,
        group.spa.products.length,
        group.spa.lots.length,
        group.spa.movements.length,
      ];
      expect(counts).toEqual([9, 20, 76_928, 7_264, 180, 1_430, 87_670, 95, 1_129, 59_476]);
      expect(new Set(group.entries.map((entry) => entry.date.slice(0, 7))).size).toBe(24);
    });

    test('orthodontists collect 96 to 98 hundredths of net after 90 days and less of what is younger; insurers and services pay for many', () => {
      const [payments, parts] = [group.payments, group.payments.flatMap((row) => row.parts)];
      const ofMany = payments.filter((row) => row.patientId === null);
      expect([payments.length, parts.length, ofMany.length]).toEqual([39_390, 88_718, 2_501]);
      expect(sum(clinics, (rows) => rows.payments.length)).toBe(43_900);
      expect(ofMany.every(({ method }) => method === 'INSURANCE' || method === 'BANK_TRANSFER')).toBe(true);
      const places = new Set(group.locations.filter(({ kind }) => kind === 'ORTHODONTIC').map(({ id }) => id));
      const share = (from: number, to: number) => {
        const isMeant = ({ date }: { date: string }) =>
          dayOf(ANCHOR) - dayOf(date) >= from && dayOf(ANCHOR) - dayOf(date) < to;
        const meant = group.entries.filter((row) => places.has(row.locationId) && isMeant(row));
        const ids = new Set(meant.map((row) => row.id));
        const lowering = group.adjustments.filter(
          ({ entryId, category }) => ids.has(entryId ?? '') && !NOT_OF_NET.includes(category),
        );
        const net = sum(meant, (row) => row.grossCents) - sum(lowering, (row) => row.amountCents);
        return (100 * sum(parts, ({ entryId, cents }) => (ids.has(entryId) ? cents : 0))) / net;
      };
      const [old, middle, young] = [share(91, 1_000), share(31, 91), share(0, 31)];
      expect([old > 96, old < 98, middle > 90, middle < old, young > 20, young < 50]).toEqual(Array(6).fill(true));
      // An insurer pays after 30 to 60 days.
      const seen = new Map(group.entries.map((entry) => [entry.id, dayOf(entry.date)]));
      const after = payments
        .filter(({ method }) => method === 'INSURANCE')
        .flatMap(({ date, parts: of }) => of.map(({ entryId }) => dayOf(date) - (seen.get(entryId) ?? NaN)));
      expect([Math.min(...after), Math.max(...after)]).toEqual([30, 60]);
    });

    test('orthodontists see 92 of a hundred patients from Monday to Thursday and earn 160 to 280 a chair hour', () => {
      const places = group.locations.filter((place) => place.kind === 'ORTHODONTIC');
      const isOrthodontic = (row: { locationId: string }) => places.some(({ id }) => id === row.locationId);
      const days = group.entries.filter(isOrthodontic).map((row) => weekdayOf(dayOf(row.date)));
      expect(Math.max(...days)).toBe(5);
      expect(days.filter((weekday) => weekday < 5).length / days.length).toBeCloseTo(0.92, 2);
      expect(new Set(group.chairs.map((row) => row.locationId + row.chairId)).size).toBe(34);
      for (const { id } of places) {
        const at = (row: { locationId: string }) => row.locationId === id;
        const hours = sum(group.chairs.filter(at), (row) => row.availableMinutes) / 60;
        const lowering = group.adjustments.filter(at).filter(({ category }) => !NOT_OF_NET.includes(category));
        const net = sum(group.entries.filter(at), (row) => row.grossCents) - sum(lowering, (row) => row.amountCents);
        expect(net / 100 / hours).toBeGreaterThan(160);
        expect(net / 100 / hours).toBeLessThan(290);
      }
    });

    test('claims are paid weeks after they were sent, never after the last day, and a quarter not as it was estimated', () => {
      const claims = group.adjustments.flatMap(({ category, claim }) =>
        category === 'INSURANCE_WRITEOFF' ? [claim] : [],
      );
      const paid = claims.filter((claim) => claim?.paymentDate != null);
      expect(claims.every((claim) => claim !== null && claim.procedureDate <= claim.claimDate)).toBe(true);
      expect(paid.every((claim) => (claim?.claimDate ?? '') < (claim?.paymentDate ?? ''))).toBe(true);
      expect(paid.every((claim) => (claim?.paymentDate ?? '') < ANCHOR)).toBe(true);
      expect(paid.filter((claim) => claim?.estimatedCents !== null).length / paid.length).toBeCloseTo(0.25, 1);
    });

    test('adjustments have the shares of production of a usual practice, and all eleven categories', () => {
      const gross = sum(group.entries, (row) => row.grossCents);
      const of = (category: string) => group.adjustments.filter((row) => row.category === category);
      const share = (category: string) => (100 * sum(of(category), (row) => row.amountCents)) / gross;
      const originals = of('ERROR_CORRECTION').filter((row) => row.reversesId === null);
      const volume = sum(originals, (row) => Math.abs(row.amountCents)) / gross;
      expect(share('COURTESY_DISCOUNT')).toBeCloseTo(1.3, 0);
      expect(share('PROFESSIONAL_DISCOUNT')).toBeCloseTo(0.3, 1);
      expect(share('FAMILY_DISCOUNT')).toBeCloseTo(0.6, 1);
      expect(share('PROMOTIONAL')).toBeCloseTo(0.7, 1);
      expect(share('BAD_DEBT')).toBeCloseTo(0.8, 1);
      expect(100 * volume).toBeCloseTo(0.2, 1);
      expect((of('ERROR_CORRECTION').length - originals.length) / originals.length).toBeCloseTo(0.7, 1);
      expect(of('RECOVERY').length / of('BAD_DEBT').length).toBeCloseTo(0.14, 1);
      expect(of('SMALL_BALANCE').every((row) => row.amountCents >= 50 && row.amountCents < 1_000)).toBe(true);
      expect(Math.abs(of('SMALL_BALANCE').length - 400)).toBeLessThan(30);
      expect(new Set(group.adjustments.map((row) => row.category)).size).toBe(11);
    });

    test('story 3: one provider grants courtesies at 2.6 times the rate of the others', () => {
      const rate = (isHis: boolean) => {
        const mine = (row: { providerId: string }) => (row.providerId === demoIds.providers.courtesyProvider) === isHis;
        const granted = group.adjustments.filter((row) => row.category === 'COURTESY_DISCOUNT' && mine(row));
        return sum(granted, (row) => row.amountCents) / sum(group.entries.filter(mine), (row) => row.grossCents);
      };
      expect(rate(true) / rate(false)).toBeGreaterThan(2.2);
      expect(rate(true) / rate(false)).toBeLessThan(3);
    });

    test('story 4: the place with the highest production has the highest share of supply cost', () => {
      const places = group.locations
        .filter((place) => place.kind === 'ORTHODONTIC')
        .map(({ id, name }) => {
          const gross = sum(
            group.entries.filter((row) => row.locationId === id),
            (row) => row.grossCents,
          );
          const uses = group.supplies.usages.filter((row) => row.locationId === id);
          return { name, gross, rate: sum(uses, (row) => costCents(row.quantityMilli, row.unitCostMicros)) / gross };
        });
      const most = (value: (place: (typeof places)[number]) => number) =>
        [...places].sort((a, b) => value(b) - value(a))[0];
      expect(most((place) => place.gross)?.name).toBe('Orchard Orthodontics');
      expect(most((place) => place.rate)?.name).toBe('Orchard Orthodontics');
    });
  }
});
