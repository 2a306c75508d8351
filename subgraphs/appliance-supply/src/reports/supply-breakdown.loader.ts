import { recordIdText, type Context } from '@practice-graph/kit';
import {
  locationCopies,
  membersText,
  NIL_UUID,
  providerCopies,
  UNASSIGNED,
  type BreakdownCell,
  type BreakdownSlice,
  type Bucket,
  type SliceMembers,
} from '@practice-graph/practice';
import { locationStub, providerStub, type Vendor } from '../directory/directory.types';
import type { CostBucket, SupplyCategory } from '../items/supply-category.types';
import type { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import type { SupplyMeasures } from '../performance/supply-measures.types';
import type { ApplianceRecordType } from '../placements/appliance-record.types';
import { vendorOf } from '../vendors/vendor.loader';
import { fixedLabel, isRecordDimension, type SupplyDimension } from './supply-dimension.rules';
import type { SupplyBreakdownRow } from './supply-report.types';
import type { ReportSums } from './supply-sums.service';

export interface NamedSlice extends BreakdownSlice<ReportSums> {
  readonly label: string;
  readonly item: SupplyItem | null;
  readonly vendor: Vendor | null;
}

/** A slice with its name; all names of a kind come with one statement. */
export async function named(
  context: Context,
  clinicId: string,
  by: readonly SupplyDimension[],
  slice: BreakdownSlice<ReportSums>,
): Promise<NamedSlice> {
  const record = <E>(dimension: SupplyDimension, load: (id: string) => Promise<E | null>) => {
    const id = slice.members[by.indexOf(dimension)];
    return id === undefined || id === NIL_UUID ? null : load(id);
  };
  const [item, vendor, provider, location] = await Promise.all([
    record('ITEM', (id) => context.of(supplyItems).load({ clinicId, id })),
    record('VENDOR', (id) => vendorOf(context, clinicId, id)),
    record('PROVIDER', (id) => context.of(providerCopies).load({ clinicId, id })),
    record('LOCATION', (id) => context.of(locationCopies).load({ clinicId, id })),
  ]);
  const names: Partial<Record<SupplyDimension, string | undefined>> = {
    ...{ ITEM: item?.name, VENDOR: vendor?.name, PROVIDER: provider?.name, LOCATION: location?.name },
  };
  const labels = by.map((dimension, index) => {
    const member = slice.members[index] ?? NIL_UUID;
    return fixedLabel(dimension, member) ?? names[dimension] ?? recordIdText(clinicId, member);
  });
  return { ...slice, item, vendor, label: labels.join(', ') || 'All' };
}

const shownId = (clinicId: string, id: string | undefined) =>
  id === undefined ? null : id === NIL_UUID ? UNASSIGNED : recordIdText(clinicId, id);

/** Key of a slice: codes and identifiers as the API shows them. */
const keyOf = (clinicId: string, by: readonly SupplyDimension[], members: SliceMembers): string =>
  membersText(
    members.map((member, index) => {
      const dimension = by[index];
      return dimension && isRecordDimension(dimension) ? (shownId(clinicId, member) ?? member) : member;
    }),
  ) || 'all';

/** A row of a breakdown: a slice in one of its buckets. */
export function rowOf(
  context: Context,
  report: { readonly clinicId: string; readonly currency: string },
  by: readonly SupplyDimension[],
  slice: NamedSlice,
  cell: BreakdownCell<ReportSums>,
  bucket: Bucket,
  measures: SupplyMeasures | null,
): SupplyBreakdownRow {
  const { clinicId, currency } = report;
  const member = (dimension: SupplyDimension): string | undefined => slice.members[by.indexOf(dimension)];
  const known = (dimension: SupplyDimension) => {
    const value = member(dimension);
    return value === undefined || value === NIL_UUID ? null : value;
  };
  const location = known('LOCATION');
  return {
    key: keyOf(clinicId, by, slice.members),
    label: slice.label,
    period: bucket,
    applianceType: known('APPLIANCE_TYPE') as ApplianceRecordType | null,
    applianceSystem: known('APPLIANCE_SYSTEM'),
    item: slice.item,
    category: known('CATEGORY') as SupplyCategory | null,
    bucket: known('BUCKET') as CostBucket | null,
    providerId: shownId(clinicId, member('PROVIDER')),
    provider: providerStub(context.viewer, clinicId, known('PROVIDER')),
    locationId: shownId(clinicId, member('LOCATION')),
    location: location === null ? null : locationStub(context.viewer, clinicId, location),
    vendor: slice.vendor,
    currency,
    isSuppressed: cell.isSuppressed,
    measures,
    quantity: cell.isSuppressed ? null : cell.sums.quantity,
    share: cell.share,
    growth: cell.growth,
  };
}
