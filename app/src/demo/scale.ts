/** How much happens in a clinic of the demonstration, by size. */
import { dayOf, monthsFrom } from './days';
import type { ClinicKey, DemoSize } from './organisation';

export interface Scale {
  /** First and last day with business; the anchor day itself stays empty, since its business has not happened yet. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Starts of a full-time orthodontist in a mean month. */
  readonly startsPerMonth: number;
  /** Months before the first day from which cases are still in treatment. */
  readonly monthsBefore: number;
  /** Spa visits of a full-time injector on a mean working day. */
  readonly visitsPerDay: number;
  /** Months with a campaign, 1 to 12. */
  readonly campaignMonths: readonly number[];
  /** Consultations of a hospital physician on a mean working day. */
  readonly consultationsPerDay: number;
  /** Part of the catalogue of supplies and products in use. */
  readonly catalogue: number;
  /** Days for which one lot lasts. */
  readonly supplyLotDays: number;
  readonly spaLotDays: number;
  /** Patients of the recalled lot: by an appliance, by a treatment, and by both. */
  readonly recalled: { readonly appliances: number; readonly treatments: number; readonly both: number };
  /** Days before the last one within which the recalled lot was used. */
  readonly recalledFrom: number;
  readonly recalledUntil: number;
}

const NOBODY = { appliances: 0, treatments: 0, both: 0 };

/** The scale of one clinic at an anchor day (YYYY-MM-DD). */
export function scaleOf(size: DemoSize, clinic: ClinicKey, anchor: string): Scale {
  const lastDay = dayOf(anchor) - 1;
  if (size === 'tiny')
    return {
      firstDay: lastDay - 59,
      lastDay,
      startsPerMonth: clinic === 'group' ? 7 : 4,
      monthsBefore: 4,
      visitsPerDay: 0.8,
      campaignMonths: [4, 6, 8],
      consultationsPerDay: 0,
      catalogue: 0.15,
      supplyLotDays: 30,
      spaLotDays: 30,
      recalled: clinic === 'group' ? { appliances: 5, treatments: 4, both: 2 } : NOBODY,
      recalledFrom: 50,
      recalledUntil: 3,
    };
  const isGroup = clinic === 'group';
  return {
    firstDay: isGroup || clinic === 'hospital' ? monthsFrom(lastDay, -23) : lastDay - 179,
    lastDay,
    startsPerMonth: isGroup ? 14 : 6,
    monthsBefore: isGroup ? 27 : 8,
    visitsPerDay: isGroup ? 2.05 : 1.2,
    campaignMonths: [4, 8],
    consultationsPerDay: 1.2,
    catalogue: isGroup ? 1 : 0.25,
    supplyLotDays: 94,
    spaLotDays: 64,
    recalled: isGroup ? { appliances: 150, treatments: 94, both: 30 } : NOBODY,
    recalledFrom: 150,
    recalledUntil: 20,
  };
}
