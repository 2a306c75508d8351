import { hydrate, readPage, recordIdOf, type OrderKey, type Page, type Tx } from '@practice-graph/kit';
import type { DayRange } from '@practice-graph/practice';
import { ProductionEntry } from './production-entry.entity';
import type { ProductionFilter, ProductionOrder } from './production-entry.inputs';
import type { ProductionOrderField } from './production.types';

const EXPRESSIONS: Record<ProductionOrderField, readonly Pick<OrderKey, 'expression' | 'type'>[]> = {
  // Within a day by instant, also in the hour that comes twice where clocks go back (REV-71).
  PRODUCTION_DATE: [
    { expression: 'e.production_date', type: 'date' },
    { expression: 'e.occurred_at', type: 'timestamptz' },
  ],
  GROSS: [{ expression: 'e.gross', type: 'numeric' }],
  NET: [{ expression: '(e.gross - e.adjustments)', type: 'numeric' }],
  OUTSTANDING: [{ expression: '(e.gross - e.adjustments - e.collected)', type: 'numeric' }],
};

const idsOf = (clinicId: string, opaque: readonly string[]): string[] =>
  opaque.flatMap((text) => {
    const key = recordIdOf(text);
    return key?.clinicId === clinicId ? [key.id] : [];
  });

/** Members of the filter, and what the viewer is narrowed to, as conditions; an empty list selects nothing. */
function conditions(tx: Tx, clinicId: string, range: DayRange | null, filter: ProductionFilter | null) {
  const params: unknown[] = [clinicId];
  const where = ['e.clinic_id = $1'];
  const add = (column: string, operator: string, value: unknown, type: string) => {
    params.push(value);
    const bound = `$${String(params.length)}::${type}`;
    where.push(`e.${column} ${operator} ${operator === '=' && type.endsWith('[]') ? `ANY(${bound})` : bound}`);
  };
  const { restrictions } = tx.session.viewer;
  if (range) {
    add('production_date', '>=', range.from, 'date');
    add('production_date', '<=', range.to, 'date');
  }
  if (restrictions['locations']) add('location_id', '=', restrictions['locations'], 'uuid[]');
  if (restrictions['providers']) add('provider_id', '=', restrictions['providers'], 'uuid[]');
  if (filter?.locationIds) add('location_id', '=', idsOf(clinicId, filter.locationIds), 'uuid[]');
  if (filter?.providerIds) {
    const isShared = filter.attribution === 'SPLIT';
    params.push(idsOf(clinicId, filter.providerIds));
    const list = `$${String(params.length)}::uuid[]`;
    // By shares, the entries of a provider are also those of others in which the provider has one.
    const shares = `EXISTS (SELECT 1 FROM production_split s WHERE s.clinic_id = e.clinic_id AND s.entry_id = e.id AND s.provider_id = ANY (${list}))`;
    where.push(isShared ? `(e.provider_id = ANY (${list}) OR ${shares})` : `e.provider_id = ANY (${list})`);
  }
  if (filter?.categories) add('category', '=', filter.categories, 'text[]');
  if (filter?.procedureCodes) add('procedure_code', '=', filter.procedureCodes, 'text[]');
  if (filter?.phases) add('phase', '=', filter.phases, 'text[]');
  if (filter?.applianceSystems) add('appliance_system', '=', filter.applianceSystems, 'text[]');
  if (filter?.statuses) {
    params.push([...filter.statuses, ...(filter.includePending ? ['PENDING'] : [])]);
    // As in reports: a reversal goes with the entry that it undid, so that a list adds up to the report of its filter.
    where.push(
      `CASE WHEN e.reverses_id IS NULL THEN e.status ELSE 'REVERSED' END = ANY ($${String(params.length)}::text[])`,
    );
  }
  if (filter?.treatmentPlanId != null)
    add('treatment_plan_id', '=', idsOf(clinicId, [filter.treatmentPlanId]), 'uuid[]');
  if (filter?.patientId != null) add('patient_id', '=', idsOf(clinicId, [filter.patientId]), 'uuid[]');
  if (filter?.procedureId != null) {
    params.push(filter.procedureId);
    const ofProcedure = `o.clinic_id = $1 AND o.procedure_id = $${String(params.length)}::text`;
    where.push(`e.id IN (SELECT o.id FROM production_entry o WHERE ${ofProcedure} UNION ALL
      SELECT r.id FROM production_entry o JOIN production_entry r ON r.clinic_id = o.clinic_id AND r.reverses_id = o.id WHERE ${ofProcedure})`);
  }
  return { where, params };
}

/** One page of the production ledger, newest day first unless another order is asked for. */
export function listEntries(
  tx: Tx,
  clinicId: string,
  range: DayRange | null,
  filter: ProductionFilter | null,
  order: ProductionOrder | null,
  page: { first: number | null; after: string | null },
): Promise<Page<ProductionEntry>> {
  const direction = order?.direction ?? 'DESC';
  return readPage(tx, {
    select: 'e.*',
    from: 'production_entry e',
    ...conditions(tx, clinicId, range, filter),
    order: [
      ...EXPRESSIONS[order?.field ?? 'PRODUCTION_DATE'].map((key) => ({ ...key, direction })),
      { expression: 'e.id', type: 'uuid', direction },
    ],
    ...page,
    map: (found) => hydrate(tx, ProductionEntry, found),
  });
}
