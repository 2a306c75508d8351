import { clinicIdText, fixedClock, recordIdText, transact, systemViewer, type GraphEvent } from '@practice-graph/kit';
import { TEST_NOW, testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, aLocation, aProvider, tellDirectory } from '@practice-graph/practice/testing';
import { adjustments, importAdjustments, type ImportedAdjustment } from '..';
import { Decimal } from 'decimal.js';

const uuid = (tail: string) => `00000000-0000-7000-8000-${tail.padStart(12, '0')}`;

/** A clinic with two locations and two providers, known by events, and another one that nobody here may reach. */
export const CLINIC = uuid('c1');
export const OTHER_CLINIC = uuid('c2');
export const NORTH = uuid('a1');
export const SOUTH = uuid('a2');
export const DR_LEE = uuid('b1');
export const DR_RAY = uuid('b2');
export const PATIENT = uuid('d1');
export const CASE = uuid('e1');
export const ENTRY = uuid('f1');

export const patient = (n: number): string => uuid(`d${String(n).padStart(4, '0')}`);
export const idOf = (id: string, clinicId = CLINIC): string => recordIdText(clinicId, id);
export const clinicId = clinicIdText(CLINIC);

export const SCOPES = [
  'finance:view_reports',
  'finance:view_revenue',
  'finance:manage_adjustments',
  'finance:manage_policy',
  'patient:read',
];

export const accountant = viewer({ clinicIds: [CLINIC], scopes: SCOPES, subject: 'accountant' });
export const outsider = viewer({ clinicIds: [OTHER_CLINIC], scopes: SCOPES, subject: 'outsider' });

/** The subgraph with both clinics told to it. South lies three hours behind North. */
export async function openLedger(now = TEST_NOW): Promise<TestSubgraph> {
  const graph = await testSubgraph(adjustments, { clock: fixedClock(now) });
  await tellDirectory(graph, CLINIC, {
    clinic: aClinic(),
    locations: [aLocation({ id: NORTH }), aLocation({ id: SOUTH, timeZone: 'America/Los_Angeles' })],
    providers: [aProvider({ id: DR_LEE }), aProvider({ id: DR_RAY })],
  });
  await tellDirectory(graph, OTHER_CLINIC, { clinic: aClinic({ name: 'Elsewhere' }) });
  return graph;
}

let keys = 0;
export const key = (): string => `key-${String(++keys)}`;

/** Input of a courtesy discount of 20.00 today; a test names only what matters to it. */
export const anAdjustment = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: key(),
  clinicId,
  locationId: idOf(NORTH),
  providerId: idOf(DR_LEE),
  patientId: idOf(PATIENT),
  adjustmentDate: '2026-06-30',
  category: 'COURTESY_DISCOUNT',
  reasonCode: 'CRT-PREPAID',
  amount: '20.00',
  ...of,
});

export const RECORD = `mutation ($input: AdjustmentRecordInput!) {
  adjustmentRecord(input: $input) {
    adjustment {
      id category group amount currency adjustmentDate affectsNetProduction approvalStatus requiresApproval approvalReasons
      isReversal version createdBy reasonCode { code label version } possibleDuplicateOf { id } location { id }
      provider { id } patient { id } treatmentPlan { id } productionEntry { id } clinic { id }
    }
    userErrors { code message path }
  } }`;

export const REVERSE = `mutation ($id: ID!, $input: WorkflowStepInput!) {
  adjustmentReverse(id: $id, input: $input) {
    adjustment {
      id amount category adjustmentDate isReversal approvalStatus description reverses { id version reversedBy { id } }
      affectsNetProduction patient { id } provider { id } location { id }
    }
    userErrors { code path }
  } }`;

let rows = 0;
const REASON = {
  INSURANCE_WRITEOFF: 'INS-CONTRACT',
  COURTESY_DISCOUNT: 'CRT-PREPAID',
  PROFESSIONAL_DISCOUNT: 'PRO-COLLEAGUE',
  FAMILY_DISCOUNT: 'FAM-SIBLING',
  BAD_DEBT: 'BAD-AGENCY',
  SMALL_BALANCE: 'SML-RESIDUE',
  PROMOTIONAL: 'PRM-CAMPAIGN',
  TIMING_ADJUSTMENT: 'TIM-PERIOD',
  ERROR_CORRECTION: 'ERR-FEE',
  RECOVERY: 'REC-PATIENT',
  OTHER: 'OTH-EXPLAINED',
} as const;

/** A row of another system; approved by a supervisor when it is large. */
export const anImport = (
  of: Omit<Partial<ImportedAdjustment>, 'amount'> & { amount: string; category: ImportedAdjustment['category'] },
): ImportedAdjustment => ({
  clinicId: CLINIC,
  id: uuid(`9${String(++rows).padStart(6, '0')}`),
  patientId: PATIENT,
  adjustmentDate: '2026-06-15',
  reasonCode: REASON[of.category],
  decision: new Decimal(of.amount).abs().gte(250) ? { by: 'supervisor', at: new Date('2026-06-15T15:00:00Z') } : null,
  createdAt: new Date('2026-06-15T14:00:00Z'),
  createdBy: 'importer',
  ...of,
  amount: new Decimal(of.amount),
});

export const take = (graph: TestSubgraph, entries: readonly ImportedAdjustment[]): Promise<GraphEvent[]> =>
  transact(
    graph.running.database,
    systemViewer(entries[0]?.clinicId ?? CLINIC, 'loader'),
    entries[0]?.clinicId ?? CLINIC,
    (tx) => importAdjustments(tx, entries),
  );
