import { Decimal, prepared, rows, snakeCase, type Tx, type Viewer } from '@practice-graph/kit';
import {
  hasFacts,
  idsOfFilter,
  NIL_UUID,
  readingParams,
  readingsAt,
  signed,
  slicesRead,
  type MeasureKind,
  type Measures,
  type SliceCell,
  type SliceMembers,
} from '@practice-graph/practice';
import { PRODUCTION_SUMS, type ProductionSums } from '../production/production-measures.types';
import type { ProductionDimension } from './production-dimension.rules';
import {
  DIMENSION_COLUMN,
  ledgerFacts,
  sharesProviders,
  MEMBER_DIMENSIONS,
  MEMBER_FILTERS,
  type MemberDimension,
  type ReportFilter,
  type ReportQuestion,
} from './production-facts.service';

/** Places and people of a clinic that a viewer may see; the slices of a breakdown are found by them. */
export interface ReportDirectory {
  readonly locationIds: readonly string[];
  readonly providerIds: readonly string[];
}

type Row = Record<string, string | number | null>;

/** The rows of slices that answer a question: which dimension, and which of its members; null for any. */
export interface SliceSelection {
  readonly dim: string;
  readonly locationIds: readonly string[];
  readonly providerIds: readonly string[];
  readonly members: readonly string[] | null;
  readonly memberOf: MemberDimension | null;
}

/**
 * The slices behind a question, or null where the ledgers have to be summed: for states, single cases, patients and
 * procedures, and for any two dimensions but location and provider.
 */
export function slicesFor(
  viewer: Viewer,
  question: Omit<ReportQuestion, 'stretches'>,
  directory: ReportDirectory,
): SliceSelection | null {
  const { clinicId, filter, by } = question;
  if (filter.statuses || filter.includePending || sharesProviders(viewer, question)) return null;
  if (filter.treatmentPlanId != null || filter.patientId != null || filter.procedureId != null) return null;
  const narrowed = MEMBER_DIMENSIONS.filter((of) => filter[MEMBER_FILTERS[of].member] != null || by.includes(of));
  const locations = idsOfFilter(viewer, clinicId, 'locations', filter.locationIds);
  const providers = idsOfFilter(viewer, clinicId, 'providers', filter.providerIds);
  const byLocation = locations !== null || by.includes('LOCATION');
  const byProvider = providers !== null || by.includes('PROVIDER');
  const [memberOf, ...others] = narrowed;
  if (others.length > 0 || (memberOf && (byLocation || byProvider))) return null;
  return {
    dim: memberOf ? MEMBER_FILTERS[memberOf].dim : `${byLocation ? 'L' : ''}${byProvider ? 'P' : ''}` || 'T',
    locationIds: byLocation ? (locations ?? [...directory.locationIds, NIL_UUID]) : [NIL_UUID],
    providerIds: byProvider ? (providers ?? [...directory.providerIds, NIL_UUID]) : [NIL_UUID],
    members: memberOf ? (filter[MEMBER_FILTERS[memberOf].member] ?? null) : null,
    memberOf: memberOf ?? null,
  };
}

/** The slices of chair time behind a question; undefined where it has no meaning: a case, patient, category, code, phase or system. */
export function chairSlicesFor(
  viewer: Viewer,
  { clinicId, filter, by }: Omit<ReportQuestion, 'stretches'>,
  directory: ReportDirectory,
): SliceSelection | undefined {
  const {
    locationIds,
    providerIds,
    statuses: _,
    includePending: _pending,
    attribution: _attribution,
    ...others
  } = filter;
  if (Object.values(others).some((member) => member != null)) return undefined;
  const selection = slicesFor(viewer, { clinicId, by, filter: { locationIds, providerIds } }, directory);
  return selection && !selection.memberOf ? selection : undefined;
}

const SLICE_COLUMN: Readonly<Record<ProductionDimension, string>> = {
  ...{ PROVIDER: 'provider_id', LOCATION: 'location_id' },
  ...{ CATEGORY: 'member', PROCEDURE_CODE: 'member', PHASE: 'member', APPLIANCE_SYSTEM: 'member' },
};

/** Sums of slices by stretch and dimension with one statement, from any table of slices. */
export async function sumsOfSlices<M extends Record<string, MeasureKind>>(
  tx: Tx,
  of: { readonly table: string; readonly measures: M },
  selection: SliceSelection,
  question: Pick<ReportQuestion, 'clinicId' | 'stretches' | 'by'>,
): Promise<(SliceCell & { sums: Measures<M> })[]> {
  const names = Object.keys(of.measures);
  const columns = question.by.map((dimension) => SLICE_COLUMN[dimension]);
  const selected = (slice: string): string[] => [
    `${slice}.clinic_id = $9::uuid AND ${slice}.dim = $10 AND ${slice}.location_id = ANY ($11::uuid[]) AND ${slice}.provider_id = ANY ($12::uuid[])`,
    ...(selection.memberOf ? [`($13::text[] IS NULL OR ${slice}.member = ANY ($13))`] : []),
  ];
  const found = await prepared<Row>(
    tx,
    `SELECT k.stretch, ${columns.map((column, i) => `s.${column}::text AS by_${String(i)}, `).join('')}${names.map((name) => `sum(${signed(`s.${snakeCase(name)}`)})::text AS ${snakeCase(name)}`).join(', ')}
FROM ${readingsAt(1)}
${slicesRead(of.table, 's', selected('s'))}
GROUP BY k.stretch, k.starts, k.ends${columns.map((column) => `, s.${column}`).join('')}
HAVING ${hasFacts(of.table, [...selected('d'), ...columns.map((column) => `d.${column} = s.${column}`)])}`,
    [
      ...readingParams(question.stretches),
      question.clinicId,
      selection.dim,
      selection.locationIds,
      selection.providerIds,
      ...(selection.memberOf ? [selection.members] : []),
    ],
  );
  return found.map((row) => ({
    stretch: Number(row['stretch']),
    members: membersOf(row, question.by),
    sums: measured(of.measures, row),
  }));
}

const membersOf = (row: Row, by: readonly ProductionDimension[]): SliceMembers =>
  by.map((_, index) => String(row[`by_${String(index)}`] ?? '') || NIL_UUID);

const measured = <M extends Record<string, MeasureKind>>(measures: M, row: Row): Measures<M> =>
  Object.fromEntries(
    Object.entries(measures).map(([name, kind]) => {
      const sum = row[snakeCase(name)] ?? 0;
      return [name, kind === 'COUNT' ? Number(sum) : new Decimal(sum)];
    }),
  ) as Measures<M>;

/** Sums where nothing was produced. */
export const NO_PRODUCTION: ProductionSums = measured(PRODUCTION_SUMS, {});

/** Sums of a question with one statement, whatever the number of stretches and slices. */
export async function reportSums(
  tx: Tx,
  question: ReportQuestion,
  directory: ReportDirectory,
): Promise<(SliceCell & { sums: ProductionSums })[]> {
  const selection = slicesFor(tx.session.viewer, question, directory);
  if (selection) return sumsOfSlices(tx, { table: 'production_slice', measures: PRODUCTION_SUMS }, selection, question);
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const columns = question.by.map((dimension) => `f.${DIMENSION_COLUMN[dimension]}`);
  const found = await rows<Row>(
    tx,
    `WITH ${text}
SELECT f.stretch, ${columns.map((column, i) => `${column}::text AS by_${String(i)}, `).join('')}sum(f.gross)::text AS gross,
  sum(f.adjustments)::text AS adjustments, sum(f.collected)::text AS collected, sum(f.insurance)::text AS insurance,
  sum(f.entry_count)::int AS entry_count, sum(f.start_count)::int AS start_count, sum(f.debond_count)::int AS debond_count,
  coalesce(sum(f.gross - f.adjustments) FILTER (WHERE f.category = 'TREATMENT_START'), 0)::text AS start_net,
  coalesce(sum(f.gross - f.adjustments) FILTER (WHERE f.category = 'DEBOND'), 0)::text AS debond_net, 0 AS visit_count
FROM fact f GROUP BY f.stretch${columns.map((column) => `, ${column}`).join('')}`,
    params,
  );
  return found.map((row) => ({
    stretch: Number(row['stretch']),
    members: membersOf(row, question.by),
    sums: measured(PRODUCTION_SUMS, row),
  }));
}

/** True where the visits of slices are those of the question: nothing is counted twice by several people at one place. */
export const hasSlicedVisits = (selection: SliceSelection | null, by: readonly ProductionDimension[]): boolean =>
  selection !== null &&
  !selection.memberOf &&
  (!selection.dim.includes('P') || by.includes('PROVIDER') || selection.providerIds.length < 2);

/** Visits of a question, distinct patients per day and place, where slices do not keep them (E-09). */
export async function reportVisits(tx: Tx, question: ReportQuestion): Promise<(SliceCell & { visits: number })[]> {
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const columns = question.by.map((dimension) => `f.${DIMENSION_COLUMN[dimension]}`);
  const list = columns.map((column, i) => `, ${column}::text AS by_${String(i)}`).join('');
  const found = await rows<Row>(
    tx,
    `WITH ${text}, present AS (
  SELECT f.stretch${list} FROM fact f WHERE f.is_entry
  GROUP BY f.stretch, f.day, f.location_id, f.patient_id${columns.map((column) => `, ${column}`).join('')} HAVING sum(f.entry_count) > 0
)
SELECT stretch, count(*)::int AS visits${columns.map((_, i) => `, by_${String(i)}`).join('')} FROM present
GROUP BY stretch${columns.map((_, i) => `, by_${String(i)}`).join('')}`,
    params,
  );
  return found.map((row) => ({
    stretch: Number(row['stretch']),
    members: membersOf(row, question.by),
    visits: Number(row['visits']),
  }));
}

/** Distinct patients behind each slice of each stretch, for the suppression of small cells: by entries that do not cancel out, or by adjustments. */
export async function reportPatients(
  tx: Tx,
  question: ReportQuestion,
): Promise<readonly (SliceCell & { readonly patients: number })[]> {
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const columns = question.by.map((dimension) => `f.${DIMENSION_COLUMN[dimension]}`);
  const list = columns.map((column, i) => `, ${column}::text AS by_${String(i)}`).join('');
  const found = await rows<Row>(
    tx,
    `WITH ${text}, behind AS (
  SELECT f.stretch${list} FROM fact f WHERE f.patient_id IS NOT NULL
  GROUP BY f.stretch, f.patient_id${columns.map((column) => `, ${column}`).join('')} HAVING sum(f.entry_count) <> 0 OR bool_or(NOT f.is_entry)
)
SELECT stretch, count(*)::int AS patients${columns.map((_, i) => `, by_${String(i)}`).join('')} FROM behind
GROUP BY stretch${columns.map((_, i) => `, by_${String(i)}`).join('')}`,
    params,
  );
  return found.map((row) => ({
    stretch: Number(row['stretch']),
    members: membersOf(row, question.by),
    patients: Number(row['patients']),
  }));
}

/**
 * For each dimension that the filter of a question narrows: the members that it takes, and the same question with all of
 * them, split by the dimension.
 */
export function chosenMembers(
  viewer: Viewer,
  question: ReportQuestion,
): { readonly chosen: readonly string[]; readonly question: ReportQuestion }[] {
  const { clinicId, filter } = question;
  const all = (dimension: ProductionDimension, member: keyof ReportFilter, chosen: readonly string[] | null) =>
    filter[member] == null || chosen === null
      ? []
      : [{ chosen, question: { ...question, filter: { ...filter, [member]: null }, by: [dimension] } }];
  return [
    ...all('LOCATION', 'locationIds', idsOfFilter(viewer, clinicId, 'locations', filter.locationIds)),
    ...all('PROVIDER', 'providerIds', idsOfFilter(viewer, clinicId, 'providers', filter.providerIds)),
    ...MEMBER_DIMENSIONS.flatMap((dimension) => {
      const { member } = MEMBER_FILTERS[dimension];
      return all(dimension, member, filter[member] ?? null);
    }),
  ];
}

/** Patients whom the filter of a report leaves out, by stretch: the report and the one without a filter tell of them. */
export async function patientsLeftOut(tx: Tx, question: ReportQuestion): Promise<number[]> {
  const { text, params } = ledgerFacts(tx.session.viewer, question, { keepUnselected: true });
  const found = await rows<{ stretch: number; patients: number }>(
    tx,
    `WITH ${text}
SELECT f.stretch, count(DISTINCT f.patient_id)::int AS patients FROM fact f WHERE f.is_selected IS NOT TRUE GROUP BY f.stretch`,
    params,
  );
  return question.stretches.map((_, stretch) => found.find((row) => row.stretch === stretch)?.patients ?? 0);
}

/** Patients behind a report that a filter narrows to one patient, case or procedure; for the audit trail. */
export async function reportSubjects(tx: Tx, question: ReportQuestion): Promise<string[]> {
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const found = await rows<{ id: string }>(
    tx,
    `WITH ${text} SELECT DISTINCT patient_id AS id FROM fact WHERE patient_id IS NOT NULL`,
    params,
  );
  return found.map(({ id }) => id);
}
