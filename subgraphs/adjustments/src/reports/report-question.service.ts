import type { DayRange } from '@practice-graph/practice';
import type { WriteOffDateBasis } from '../dating/write-off-date-basis.rules';
import type { EntryFilter } from '../entries/entry-filter.service';
import type { AdjustmentDimension } from './adjustment-dimension.rules';

/** What a report sums: the entries of a clinic behind a filter, over stretches of days. */
export interface ReportQuestion {
  readonly clinicId: string;
  readonly filter: EntryFilter;
  /** Stretches of days that do not overlap, unless asked for by different positions. */
  readonly stretches: readonly DayRange[];
  readonly by: readonly AdjustmentDimension[];
  /** Day under which insurance write-offs are counted; slices know the day of the entry only. */
  readonly basis: WriteOffDateBasis;
}

const isGiven = (member: unknown): boolean => member !== null && member !== undefined;

/** True where a report shows entries of every state, also of those that count in no total. */
export const showsAllStates = ({ filter, by }: Pick<ReportQuestion, 'filter' | 'by'>): boolean =>
  by.includes('APPROVAL_STATUS') || isGiven(filter.statuses);

/** Members of a filter that pick by something which only the ledger knows. */
const picksInLedger = (filter: EntryFilter): boolean =>
  filter.includeReversals === false ||
  [filter.patientId, filter.treatmentPlanId, filter.invoiceId, filter.minAmount, filter.maxAmount].some(isGiven);

/** Where the sums of a question are: in slices by category, in those by reason, payer, campaign and state, or in the ledger alone. */
export function sourceOf({
  filter,
  by,
  basis,
}: Pick<ReportQuestion, 'filter' | 'by' | 'basis'>): 'SLICES' | 'DETAILS' | 'LEDGER' {
  if (basis !== 'ADJUSTMENT_DATE' || picksInLedger(filter)) return 'LEDGER';
  const { reasonCodes, statuses, payers, campaignIds } = filter;
  const details: readonly AdjustmentDimension[] = ['REASON_CODE', 'APPROVAL_STATUS', 'PAYER', 'CAMPAIGN'];
  const isDetailed =
    [reasonCodes, statuses, payers, campaignIds].some(isGiven) || by.some((of) => details.includes(of));
  return isDetailed ? 'DETAILS' : 'SLICES';
}
