/** The reports of appliance supplies and their cost over growing books. */
import { definitions } from '@practice-graph/app';
import { importItems, importLots, importUsages, type ImportedUsage } from '@practice-graph/appliance-supply';
import { applyOnce, Decimal, eventOf, newId, systemViewer, transact, type Database } from '@practice-graph/kit';
import { CAPABILITIES, factOf } from '@practice-graph/practice';
import { CLOCK } from './ground';
import type { Ledger } from './growth';
import type { Report } from './report-reading';
import { FIRST_DAY, YEAR_BETWEEN, YEAR_DAYS, YEAR_RANGE } from './year';

const CATEGORIES = ['BRACKET', 'ARCHWIRE', 'ADHESIVE', 'ELASTIC', 'RETAINER', 'LIGATURE', 'BAND', 'OTHER'] as const;
const TYPES = ['BRACKETS', 'ELASTICS', 'RETAINER_FIXED', 'ALIGNERS', 'OTHER'] as const;
const SYSTEMS = ['METAL_BRACKETS', 'CERAMIC_BRACKETS', 'SELF_LIGATING', 'ALIGNERS', null] as const;
const ITEMS = 40;
/** More than any clinic of a measurement uses. */
const PLENTY = new Decimal(50_000_000);

const USED = `clinic_id = $1 AND used_on ${YEAR_BETWEEN}`;

const breakdownOf = (args: string, groupBy: string): Report => ({
  query: `query ($id: ID!) { supplyReport(clinicId: $id, period: ${YEAR_RANGE}) { breakdown(${args}) { key label measures { cost usageCount } } } }`,
  sums: `SELECT sum(total_cost)::text AS amount, count(*)::int AS uses FROM appliance_usage WHERE ${USED} GROUP BY ${groupBy}`,
  amounts: (data) =>
    (data['supplyReport'] as { breakdown: readonly { measures: { cost: string } }[] }).breakdown.map(
      ({ measures }) => measures.cost,
    ),
});

const REPORTS: Readonly<Record<string, Report>> = {
  'cost per case of the clinic': {
    query: `query ($id: ID!) { _entities(representations: [{ __typename: "PerformanceRow", clinicId: $id, ${YEAR_DAYS} }]) {
      ... on PerformanceRow { supplies { cost caseCount costPerCase { value } } } } }`,
    sums: `SELECT sum(total_cost)::text AS amount, count(DISTINCT treatment_plan_id)::int AS cases FROM appliance_usage WHERE ${USED}`,
    amounts: (data) => (data['_entities'] as { supplies: { cost: string } }[]).map(({ supplies }) => supplies.cost),
  },
  'use by category': breakdownOf('by: [CATEGORY]', 'category'),
  'use by item and month': breakdownOf('by: [ITEM], granularity: MONTH', "item_id, date_trunc('month', used_on)"),
  'use by kind of appliance': breakdownOf('by: [APPLIANCE_TYPE]', 'appliance_type'),
  'use by bracket system and month': breakdownOf(
    'by: [APPLIANCE_SYSTEM], granularity: MONTH',
    "appliance_system, date_trunc('month', used_on)",
  ),
  'use by provider and month': breakdownOf(
    'by: [PROVIDER], granularity: MONTH',
    "provider_id, date_trunc('month', used_on)",
  ),
  'use by location and provider': breakdownOf('by: [LOCATION, PROVIDER]', 'location_id, provider_id'),
  'use by item and location': breakdownOf('by: [ITEM, LOCATION]', 'item_id, location_id'),
};

interface Stocked {
  readonly itemId: string;
  readonly lotIds: readonly string[];
}

interface Clinic {
  readonly id: string;
  readonly locations: readonly string[];
  readonly providers: readonly string[];
  readonly patients: readonly string[];
  readonly plans: readonly string[];
  readonly items: readonly Stocked[];
}

const many = (count: number): string[] => Array.from({ length: count }, newId);

function factsOf(clinic: Clinic, name: string) {
  const place = { kind: 'ORTHODONTIC', timeZone: 'America/New_York' } as const;
  return [
    factOf('clinic.saved', clinic.id, {
      ...{ ...place, name, currency: 'USD', fiscalYearStartMonth: 1, capabilities: [...CAPABILITIES], version: 1 },
    }),
    ...clinic.locations.map((id, at) =>
      factOf('location.saved', id, {
        ...{ ...place, id, name: `${name} ${String(at + 1)}`, chairCount: 8, active: true, version: 1 },
        ...{ workingWeekdays: [], closedDates: [] },
      }),
    ),
    ...clinic.providers.map((id, at) =>
      factOf('provider.saved', id, {
        ...{ id, name: `DR-${String(at + 1)}`, role: 'orthodontist', active: true, isStub: false, version: 1 },
      }),
    ),
  ];
}

/** A clinic with its places and providers, by the events that tell of them, and shelves that never run empty. */
async function openClinic(database: Database, name: string): Promise<Clinic> {
  const clinic: Clinic = {
    ...{ id: newId(), locations: many(5), providers: many(20), patients: many(20_000), plans: many(20_000) },
    items: many(ITEMS).map((itemId) => ({ itemId, lotIds: many(2) })),
  };
  const definition = definitions.find((each) => each.name === 'appliance-supply');
  await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, async (tx) => {
    for (const fact of factsOf(clinic, name)) {
      const apply = definition?.handlers[fact.type];
      if (apply) await applyOnce(tx, eventOf(clinic.id, fact, new Date(CLOCK)), apply);
    }
    await importItems(
      tx,
      clinic.id,
      clinic.items.map(({ itemId }, at) => ({
        ...{ id: itemId, sku: `SUP-${String(at + 1)}`, name: `Item ${String(at + 1)}`, unit: 'piece' },
        ...{ category: CATEGORIES[at % CATEGORIES.length] ?? 'OTHER', wholeUnitsOnly: true, lotTracked: true },
        ...{ reorderPoint: new Decimal(10), maxLevel: new Decimal(100) },
      })),
    );
    await importLots(
      tx,
      clinic.id,
      clinic.items.flatMap(({ itemId, lotIds }, item) =>
        lotIds.flatMap((lotId, lot) =>
          clinic.locations.map((locationId) => ({
            ...{ lotId, itemId, locationId, lotNumber: `L-${String(item)}-${String(lot)}`, receivedOn: FIRST_DAY },
            quantity: PLENTY,
            totalCost: PLENTY.times(100 + 37 * item + lot).div(100),
          })),
        ),
      ),
    );
  });
  return clinic;
}

/** The use of a number: the same number always gives the same place, provider, case, goods and quantity. */
function useOf(clinic: Clinic, n: number, at: Date): ImportedUsage {
  // Knuth's multiplicative hash spreads neighbouring numbers over all members.
  const spread = Math.imul(n + 1, 2_654_435_761) >>> 0;
  const pick = <T>(list: readonly T[], divisor: number): T => list[Math.floor(spread / divisor) % list.length] as T;
  const { itemId, lotIds } = pick(clinic.items, 1_009);
  return {
    ...{ locationId: pick(clinic.locations, 7), providerId: pick(clinic.providers, 53), applianceId: null },
    ...{ patientId: pick(clinic.patients, 11), treatmentPlanId: pick(clinic.plans, 11), itemId },
    ...{ applianceType: pick(TYPES, 101), applianceSystem: pick(SYSTEMS, 503), lotId: pick(lotIds, 211) },
    ...{ usedOn: at.toISOString().slice(0, 10), quantity: new Decimal(1 + (spread % 20)), isRework: spread % 33 === 0 },
  };
}

export const supplyLedger: Ledger<Clinic> = {
  subgraph: 'appliance-supply',
  entries: 'appliance_usage',
  title: 'Supplies',
  about:
    'Forty items of eight categories with two lots each, five places, twenty providers, 20,000 patients with a case each. Cost per case counts distinct cases, which no sum holds: it grows with the days on which cases were seen. Item and location together have no slices and are read from the books.',
  open: openClinic,
  fill: async (database, clinic, entries) => {
    await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, (tx) =>
      importUsages(
        tx,
        clinic.id,
        entries.map(({ n, at }) => useOf(clinic, n, at)),
      ),
    );
  },
  reports: REPORTS,
};
