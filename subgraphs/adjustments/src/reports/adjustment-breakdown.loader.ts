import { recordIdText, type Context } from '@practice-graph/kit';
import { locationCopies, NIL_UUID, providerCopies, UNASSIGNED, type Bucket } from '@practice-graph/practice';
import { campaigns } from '../campaigns/promotion-campaign.service';
import type { PromotionCampaign } from '../campaigns/promotion-campaign.entity';
import { Location, Provider, referenceTo } from '../directory/shared-records.types';
import type { AdjustmentCategory, AdjustmentGroup, ApprovalStatus } from '../entries/adjustment-category.rules';
import { reasons } from '../entries/adjustment-entry.loader';
import { measuresOf } from '../measures/category-sums.loader';
import type { ReasonCode } from '../reason-codes/reason-code.entity';
import type { BreakdownSlice } from './adjustment-breakdown.rules';
import { fixedLabel, membersText, type AdjustmentDimension, type Members } from './adjustment-dimension.rules';
import { AdjustmentBreakdownRow, type AdjustmentReport } from './adjustment-report.types';

export type NamedSlice = BreakdownSlice & {
  readonly label: string;
  readonly reason: ReasonCode | null;
  readonly campaign: PromotionCampaign | null;
};

/** A slice with its name; all names of a kind come with one statement. */
export async function named(
  context: Context,
  clinicId: string,
  by: readonly AdjustmentDimension[],
  slice: BreakdownSlice,
): Promise<NamedSlice> {
  let reason: ReasonCode | null = null;
  let campaign: PromotionCampaign | null = null;
  const labels = await Promise.all(
    by.map(async (dimension, index) => {
      const member = slice.members[index] ?? NIL_UUID;
      const fixed = fixedLabel(dimension, member);
      if (fixed !== null) return fixed;
      if (dimension === 'REASON_CODE') {
        reason = await context.of(reasons).load({ clinicId, code: member });
        return reason?.label ?? member;
      }
      const key = { clinicId, id: member };
      if (dimension === 'CAMPAIGN') {
        campaign = await context.of(campaigns).load(key);
        return campaign?.name ?? recordIdText(clinicId, member);
      }
      const copy = await (dimension === 'PROVIDER'
        ? context.of(providerCopies).load(key)
        : context.of(locationCopies).load(key));
      return copy?.name ?? recordIdText(clinicId, member);
    }),
  );
  return { ...slice, reason, campaign, label: labels.join(', ') || 'All' };
}

const RECORDS: ReadonlySet<AdjustmentDimension | undefined> = new Set(['PROVIDER', 'LOCATION', 'CAMPAIGN']);

/** Key of a slice: codes and identifiers as the API shows them. */
const keyOf = (clinicId: string, by: readonly AdjustmentDimension[], members: Members): string =>
  membersText(
    members.map((member, index) =>
      RECORDS.has(by[index]) && member !== NIL_UUID ? recordIdText(clinicId, member) : member,
    ),
  ) || 'all';

export async function rowOf(
  context: Context,
  report: AdjustmentReport,
  by: readonly AdjustmentDimension[],
  slice: NamedSlice,
  stretch: number,
  bucket: Bucket,
  of: Pick<AdjustmentBreakdownRow, 'trendOf' | 'contractOf' | 'peersOf'>,
): Promise<AdjustmentBreakdownRow> {
  const { clinicId } = report;
  const cell = slice.cells[stretch] as BreakdownSlice['cells'][number];
  const member = (dimension: AdjustmentDimension): string | null => slice.members[by.indexOf(dimension)] ?? null;
  const record = (dimension: 'PROVIDER' | 'LOCATION') => {
    const id = member(dimension);
    return id === NIL_UUID ? null : id;
  };
  const shownId = (dimension: 'PROVIDER' | 'LOCATION') => {
    const id = member(dimension);
    return id === NIL_UUID ? UNASSIGNED : id && recordIdText(clinicId, id);
  };
  const open = !cell.isSuppressed;
  return Object.assign(new AdjustmentBreakdownRow(), {
    key: keyOf(clinicId, by, slice.members),
    label: slice.label,
    period: bucket,
    category: member('CATEGORY') as AdjustmentCategory | null,
    group: member('GROUP') as AdjustmentGroup | null,
    reasonCode: slice.reason,
    providerId: shownId('PROVIDER'),
    provider: referenceTo(Provider, clinicId, record('PROVIDER')),
    locationId: shownId('LOCATION'),
    location: referenceTo(Location, clinicId, record('LOCATION')),
    payer: member('PAYER') === NIL_UUID ? null : member('PAYER'),
    campaign: slice.campaign,
    approvalStatus: member('APPROVAL_STATUS') as ApprovalStatus | null,
    currency: report.currency,
    isSuppressed: cell.isSuppressed,
    measures: open && !cell.isClosed ? await measuresOf(context, clinicId, cell.sums) : null,
    amount: open ? cell.amount : null,
    entryCount: open ? cell.count : null,
    share: cell.share,
    growth: cell.growth,
    trendOf: open ? of.trendOf : null,
    contractOf: open && !cell.isClosed ? of.contractOf : null,
    peersOf: open ? of.peersOf : null,
  });
}
