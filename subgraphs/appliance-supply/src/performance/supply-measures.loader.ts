import { batchLoader } from '@practice-graph/kit';
import { clinicsById, scopeText, sliceReader, withheldScopes, type SliceScope } from '@practice-graph/practice';
import { distinctIn, patientsOfTables } from './presence.service';
import { measuresOf, type SupplyMeasures } from './supply-measures.types';
import { SUPPLY_SUMS } from './supply-sums.rules';

const readSlices = sliceReader('supply_slice', SUPPLY_SUMS);

/**
 * Use of supplies of N scopes with a fixed number of statements for all of them. Null while the clinic is not known here, and for
 * readers of aggregates where fewer patients stand behind the row than the privacy limit (E-06).
 */
export const supplyMeasures = batchLoader<SliceScope, SupplyMeasures | null>(async (tx, scopes, context) => {
  const clinicIds = [...new Set(scopes.map((scope) => scope.clinicId))];
  const [sums, cases, clinics, hidden] = await Promise.all([
    readSlices(tx, scopes),
    distinctIn(tx, 'CASE', scopes),
    clinicsById(tx, clinicIds),
    context.viewer.aggregateOnly
      ? withheldScopes(context.viewer, scopes, (tables) => patientsOfTables(tx, tables))
      : [],
  ]);
  return scopes.map((scope, index) => {
    const clinic = clinics[clinicIds.indexOf(scope.clinicId)];
    const of = sums[index];
    if (!clinic || !of || hidden[index]) return null;
    return measuresOf(of, clinic.currency, cases[index] ?? 0);
  });
}, scopeText);
