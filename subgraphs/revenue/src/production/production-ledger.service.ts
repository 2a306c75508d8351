import { prepared, stableId, type Decimal, type Tx } from '@practice-graph/kit';
import { requireOpenMonths, type Day } from '@practice-graph/practice';
import { requireOpenSheets } from '../day-sheets/day-sheet-gate.service';
import type { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import { milestoneOf, type MilestoneKind } from './production-entry.rules';
import { sliceUpsert } from './production-slice.service';
import type { ProductionCategory } from './production.types';

/** A row of the production ledger that is about to be written. */
export interface LedgerRow {
  readonly id: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly appointmentId: string | null;
  readonly procedureId: string | null;
  readonly productionDate: Day;
  readonly occurredAt: Date;
  readonly originalProductionDate: Day | null;
  readonly procedureCode: string;
  readonly category: ProductionCategory;
  /** Kind of treatment; null takes that of the case. */
  readonly phase: TreatmentPhase | null;
  /** Appliance system; null takes that of the case. */
  readonly applianceSystem: string | null;
  readonly description: string;
  readonly gross: Decimal;
  readonly insurance: Decimal;
  readonly reversal: Reversal | null;
  /** True for what is brought in from an older system. */
  readonly isImported: boolean;
}

/** What a reversing row takes back beside the amounts. */
export interface Reversal {
  readonly reversesId: string;
  /** Counts of the original, which the reversal takes back. */
  readonly startCount: number;
  readonly debondCount: number;
}

/** A row written that reached a milestone of its case. */
export interface ReachedRow {
  readonly id: string;
  readonly reached: MilestoneKind;
}

// One statement for ledger, milestones, presence and slices: the rows of a batch are locked in one order, so that two
// batches never wait for each other (the slices last, ordered by their key). A milestone is claimed by one entry only;
// restarts and transfers in claim it without counting. The change of a visit count is what this batch made of a
// patient's day: from absent to present or back.
const CLAIM = `claim AS (
  INSERT INTO case_milestone AS m (clinic_id, kind, case_id, entry_id)
  SELECT DISTINCT ON (milestone, case_id) clinic_id, milestone, case_id, id FROM input WHERE milestone IS NOT NULL
  ORDER BY milestone, case_id, production_date, id
  ON CONFLICT (clinic_id, kind, case_id) DO UPDATE SET entry_id = excluded.entry_id WHERE m.entry_id IS NULL
  RETURNING kind, entry_id
)`;

const START_WEIGHT = 'CASE WHEN p.is_restart OR p.is_transfer_in THEN 0 ELSE 1 END AS start_weight';

const COUNTED = `e.clinic_id, e.id, e.location_id, e.provider_id, e.patient_id, e.production_date AS day, e.category,
    e.procedure_code, e.phase, e.appliance_system, e.gross, e.insurance_expected, e.sign, e.start_count, e.debond_count`;

/** What follows from rows `e` that count from now on: presence and slices. */
const COUNTING = `place AS (
  SELECT clinic_id, day, location_id, patient_id, sum(sign)::int AS change FROM e GROUP BY 1, 2, 3, 4
), seen AS (
  INSERT INTO visit AS v (clinic_id, day, location_id, patient_id, entries)
  SELECT clinic_id, day, location_id, patient_id, change FROM place ORDER BY 1, 2, 3, 4
  ON CONFLICT (clinic_id, day, location_id, patient_id) DO UPDATE SET entries = v.entries + excluded.entries
  RETURNING clinic_id, day, location_id, patient_id, entries
), treated AS (
  SELECT clinic_id, day, location_id, provider_id, patient_id, sum(sign)::int AS change FROM e GROUP BY 1, 2, 3, 4, 5
), seen_by AS (
  INSERT INTO provider_visit AS v (clinic_id, day, location_id, provider_id, patient_id, entries)
  SELECT clinic_id, day, location_id, provider_id, patient_id, change FROM treated ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (clinic_id, day, location_id, provider_id, patient_id) DO UPDATE SET entries = v.entries + excluded.entries
  RETURNING clinic_id, day, location_id, provider_id, patient_id, entries
), fact AS (
  SELECT clinic_id, day, location_id, provider_id, category, procedure_code, phase, appliance_system,
    gross, 0::numeric AS adjustments, 0::numeric AS collected, insurance_expected AS insurance,
    sign::int AS entry_count, start_count::int AS start_count, debond_count::int AS debond_count,
    CASE category WHEN 'TREATMENT_START' THEN gross ELSE 0 END AS start_net,
    CASE category WHEN 'DEBOND' THEN gross ELSE 0 END AS debond_net, 0 AS place_visits, 0 AS provider_visits, true AS is_fact
  FROM e
  UNION ALL
  SELECT clinic_id, day, location_id, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    (entries > 0)::int - (entries - change > 0)::int, 0, false
  FROM seen JOIN place USING (clinic_id, day, location_id, patient_id)
  UNION ALL
  SELECT clinic_id, day, location_id, provider_id, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, (entries > 0)::int - (entries - change > 0)::int, false
  FROM seen_by JOIN treated USING (clinic_id, day, location_id, provider_id, patient_id)
), ${sliceUpsert('fact')}`;

const REACHED = 'SELECT e.id, claim.kind AS reached FROM claim JOIN e ON e.id = claim.entry_id';

const INPUT = `input AS (
  SELECT $1::uuid AS clinic_id, i.*, ${START_WEIGHT}, p.phase AS case_phase, p.appliance_system AS case_system
  FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::date[], $10::timestamptz[],
              $11::date[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::numeric[], $18::numeric[],
              $19::uuid[], $20::smallint[], $21::smallint[], $22::text[], $23::uuid[], $26::boolean[])
       AS i (id, location_id, provider_id, patient_id, treatment_plan_id, appointment_id, procedure_id, production_date, occurred_at,
             original_production_date, procedure_code, category, phase, appliance_system, description, gross, insurance,
             reverses_id, start_count, debond_count, milestone, case_id, is_imported)
  LEFT JOIN treatment_plan p ON p.clinic_id = $1::uuid AND p.id = i.treatment_plan_id
)`;

const inserting = (status: string, starts: string, debonds: string, from: string) => `
  INSERT INTO production_entry AS e (clinic_id, id, location_id, provider_id, patient_id, treatment_plan_id, appointment_id, procedure_id,
    production_date, occurred_at, original_production_date, procedure_code, category, phase, appliance_system, description,
    gross, insurance_expected, sign, start_count, debond_count, reverses_id, created_at, created_by,
    status, adjustments, insurance_written_off, insurance_portion, collected, version, updated_at, is_imported)
  SELECT i.clinic_id, i.id, i.location_id, i.provider_id, i.patient_id, i.treatment_plan_id, i.appointment_id, i.procedure_id,
    i.production_date, i.occurred_at, i.original_production_date, i.procedure_code, i.category,
    coalesce(i.phase, i.case_phase), coalesce(i.appliance_system, i.case_system), i.description,
    i.gross, i.insurance, CASE WHEN i.reverses_id IS NULL THEN 1 ELSE -1 END, ${starts}, ${debonds},
    i.reverses_id, $24, $25, '${status}', 0, 0, i.insurance, 0, 1, $24, i.is_imported
  FROM ${from}`;

const RECORD = `WITH ${INPUT}, ${CLAIM}, e AS (${inserting(
  'POSTED',
  "CASE WHEN c.kind = 'START' THEN i.start_weight ELSE i.start_count END",
  "CASE WHEN c.kind = 'DEBOND' THEN 1 ELSE i.debond_count END",
  'input i LEFT JOIN claim c ON c.entry_id = i.id',
)}
  RETURNING ${COUNTED}
), ${COUNTING} ${REACHED}`;

// The same for rows of which none may reach a milestone, as most: every part that a statement does not have is one that
// need not be set up.
const RECORD_PLAIN = `WITH ${INPUT}, e AS (${inserting('POSTED', 'i.start_count', 'i.debond_count', 'input i')}
  RETURNING ${COUNTED}
), ${COUNTING} SELECT e.id, NULL::text AS reached FROM e LIMIT 0`;

const KEEP = `WITH ${INPUT} ${inserting('PENDING', '0', '0', 'input i')}`;

// The entry keeps what it was recorded with; only that it counts, and what it makes of its case, is new.
const POST = `WITH input AS (
  SELECT w.clinic_id, w.id, w.production_date, k.milestone, k.case_id, ${START_WEIGHT}
  FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS k (id, milestone, case_id)
  JOIN production_entry w ON w.clinic_id = $1::uuid AND w.id = k.id
  LEFT JOIN treatment_plan p ON p.clinic_id = $1::uuid AND p.id = w.treatment_plan_id
), ${CLAIM}, e AS (
  UPDATE production_entry e SET status = 'POSTED', version = e.version + 1, updated_at = $5,
    start_count = CASE WHEN c.kind = 'START' THEN i.start_weight ELSE 0 END, debond_count = CASE WHEN c.kind = 'DEBOND' THEN 1 ELSE 0 END
  FROM input i LEFT JOIN claim c ON c.entry_id = i.id WHERE e.clinic_id = i.clinic_id AND e.id = i.id
  RETURNING ${COUNTED}
), ${COUNTING} ${REACHED}`;

/** The case whose milestone a row reaches: its own, or without one the patient's on that day (E-10). */
const caseOf = (clinicId: string, row: Pick<LedgerRow, 'treatmentPlanId' | 'patientId' | 'productionDate'>): string =>
  row.treatmentPlanId ?? stableId(`${clinicId}:case:${row.patientId}:${row.productionDate}`);

/** Uuids as the text of an array: the driver would look at each for quotes. */
const uuids = (ids: readonly (string | null)[]): string => `{${ids.map((id) => id ?? 'NULL').join(',')}}`;

/** A column of the rows; of one that is empty in all of them, nothing is sent: unnest fills shorter ones up with nulls. */
const filledUp = <T>(column: T[]): T[] => (column.every((value) => value === null) ? [] : column);

const placeOf = ({ locationId, productionDate }: Pick<LedgerRow, 'locationId' | 'productionDate'>) => ({
  locationId,
  day: productionDate,
});

/** The milestone that each of some rows may reach, and of which case; reversals reach none. */
const milestonesOf = (
  clinicId: string,
  rows: readonly (Pick<LedgerRow, 'treatmentPlanId' | 'patientId' | 'productionDate' | 'category'> & {
    readonly reversal?: Reversal | null;
  })[],
) => {
  const kinds = rows.map((row) => (row.reversal ? null : milestoneOf(row.category)));
  return {
    kinds: filledUp(kinds),
    cases: uuids(filledUp(rows.map((row, index) => (kinds[index] ? caseOf(clinicId, row) : null)))),
  };
};

async function write(tx: Tx, text: string, clinicId: string, rows: readonly LedgerRow[]): Promise<ReachedRow[]> {
  await requireOpenMonths(
    tx,
    clinicId,
    rows.map((row) => row.productionDate),
  );
  const column = <T>(of: (row: LedgerRow) => T): T[] => filledUp(rows.map(of));
  const { kinds, cases } = milestonesOf(clinicId, rows);
  return prepared<ReachedRow>(tx, text, [
    clinicId,
    uuids(column((r) => r.id)),
    uuids(column((r) => r.locationId)),
    uuids(column((r) => r.providerId)),
    uuids(column((r) => r.patientId)),
    uuids(column((r) => r.treatmentPlanId)),
    column((r) => r.appointmentId),
    column((r) => r.procedureId),
    column((r) => r.productionDate),
    column((r) => r.occurredAt),
    column((r) => r.originalProductionDate),
    column((r) => r.procedureCode),
    column((r) => r.category),
    column((r) => r.phase),
    column((r) => r.applianceSystem),
    column((r) => r.description),
    column((r) => r.gross),
    column((r) => r.insurance),
    uuids(column((r) => r.reversal?.reversesId ?? null)),
    column((r) => (r.reversal ? -r.reversal.startCount : 0)),
    column((r) => (r.reversal ? -r.reversal.debondCount : 0)),
    kinds,
    cases,
    tx.session.at,
    tx.session.viewer.subject,
    column((r) => r.isImported),
  ]);
}

/**
 * Writes rows of one clinic to the production ledger, with everything that is summed from it, in one statement; answers
 * those that reached a milestone of their case.
 */
export async function writeLedger(tx: Tx, clinicId: string, rows: readonly LedgerRow[]): Promise<ReachedRow[]> {
  if (rows.length === 0) return [];
  await requireOpenSheets(tx, clinicId, rows.map(placeOf));
  const mayReach = rows.some((row) => row.reversal === null && milestoneOf(row.category) !== null);
  return write(tx, mayReach ? RECORD : RECORD_PLAIN, clinicId, rows);
}

/** Writes rows of one clinic that do not count yet: nothing is summed from them. */
export const keepPending = async (tx: Tx, clinicId: string, rows: readonly LedgerRow[]): Promise<void> => {
  if (rows.length > 0) await write(tx, KEEP, clinicId, rows);
};

/** Lets a pending entry, which the caller has locked, count from now on; answers it if it reached a milestone. */
export async function postPending(
  tx: Tx,
  clinicId: string,
  entry: Pick<LedgerRow, 'id' | 'locationId' | 'treatmentPlanId' | 'patientId' | 'productionDate' | 'category'>,
): Promise<ReachedRow | undefined> {
  await requireOpenMonths(tx, clinicId, [entry.productionDate], ['id']);
  await requireOpenSheets(tx, clinicId, [placeOf(entry)], ['id']);
  const { kinds, cases } = milestonesOf(clinicId, [entry]);
  const [reached] = await prepared<ReachedRow>(tx, POST, [clinicId, [entry.id], kinds, cases, tx.session.at]);
  return reached;
}
