/** The reports of adjustments over a growing ledger. */
import {
  importAdjustments,
  importCampaigns,
  STANDARD_REASONS,
  type ImportedAdjustment,
} from '@practice-graph/adjustments';
import { definitions } from '@practice-graph/app';
import { applyOnce, Decimal, eventOf, newId, systemViewer, transact, type Database } from '@practice-graph/kit';
import { CAPABILITIES, factOf } from '@practice-graph/practice';
import { CLOCK } from './ground';
import type { Ledger } from './growth';
import type { Report } from './report-reading';
import { FIRST_DAY, YEAR_BETWEEN, YEAR_RANGE } from './year';

const PAYERS = ['Payer A', 'Payer B', 'Payer C', 'Payer D', null] as const;

const COUNTS = `clinic_id = $1 AND adjustment_date ${YEAR_BETWEEN} AND approval_status IN ('APPROVED', 'AUTO_APPROVED')`;

const breakdownOf = (args: string, groupBy: string): Report => ({
  query: `query ($id: ID!) { adjustmentReport(clinicId: $id, period: ${YEAR_RANGE}) { breakdown(${args}) { key label amount entryCount } } }`,
  sums: `SELECT sum(amount)::text AS amount, count(*)::int AS entries FROM adjustment_entry WHERE ${COUNTS} GROUP BY ${groupBy}`,
  amounts: (data) =>
    (data['adjustmentReport'] as { breakdown: readonly { amount: string }[] }).breakdown.map(({ amount }) => amount),
});

const REPORTS: Readonly<Record<string, Report>> = {
  'adjustments of the clinic': {
    query: `query ($id: ID!) { adjustmentReport(clinicId: $id, period: ${YEAR_RANGE}) { measures { totalWriteOffs totalDiscounts totalAdjustments badDebtRecoveries netBadDebt } } }`,
    sums: `SELECT sum(amount)::text AS amount FROM adjustment_entry WHERE ${COUNTS} AND category <> 'RECOVERY'`,
    amounts: (data) => [
      (data['adjustmentReport'] as { measures: { totalAdjustments: string } }).measures.totalAdjustments,
    ],
  },
  'by category': breakdownOf('by: [CATEGORY]', 'category'),
  'by category and reason': breakdownOf('by: [CATEGORY, REASON_CODE]', 'category, reason_code'),
  'by provider and month': breakdownOf(
    'by: [PROVIDER], granularity: MONTH',
    "provider_id, date_trunc('month', adjustment_date)",
  ),
  'by location and provider': breakdownOf('by: [LOCATION, PROVIDER]', 'location_id, provider_id'),
  'by payer': breakdownOf('by: [PAYER]', 'payer'),
  'by campaign and month': breakdownOf(
    'by: [CAMPAIGN], granularity: MONTH',
    "campaign_id, date_trunc('month', adjustment_date)",
  ),
  'by reason and location': breakdownOf('by: [REASON_CODE, LOCATION]', 'reason_code, location_id'),
  'by payer and provider': breakdownOf('by: [PAYER, PROVIDER]', 'payer, provider_id'),
  'by reason and payer': breakdownOf('by: [REASON_CODE, PAYER]', 'reason_code, payer'),
};

interface Clinic {
  readonly id: string;
  readonly locations: readonly string[];
  readonly providers: readonly string[];
  readonly patients: readonly string[];
  readonly campaignId: string;
}

const many = (count: number): string[] => Array.from({ length: count }, newId);

/** A clinic with its places and providers, by the events that tell of them, and a campaign. */
async function openClinic(database: Database, name: string): Promise<Clinic> {
  const clinic = { id: newId(), locations: many(5), providers: many(20), patients: many(20_000), campaignId: newId() };
  const place = { kind: 'ORTHODONTIC', timeZone: 'America/New_York' } as const;
  const facts = [
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
  const definition = definitions.find((each) => each.name === 'adjustments');
  await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, async (tx) => {
    for (const fact of facts) {
      const apply = definition?.handlers[fact.type];
      if (apply) await applyOnce(tx, eventOf(clinic.id, fact, new Date(CLOCK)), apply);
    }
    await importCampaigns(tx, clinic.id, [
      {
        ...{ id: clinic.campaignId, code: 'YEAR', name: 'All year', startsOn: FIRST_DAY, endsOn: '2026-06-30' },
        budget: new Decimal(1_000_000),
      },
    ]);
  });
  return clinic;
}

/** The entry of a number: the same number always gives the same place, provider, patient, reason and amount. */
function entryOf(clinic: Clinic, n: number, at: Date): ImportedAdjustment {
  // Knuth's multiplicative hash spreads neighbouring numbers over all members.
  const spread = Math.imul(n + 1, 2_654_435_761) >>> 0;
  const pick = <T>(list: readonly T[], divisor: number): T => list[Math.floor(spread / divisor) % list.length] as T;
  const { category, code } = pick(STANDARD_REASONS, 1_009);
  return {
    ...{
      clinicId: clinic.id,
      id: newId(),
      locationId: pick(clinic.locations, 7),
      providerId: pick(clinic.providers, 53),
    },
    ...{ patientId: pick(clinic.patients, 11), category, reasonCode: code, description: null, decision: null },
    adjustmentDate: at.toISOString().slice(0, 10),
    amount: new Decimal(100 + (spread % 24_000)).div(100),
    ...(category === 'INSURANCE_WRITEOFF' && { payer: pick(PAYERS, 101), expectedAmount: new Decimal(100) }),
    ...(category === 'PROMOTIONAL' && { campaignId: clinic.campaignId }),
    ...{ createdAt: at, createdBy: 'bench' },
  };
}

export const adjustmentLedger: Ledger<Clinic> = {
  subgraph: 'adjustments',
  entries: 'adjustment_entry',
  title: 'Adjustments',
  about:
    'Eleven categories, 25 reasons, five payers or none, one campaign. Reasons, payers, campaigns and states stand together in slices, over all and by location, provider and both.',
  open: openClinic,
  fill: async (database, clinic, entries) => {
    await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, (tx) =>
      importAdjustments(
        tx,
        entries.map(({ n, at }) => entryOf(clinic, n, at)),
      ),
    );
  },
  reports: REPORTS,
};
