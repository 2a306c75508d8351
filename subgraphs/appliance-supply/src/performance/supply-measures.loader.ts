import { batchLoader } from '@practice-graph/kit';
import { scopeText, sliceReader, suppressSmallCells, clinicsById, type SliceScope } from '@practice-graph/practice';
import { distinctIn } from './presence.service';
import { measuresOf, type SupplyMeasures } from './supply-measures.types';
import { SUPPLY_SUMS } from './supply-sums.rules';

const readSlices = sliceReader('supply_slice', SUPPLY_SUMS);

/**
 * Which rows readers of aggregates may not see. Rows of one range that are split in the same way stand in one table, so
 * that a single small one takes the next smallest with it: it would follow from the total and the others.
 */
function withheld(scopes: readonly SliceScope[], patients: readonly number[]): boolean[] {
  const tables = new Map<string, number[]>();
  scopes.forEach((scope, index) => {
    const split = [scope.locationIds === null, scope.providerIds === null];
    const table = [scope.clinicId, scope.from, scope.to, ...split].join();
    tables.set(table, [...(tables.get(table) ?? []), index]);
  });
  const hidden = scopes.map(() => false);
  for (const members of tables.values()) {
    const counts = members.map((index) => patients[index] ?? 0);
    suppressSmallCells(counts, Number.POSITIVE_INFINITY).rows.forEach((isHidden, position) => {
      hidden[members[position] as number] = isHidden;
    });
  }
  return hidden;
}

/**
 * Use of supplies of N scopes with a fixed number of statements for all of them. Null while the clinic is not known here, and for
 * readers of aggregates where fewer patients stand behind the row than the privacy limit (E-06).
 */
export const supplyMeasures = batchLoader<SliceScope, SupplyMeasures | null>(async (tx, scopes, context) => {
  const clinicIds = [...new Set(scopes.map((scope) => scope.clinicId))];
  const [sums, cases, clinics, patients] = await Promise.all([
    readSlices(tx, scopes),
    distinctIn(tx, 'CASE', scopes),
    clinicsById(tx, clinicIds),
    context.viewer.aggregateOnly ? distinctIn(tx, 'PATIENT', scopes) : null,
  ]);
  const hidden = patients ? withheld(scopes, patients) : [];
  return scopes.map((scope, index) => {
    const clinic = clinics[clinicIds.indexOf(scope.clinicId)];
    const of = sums[index];
    if (!clinic || !of || hidden[index]) return null;
    return measuresOf(of, clinic.currency, cases[index] ?? 0);
  });
}, scopeText);
