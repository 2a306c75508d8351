/** What the practice plans by the calendar: its campaigns, and the reviews of its months. */
import { dateOf, monthOf, monthsFrom, monthStart } from './days';
import type { Ledger } from './ledger';
import { campaignId } from './organisation';
import type { CampaignRow, ReviewRow } from './adjustment-rows.types';

/** What families are offered in the months in which they look for a start. */
const SEASONS: Readonly<Record<number, readonly [code: string, name: string]>> = {
  4: ['SPRING', 'Spring smiles'],
  6: ['SUMMER', 'Summer start'],
  8: ['SCHOOL', 'Back to school'],
};

/** Discount that a campaign plans for each start of a mean month. */
const BUDGET_PER_START_CENTS = 10_000;

/** Days after which a month that has ended is reviewed. */
const REVIEWED_AFTER = 10;

/** Campaigns from the month before the books begin to the next one that is planned; a practice without starts has none. */
export function generateCampaigns({ of, clinicId, scale }: Ledger): CampaignRow[] {
  const doctors = of.places
    .filter((place) => place.kind !== 'HOSPITAL')
    .flatMap((place) => place.doctors)
    .reduce((sum, post) => sum + post.share, 0);
  if (doctors === 0) return [];
  const months: number[] = [];
  for (let first = monthsFrom(scale.firstDay, -1); ; first = monthsFrom(first, 1)) {
    if (!scale.campaignMonths.includes(monthOf(first))) continue;
    months.push(first);
    if (first > scale.lastDay) break;
  }
  return months.map((first, at) => {
    const [code, name] = SEASONS[monthOf(first)] as readonly [string, string];
    const year = dateOf(first).slice(0, 4);
    return {
      // Counted back from the one that is planned, so that the last one that ran is the same for every anchor day.
      ...{ clinicId, id: campaignId(of.key, months.length - 1 - at), code: `${code}-${year}`, name: `${name} ${year}` },
      ...{ startsOn: dateOf(first), endsOn: dateOf(monthsFrom(first, 1) - 1) },
      budgetCents: BUDGET_PER_START_CENTS * Math.ceil(doctors * scale.startsPerMonth),
    };
  });
}

/** Reviews of the months that ended a while ago; one of them, the fourth from the end, was forgotten. */
export function generateReviews({ clinicId, scale }: Ledger): ReviewRow[] {
  const reviews: ReviewRow[] = [];
  for (let first = monthStart(scale.firstDay); ; first = monthsFrom(first, 1)) {
    const next = monthsFrom(first, 1);
    if (next + REVIEWED_AFTER > scale.lastDay) break;
    reviews.push({ clinicId, month: dateOf(first).slice(0, 7), notes: 'Discussed with the owners' });
  }
  return reviews.filter((_, at) => at !== reviews.length - 4);
}
