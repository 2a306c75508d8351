import { recordIdText, type Context } from '@practice-graph/kit';
import {
  membersText,
  NIL_UUID,
  UNASSIGNED,
  type BreakdownCell,
  type BreakdownSlice,
  type Bucket,
  type SliceMembers,
} from '@practice-graph/practice';
import { locationLoader, providerLoader } from '../clinics/directory.loader';
import type { Location } from '../clinics/location.entity';
import type { Provider } from '../clinics/provider.entity';
import type { ProductionMeasures, ProductionSums } from '../production/production-measures.types';
import type { ProductionCategory } from '../production/production.types';
import type { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import { fixedLabel, type ProductionDimension } from './production-dimension.rules';
import type { ProductionBreakdownRow, ProductionReport } from './production-report.types';

export interface NamedSlice extends BreakdownSlice<ProductionSums> {
  readonly label: string;
  readonly provider: Provider | null;
  readonly location: Location | null;
}

/** A slice with its name; all names of a kind come with one statement. */
export async function named(
  context: Context,
  clinicId: string,
  by: readonly ProductionDimension[],
  slice: BreakdownSlice<ProductionSums>,
): Promise<NamedSlice> {
  const record = <E>(dimension: ProductionDimension, load: (id: string) => Promise<E | null>) => {
    const id = slice.members[by.indexOf(dimension)];
    return id === undefined || id === NIL_UUID ? null : load(id);
  };
  const [provider, location] = await Promise.all([
    record('PROVIDER', (id) => context.of(providerLoader).load({ clinicId, id })),
    record('LOCATION', (id) => context.of(locationLoader).load({ clinicId, id })),
  ]);
  const labels = by.map((dimension, index) => {
    const member = slice.members[index] ?? NIL_UUID;
    return (
      fixedLabel(dimension, member) ??
      (dimension === 'PROVIDER' ? provider : location)?.name ??
      recordIdText(clinicId, member)
    );
  });
  return { ...slice, provider, location, label: labels.join(', ') || 'All' };
}

const shownId = (clinicId: string, id: string | undefined) =>
  id === undefined ? null : id === NIL_UUID ? UNASSIGNED : recordIdText(clinicId, id);

/** Key of a slice: codes and identifiers as the API shows them. */
const keyOf = (clinicId: string, by: readonly ProductionDimension[], members: SliceMembers): string =>
  membersText(
    members.map((member, index) =>
      by[index] === 'PROVIDER' || by[index] === 'LOCATION' ? (shownId(clinicId, member) ?? member) : member,
    ),
  ) || 'all';

/** A row of a breakdown: a slice in one of its buckets. */
export function rowOf(
  report: ProductionReport,
  by: readonly ProductionDimension[],
  slice: NamedSlice,
  cell: BreakdownCell<ProductionSums>,
  bucket: Bucket,
  measures: ProductionMeasures | null,
): ProductionBreakdownRow {
  const { clinicId, currency } = report;
  const member = (dimension: ProductionDimension): string | undefined => slice.members[by.indexOf(dimension)];
  const code = (dimension: ProductionDimension) => {
    const value = member(dimension);
    return value === undefined || value === NIL_UUID ? null : value;
  };
  return {
    report,
    isOfProvider: by.length === 1 && by[0] === 'PROVIDER',
    key: keyOf(clinicId, by, slice.members),
    label: slice.label,
    period: bucket,
    providerId: shownId(clinicId, member('PROVIDER')),
    provider: slice.provider,
    locationId: shownId(clinicId, member('LOCATION')),
    location: slice.location,
    category: code('CATEGORY') as ProductionCategory | null,
    procedureCode: code('PROCEDURE_CODE'),
    phase: code('PHASE') as TreatmentPhase | null,
    applianceSystem: code('APPLIANCE_SYSTEM'),
    currency,
    isSuppressed: cell.isSuppressed,
    measures,
    share: cell.share,
    growth: cell.growth,
  };
}
