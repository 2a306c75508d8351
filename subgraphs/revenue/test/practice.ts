import {
  clinicIdText,
  Decimal,
  newId,
  recordIdText,
  systemViewer,
  transactFor,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { eventData, type AdjustmentPosted, type ProductionEntriesChanged } from '@practice-graph/practice';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { importDirectory, type DirectoryImport } from '../src';

export const SCOPES = [
  'finance:view_revenue',
  'finance:record_revenue',
  'directory:write',
  'patient:read',
  'appliance:read',
  'inventory:read',
];

/** A clinic of two places, two providers, some patients and cases; uuids and the ids that clients see. */
export interface Practice {
  readonly clinicId: string;
  readonly clinic: string;
  readonly locations: readonly [string, string];
  readonly providers: readonly [string, string];
  readonly patients: readonly string[];
  readonly plans: readonly string[];
  readonly owner: Viewer;
  /** Opaque id of a row of the clinic. */
  readonly id: (row: string) => string;
}

const WEEK = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const;

/** What is imported for a practice; the first place is in New York, the second in Lagos. */
export function directory(clinicId: string, patients = 20): DirectoryImport {
  const locations = ['America/New_York', 'Africa/Lagos'].map((timeZone, n) => ({
    id: newId(),
    externalId: null,
    name: `Place ${String(n + 1)}`,
    kind: 'ORTHODONTIC' as const,
    timeZone,
    chairCount: 6,
    workingWeekdays: [...WEEK],
    closedDates: ['2026-06-19', '2026-12-25'],
    active: true,
  }));
  const providers = ['DR-01', 'DR-02'].map((name) => ({
    id: newId(),
    externalId: null,
    name,
    role: 'orthodontist',
    active: true,
    isStub: false,
  }));
  const people = Array.from({ length: patients }, (_, n) => ({
    id: newId(),
    reference: `PT-${String(n + 1).padStart(6, '0')}`,
    patientType: 'INSURED' as const,
  }));
  const plans = people.map((patient, n) => ({
    id: newId(),
    externalId: null,
    patientId: patient.id,
    providerId: providers[n % 2]?.id ?? null,
    locationId: locations[n % 2]?.id ?? null,
    applianceSystem: 'METAL_BRACKETS',
    phase: 'COMPREHENSIVE' as const,
    status: 'PROPOSED' as const,
    startedOn: null,
    endedOn: null,
    isRestart: false,
    isTransferIn: false,
    contractFee: new Decimal('5650.00'),
    plannedMonths: null,
  }));
  return {
    clinic: {
      id: clinicId,
      externalId: null,
      name: 'Harbour Group',
      kind: 'ORTHODONTIC',
      currency: 'USD',
      timeZone: 'America/New_York',
      fiscalYearStartMonth: 1,
      capabilities: ['PRODUCTION', 'REVENUE_POINTS', 'ADJUSTMENTS', 'APPLIANCE_SUPPLY', 'SPA_INVENTORY'],
    },
    locations,
    providers,
    patients: people,
    treatmentPlans: plans,
  };
}

/** Runs a use case as the service itself, for one clinic. */
export const asService = <T>(graph: TestSubgraph, clinicId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transactFor(graph.running.database, systemViewer(clinicId, 'import'), [clinicId], work);

/** Imports a new practice. */
export async function aPractice(graph: TestSubgraph, patients = 20): Promise<Practice> {
  const clinicId = newId();
  const of = directory(clinicId, patients);
  await asService(graph, clinicId, (tx) => importDirectory(tx, of));
  return {
    clinicId,
    clinic: clinicIdText(clinicId),
    locations: of.locations.map((l) => l.id) as [string, string],
    providers: of.providers.map((p) => p.id) as [string, string],
    patients: of.patients.map((p) => p.id),
    plans: of.treatmentPlans.map((p) => p.id),
    owner: viewer({ clinicIds: [clinicId], scopes: SCOPES }),
    id: (row) => recordIdText(clinicId, row),
  };
}

let keys = 0;
/** A key that no other call of the run has. */
export const aKey = (): string => `key-${String(process.pid)}-${String(++keys)}`;

/** Input of an entry: a visit of the first patient with the first provider on the anchor day; a test names what matters. */
export const anEntry = (of: Practice, changed: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: aKey(),
  clinicId: of.clinic,
  locationId: of.id(of.locations[0]),
  providerId: of.id(of.providers[0]),
  patientId: of.id(of.patients[0] ?? ''),
  occurredAt: '2026-06-30T15:00:00Z',
  procedureCode: 'D8670',
  category: 'ADJUSTMENT',
  description: 'Visit',
  gross: '100.00',
  ...changed,
});

export const RECORD = `mutation ($input: ProductionEntryRecordInput!) { productionEntryRecord(input: $input) {
  productionEntry { id productionDate gross adjustments net insurancePortion patientPortion collected outstanding status version isReversal hasUnresolvedReference originalProductionDate }
  userErrors { code message path } } }`;

export const REVERSE = `mutation ($id: ID!, $input: ProductionEntryReverseInput!) { productionEntryReverse(id: $id, input: $input) {
  productionEntry { id productionDate originalProductionDate gross net status isReversal reverses { id status reversedBy { id } } }
  userErrors { code message path } } }`;

export interface Recorded {
  readonly productionEntry: any;
  readonly userErrors: readonly { code: string; message: string; path: readonly string[] | null }[];
}

export const record = async (
  graph: TestSubgraph,
  of: Practice,
  changed: Record<string, unknown> = {},
  as: Viewer = of.owner,
): Promise<Recorded> =>
  (await graph.get(as, RECORD, { input: anEntry(of, changed) })).productionEntryRecord as Recorded;

export const reverse = async (
  graph: TestSubgraph,
  of: Practice,
  id: string,
  changed: Record<string, unknown> = {},
  as: Viewer = of.owner,
): Promise<Recorded> =>
  (await graph.get(as, REVERSE, { id, input: { idempotencyKey: aKey(), reason: 'Entered twice', ...changed } }))
    .productionEntryReverse as Recorded;

/** Production of the clinic in a range of days. */
export const production = async (
  graph: TestSubgraph,
  of: Practice,
  range: { from: string; to: string },
  as: Viewer = of.owner,
): Promise<any> =>
  (
    await graph.get(
      as,
      `query ($id: ID!, $range: DateRangeInput!) { clinic(id: $id) { production(period: { range: $range }) {
        currency gross adjustments net collected outstanding insurancePortion patientPortion entryCount visitCount starts startNet debonds debondNet
        perStart { numerator denominator value status } startNetPerStart { value status } } } }`,
      { id: of.clinic, range },
    )
  ).clinic.production;

/** How many rows each table of the clinic has: equal before and after means that nothing was written. */
export async function rowCounts(graph: TestSubgraph, clinicId: string): Promise<Record<string, number>> {
  const tables = [
    'production_entry',
    'production_slice',
    'production_split',
    'production_adjustment',
    'day_sheet',
    'payment',
    'payment_collection',
    'visit',
    'provider_visit',
    'case_milestone',
    'provider',
    'location',
    'patient',
    'treatment_plan',
    'idempotency',
  ];
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await graph.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE clinic_id = $1`, [
      clinicId,
    ]);
    counts[table] = row?.n ?? 0;
  }
  return counts;
}

/** Closes (or reopens) the day sheets of a month, as somebody who may. */
export async function stepDaySheets(
  graph: TestSubgraph,
  of: Practice,
  month: string,
  name: 'Close' | 'Reopen',
): Promise<number> {
  const boss = { ...of.owner, scopes: [...of.owner.scopes, 'finance:close_periods'] };
  const status = name === 'Close' ? 'OPEN' : 'CLOSED';
  const { daySheets } = await graph.get(
    boss,
    `query ($id: ID!) { daySheets(clinicId: $id, period: { month: "${month}" }, statuses: [${status}], first: 200) { nodes { id } } }`,
    { id: of.clinic },
  );
  for (const { id } of daySheets.nodes as { id: string }[])
    await graph.get(
      boss,
      `mutation ($id: ID!, $input: WorkflowStepInput!) { daySheet${name}(id: $id, input: $input) { userErrors { code } } }`,
      { id, input: { idempotencyKey: aKey(), reason: 'month' } },
    );
  return (daySheets.nodes as unknown[]).length;
}

/** Differences that the verifiers find in a clinic. */
export const differences = async (graph: TestSubgraph, clinicId: string): Promise<string[]> => {
  const found = await asService(graph, clinicId, async (tx) =>
    (await Promise.all(graph.running.definition.verifiers.map((verify) => verify(tx, clinicId)))).flat(),
  );
  return found.flatMap((comparison) => comparison.differences.map((line) => `${comparison.what}: ${line}`));
};

/** What the ledger of adjustments heard of the entries of a clinic last, as it would keep it, and what the entries are. */
export async function toldBalances(graph: TestSubgraph, clinicId: string) {
  const kept = new Map<string, ProductionEntriesChanged['entries'][number]>();
  for (const { event } of await graph.events()) {
    if (event.type !== 'production_entry.changed' || event.clinicId !== clinicId) continue;
    for (const entry of eventData('production_entry.changed', event).entries)
      if ((kept.get(entry.id)?.version ?? 0) < entry.version) kept.set(entry.id, entry);
  }
  const entries = await graph.sql<{ id: string; balance: string }>(
    `SELECT id, concat_ws(' ', patient_id, gross, collected,
       CASE WHEN status IN ('REVERSED', 'VOIDED') OR reverses_id IS NOT NULL THEN 'gone' ELSE 'stands' END) AS balance
     FROM production_entry WHERE clinic_id = $1 ORDER BY id`,
    [clinicId],
  );
  const told = [...kept.values()].map(({ id, patientId, gross, collected, stands }) => ({
    id,
    balance: [patientId, gross.toFixed(2), collected.toFixed(2), stands ? 'stands' : 'gone'].join(' '),
  }));
  return { told: told.sort((a, b) => (a.id < b.id ? -1 : 1)), entries };
}

/** A courtesy of 10.00 for the first patient at the first place in the middle of June; a test names what matters. */
export const anAdjustment = (of: Practice, changed: Partial<AdjustmentPosted> = {}): AdjustmentPosted => ({
  id: newId(),
  category: 'COURTESY_DISCOUNT',
  amount: new Decimal('10.00'),
  affectsNetProduction: true,
  adjustmentDate: '2026-06-15',
  originalDate: null,
  locationId: of.locations[0],
  providerId: of.providers[0],
  patientId: of.patients[0] ?? null,
  treatmentPlanId: null,
  productionEntryId: null,
  invoiceId: null,
  reversesId: null,
  version: 1,
  ...changed,
});
