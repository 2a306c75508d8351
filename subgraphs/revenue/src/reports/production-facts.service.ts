import { recordIdOf, type Viewer } from '@practice-graph/kit';
import { idsOfFilter, NIL_UUID, type DayRange } from '@practice-graph/practice';
import type { ProductionAttribution, ProductionStatus } from '../production/production.types';
import type { ProductionDimension } from './production-dimension.rules';
import { sharedFacts } from './split-facts.service';

/** What narrows a report; members are combined with AND, list members with OR. An empty list selects nothing. */
export interface ReportFilter {
  readonly locationIds?: readonly string[] | null | undefined;
  readonly providerIds?: readonly string[] | null | undefined;
  readonly categories?: readonly string[] | null | undefined;
  readonly procedureCodes?: readonly string[] | null | undefined;
  readonly phases?: readonly string[] | null | undefined;
  readonly applianceSystems?: readonly string[] | null | undefined;
  readonly statuses?: readonly ProductionStatus[] | null | undefined;
  readonly includePending?: boolean | null | undefined;
  readonly attribution?: ProductionAttribution | null | undefined;
  readonly treatmentPlanId?: string | null | undefined;
  readonly patientId?: string | null | undefined;
  readonly procedureId?: string | null | undefined;
}

/** What a report sums: facts of a clinic behind a filter, over stretches of days. */
export interface ReportQuestion {
  readonly clinicId: string;
  readonly filter: ReportFilter;
  readonly stretches: readonly DayRange[];
  readonly by: readonly ProductionDimension[];
}

/** How a fact names the member of each dimension. */
export const DIMENSION_COLUMN: Readonly<Record<ProductionDimension, string>> = {
  PROVIDER: 'provider_id',
  LOCATION: 'location_id',
  CATEGORY: 'category',
  PROCEDURE_CODE: 'code',
  PHASE: 'phase',
  APPLIANCE_SYSTEM: 'system',
};

/** Which member of the filter narrows which dimension beside location and provider, and how their slices are called. */
export const MEMBER_FILTERS = {
  CATEGORY: { member: 'categories', dim: 'C' },
  PROCEDURE_CODE: { member: 'procedureCodes', dim: 'K' },
  PHASE: { member: 'phases', dim: 'H' },
  APPLIANCE_SYSTEM: { member: 'applianceSystems', dim: 'S' },
} as const;
export type MemberDimension = keyof typeof MEMBER_FILTERS;
export const MEMBER_DIMENSIONS = Object.keys(MEMBER_FILTERS) as MemberDimension[];

/** Row of the clinic that an opaque identifier names; the nil uuid, which is no row's, for any other. */
const rowOf = (clinicId: string, opaque: string): string => {
  const key = recordIdOf(opaque);
  return key?.clinicId === clinicId ? key.id : NIL_UUID;
};

/** True when entries are to be cut by the shares of providers, and the question asks who took them. */
export const sharesProviders = (viewer: Viewer, { filter, by }: Pick<ReportQuestion, 'filter' | 'by'>): boolean =>
  filter.attribution === 'SPLIT' &&
  (by.includes('PROVIDER') || filter.providerIds != null || viewer.restrictions['providers'] !== undefined);

const COUNTED: readonly ProductionStatus[] = ['POSTED', 'PARTIALLY_COLLECTED', 'COLLECTED', 'REVERSED'];

/**
 * The facts of the ledgers that a question sums, as a relation `fact`, with $1 the clinic, $2 to $4 the stretches. Entries
 * count on their day, adjustments on their own with what their entry named (E-08), payments on theirs. A reversal goes with its original,
 * whatever filters say of the states or procedures of single entries (E-11). `is_selected` is false for facts that only
 * the members of the filter leave out, and true for all when those are to be left out at once.
 */
export function ledgerFacts(
  viewer: Viewer,
  question: ReportQuestion,
  options: { readonly keepUnselected?: boolean } = {},
): { readonly text: string; readonly params: unknown[] } {
  const { clinicId, filter, stretches } = question;
  const isShared = sharesProviders(viewer, question);
  const params: unknown[] = [
    clinicId,
    stretches.map((_, index) => index),
    stretches.map(({ from }) => from),
    stretches.map(({ to }) => to),
  ];
  const bind = (value: unknown, type: string) => `$${String(params.push(value))}::${type}`;
  const reach = { entry: ['true'], adjustment: ['true'] };
  const chosen = { entry: ['true'], adjustment: ['true'] };
  const both = (conditions: typeof reach, condition: (table: 'entry' | 'adjustment') => string) => {
    conditions.entry.push(condition('entry'));
    conditions.adjustment.push(condition('adjustment'));
  };
  const place = (of: 'location_id' | 'provider_id', ids: readonly string[] | null, conditions: typeof reach) => {
    if (ids === null) return;
    const list = bind(ids, 'uuid[]');
    both(conditions, (table) =>
      table === 'entry' ? `e.${of} = ANY (${list})` : `coalesce(a.${of}, '${NIL_UUID}') = ANY (${list})`,
    );
  };
  place('location_id', viewer.restrictions['locations'] ?? null, reach);
  const providers = {
    reach: viewer.restrictions['providers'] ?? null,
    chosen: filter.providerIds ? idsOfFilter(viewer, clinicId, 'providers', filter.providerIds) : null,
  };
  if (!isShared) {
    place('provider_id', providers.reach, reach);
    place('provider_id', providers.chosen, chosen);
  }
  place(
    'location_id',
    filter.locationIds ? idsOfFilter(viewer, clinicId, 'locations', filter.locationIds) : null,
    chosen,
  );
  for (const [member, entry, adjustment] of [
    ['categories', 'category', 'entry_category'],
    ['procedureCodes', 'procedure_code', 'entry_code'],
    ['phases', 'phase', 'entry_phase'],
    ['applianceSystems', 'appliance_system', 'entry_system'],
  ] as const) {
    const wanted = filter[member];
    if (!wanted) continue;
    const list = bind(wanted, 'text[]');
    both(chosen, (table) => (table === 'entry' ? `e.${entry} = ANY (${list})` : `a.${adjustment} = ANY (${list})`));
  }
  for (const [opaque, column] of [
    [filter.treatmentPlanId, 'treatment_plan_id'],
    [filter.patientId, 'patient_id'],
  ] as const) {
    if (opaque == null) continue;
    const id = bind(rowOf(clinicId, opaque), 'uuid');
    both(chosen, (table) => `${table === 'entry' ? 'e' : 'a'}.${column} = ${id}`);
  }
  if (filter.procedureId != null) {
    const entries = `(SELECT o.id FROM production_entry o WHERE o.clinic_id = $1 AND o.procedure_id = ${bind(filter.procedureId, 'text')})`;
    chosen.entry.push(`(e.id IN ${entries} OR e.reverses_id IN ${entries})`);
    chosen.adjustment.push(`a.entry_id IN ${entries}`);
  }
  const states = bind([...(filter.statuses ?? COUNTED), ...(filter.includePending ? ['PENDING'] : [])], 'text[]');
  const state = (of: string) =>
    `CASE WHEN ${of}.reverses_id IS NULL THEN ${of}.status ELSE 'REVERSED' END = ANY (${states})`;
  reach.entry.push(state('e'));
  if (filter.statuses)
    chosen.adjustment.push(
      `EXISTS (SELECT 1 FROM production_entry o WHERE o.clinic_id = $1 AND o.id = a.entry_id AND ${state('o')})`,
    );
  const selected = (table: 'entry' | 'adjustment') => chosen[table].join(' AND ');
  const where = (table: 'entry' | 'adjustment') =>
    [...reach[table], ...(options.keepUnselected ? [] : [selected(table)])].join(' AND ');
  const kept = (ids: readonly string[] | null) => {
    const list = ids && bind(ids, 'uuid[]');
    return (column: string) => (list === null ? 'true' : `coalesce(${column}, '${NIL_UUID}') = ANY (${list})`);
  };
  const isKept = isShared
    ? kept(options.keepUnselected ? providers.reach : (providers.chosen ?? providers.reach))
    : null;
  const shared = isKept ? sharedFacts(isKept, kept(providers.chosen)) : null;
  return {
    params,
    text: `${shared ? 'whole' : 'fact'} AS (
  SELECT k.stretch, e.production_date AS day, e.location_id, e.provider_id, e.category, e.procedure_code AS code,
    coalesce(e.phase, '') AS phase, coalesce(e.appliance_system, '') AS system, e.patient_id, e.gross, 0::numeric AS adjustments,
    0::numeric AS collected, e.insurance_expected AS insurance, e.sign::int AS entry_count, e.start_count::int AS start_count,
    e.debond_count::int AS debond_count, true AS is_entry, ${selected('entry')} AS is_selected${
      shared ? ', e.id AS fact_id, e.id AS shared_entry, abs(e.gross) AS worth' : ''
    }
  FROM unnest($2::int[], $3::date[], $4::date[]) AS k (stretch, first, last)
  JOIN production_entry e ON e.clinic_id = $1::uuid AND e.production_date BETWEEN k.first AND k.last
  WHERE ${where('entry')}
  UNION ALL
  SELECT k.stretch, c.day, e.location_id, e.provider_id, e.category, e.procedure_code, coalesce(e.phase, ''),
    coalesce(e.appliance_system, ''), e.patient_id, 0, 0, c.amount, 0, 0, 0, 0, false, ${selected('entry')}${
      shared ? ', md5(c.payment_id::text || e.id)::uuid, e.id, abs(e.gross)' : ''
    }
  FROM unnest($2::int[], $3::date[], $4::date[]) AS k (stretch, first, last)
  JOIN payment_collection c ON c.clinic_id = $1::uuid AND c.day BETWEEN k.first AND k.last
  JOIN production_entry e ON e.clinic_id = $1::uuid AND e.id = c.entry_id
  WHERE ${where('entry')}
  UNION ALL
  SELECT k.stretch, a.adjustment_date, coalesce(a.location_id, '${NIL_UUID}'), coalesce(a.provider_id, '${NIL_UUID}'),
    a.entry_category, a.entry_code, a.entry_phase, a.entry_system, a.patient_id, 0,
    CASE WHEN a.is_affecting THEN a.amount ELSE 0 END, 0, a.insurance_change, 0, 0, 0, false, ${selected('adjustment')}${
      shared ? ', a.id, x.id, coalesce(abs(x.gross), 0)' : ''
    }
  FROM unnest($2::int[], $3::date[], $4::date[]) AS k (stretch, first, last)
  JOIN production_adjustment a ON a.clinic_id = $1::uuid AND a.adjustment_date BETWEEN k.first AND k.last${
    shared
      ? '\n  LEFT JOIN production_entry x ON x.clinic_id = a.clinic_id AND x.id = a.entry_id AND x.provider_id = a.provider_id'
      : ''
  }
  WHERE ${where('adjustment')}
)${shared ? `, ${shared}` : ''}`,
  };
}
