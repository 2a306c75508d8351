/** Adjustments of the demonstration: who was granted what, what insurers did not pay, what was undone. */
import { DAY_MS, dateOf, dayOf, monthOf, monthsFrom, monthStart, weekdayOf, workday } from './days';
import type { Ledger } from './ledger';
import { providerId } from './organisation';
import { expectedOf, payerOf } from './payers';
import type { Random } from './random';
import type { AdjustmentCategory, AdjustmentRow, CampaignRow, ClaimRow, FeeRow } from './adjustment-rows.types';
import type { EntryRow, PlanRow } from './rows.types';

/** One provider grants courtesies 2.6 times as often as the others (planted story 3). */
export const COURTESY_PROVIDER = 'DR-07';
const COURTESY_FACTOR = 2.6;

const DESCRIPTIONS: Readonly<Record<AdjustmentCategory, string>> = {
  INSURANCE_WRITEOFF: 'Contracted fee of the insurer',
  COURTESY_DISCOUNT: 'Favour of the provider',
  PROFESSIONAL_DISCOUNT: 'Colleague of the profession',
  FAMILY_DISCOUNT: 'Second child of the family',
  BAD_DEBT: 'Not collectible after several efforts',
  SMALL_BALANCE: 'Too small to collect',
  PROMOTIONAL: 'Seasonal campaign',
  TIMING_ADJUSTMENT: 'Shift between months',
  ERROR_CORRECTION: 'Wrong fee booked',
  RECOVERY: 'Paid after it was given up',
  OTHER: 'Goodwill after a complaint',
};

type Facts = Pick<AdjustmentRow, 'category' | 'amountCents'> &
  Partial<Pick<AdjustmentRow, 'reversesId' | 'recoveryOfId' | 'entryId'>>;

export class WriteOffs {
  readonly rows: AdjustmentRow[] = [];
  private readonly random: Random;
  private readonly records: Random;
  private readonly claims: Random;
  private readonly insured: ReadonlySet<string>;

  constructor(
    private readonly ledger: Ledger,
    private readonly campaigns: readonly CampaignRow[],
    private readonly fees: readonly FeeRow[],
  ) {
    this.random = ledger.random.fork('write-offs');
    this.records = ledger.random.fork('records');
    this.claims = ledger.random.fork('claims');
    this.insured = new Set(ledger.patients.filter((of) => of.patientType === 'INSURED').map((of) => of.id));
  }

  generate(entries: readonly EntryRow[]): AdjustmentRow[] {
    const plans = new Map(this.ledger.plans.map((plan) => [plan.id, plan]));
    for (const entry of entries) {
      if (entry.grossCents === 0) continue;
      const plan = entry.planId === null ? undefined : plans.get(entry.planId);
      this.discounts(entry, plan);
      this.collections(entry);
      this.corrections(entry);
    }
    this.refundOnSunday(entries);
    this.refundAfterTheMonth(entries);
    return this.rows.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1));
  }

  /** Nobody works on a Sunday: what would fall on one is booked on Monday. */
  private add(entry: EntryRow, day: number, facts: Facts): AdjustmentRow | undefined {
    return this.addOn(entry, weekdayOf(day) === 7 ? day + 1 : day, facts);
  }

  private addOn(entry: EntryRow, day: number, facts: Facts): AdjustmentRow | undefined {
    const { ledger } = this;
    if (!ledger.isOpen(day) || facts.amountCents === 0) return undefined;
    const row: AdjustmentRow = {
      clinicId: ledger.clinicId,
      id: ledger.idAt(day * DAY_MS + DAY_MS / 2),
      ...{ locationId: entry.locationId, providerId: entry.providerId, patientId: entry.patientId },
      ...{ planId: entry.planId, entryId: entry.id, date: dateOf(day), description: DESCRIPTIONS[facts.category] },
      ...{ reversesId: null, recoveryOfId: null, campaignId: null, payer: null, expectedCents: null, claim: null },
      ...facts,
      ...(facts.category === 'PROMOTIONAL' && { campaignId: this.campaignOn(dateOf(day)) }),
      ...(facts.category === 'INSURANCE_WRITEOFF' && {
        ...this.contractOf(entry),
        claim: this.claimOf(entry, day, facts.amountCents),
      }),
    };
    this.rows.push(row);
    return row;
  }

  private campaignOn(date: string): string | null {
    return this.campaigns.find(({ startsOn, endsOn }) => startsOn <= date && date <= endsOn)?.id ?? null;
  }

  /** Who insures the patient, and what that contract lets expect of a claim for the procedure. */
  private contractOf(entry: EntryRow): Pick<AdjustmentRow, 'payer' | 'expectedCents'> {
    const payer = payerOf(entry.patientId);
    return { payer, expectedCents: expectedOf(this.fees, payer, entry) };
  }

  /**
   * A claim is sent on the day on which its write-off is booked and paid weeks later, if that day has come; one in four
   * comes out other than it was estimated. So the same write-offs belong to other months by other days (REV-59).
   */
  private claimOf(entry: EntryRow, day: number, amountCents: number): ClaimRow {
    const { claims } = this;
    const paid = workday(day + claims.int(12, 40));
    const isOff = claims.chance(0.25);
    const estimate = 100 * Math.round((amountCents / 100) * (0.85 + 0.3 * claims.unit()));
    const isPaid = paid <= this.ledger.scale.lastDay;
    return {
      ...{ procedureDate: entry.date, claimDate: dateOf(day), paymentDate: isPaid ? dateOf(paid) : null },
      estimatedCents: isPaid && isOff ? estimate : null,
    };
  }

  /** What lowers the price: insurers' contracts, favours and campaigns. */
  private discounts(entry: EntryRow, plan: PlanRow | undefined): void {
    const { random } = this;
    const day = dayOf(entry.date);
    const isStart = entry.category === 'TREATMENT_START';
    const share = (low: number, high: number) => Math.round(entry.grossCents * (low + (high - low) * random.unit()));
    if (isStart && plan && entry.insuranceCents > 0) {
      // Twelve to twenty-two hundredths of the fee, half of it with the first claim and half with the second.
      const writeOff = plan.contractFeeCents * (0.12 + 0.1 * random.unit());
      this.add(entry, day + random.int(0, 2), {
        category: 'INSURANCE_WRITEOFF',
        amountCents: Math.round(writeOff / 2),
      });
      this.add(entry, day + random.int(150, 200), {
        category: 'INSURANCE_WRITEOFF',
        amountCents: Math.round(writeOff / 2),
      });
    }
    // Records are paid at the rate of a cheaper alternative for most of the insured.
    if (entry.category === 'RECORDS' && this.insured.has(entry.patientId) && this.records.chance(0.72))
      this.add(entry, day + this.records.int(10, 40), {
        category: 'INSURANCE_WRITEOFF',
        amountCents: Math.round(entry.grossCents * (0.08 + 0.08 * this.records.unit())),
      });
    const isGenerous = entry.providerId === providerId(this.ledger.of.key, COURTESY_PROVIDER);
    if (random.chance(0.0155 * (isGenerous ? COURTESY_FACTOR : 1)))
      this.add(entry, day, { category: 'COURTESY_DISCOUNT', amountCents: share(0.5, 1) });
    // Colleagues and families pay less for the whole case, which is granted when it starts.
    const ofFee = (low: number, high: number) =>
      isStart && plan ? Math.round(plan.contractFeeCents * (low + (high - low) * random.unit())) : share(low, high);
    if (random.chance(isStart ? 0.027 : 0.002))
      this.add(entry, day, { category: 'PROFESSIONAL_DISCOUNT', amountCents: ofFee(0.1, 0.2) });
    if (random.chance(isStart ? 0.072 : 0.004))
      this.add(entry, day, { category: 'FAMILY_DISCOUNT', amountCents: ofFee(0.1, 0.15) });
    if (isStart && random.chance(this.ledger.scale.campaignMonths.includes(monthOf(day)) ? 0.5 : 0.05))
      this.add(entry, day, { category: 'PROMOTIONAL', amountCents: 100 * random.int(255, 555) });
  }

  /** What was not paid. Bad debt is given up half a year later, and a part of it comes back. */
  private collections(entry: EntryRow): void {
    const { random } = this;
    const day = dayOf(entry.date);
    if (random.chance(0.0124)) {
      const givenUp = day + random.int(180, 260);
      const amountCents = Math.round(entry.grossCents * (0.85 + 0.15 * random.unit()));
      const debt = this.add(entry, givenUp, { category: 'BAD_DEBT', amountCents });
      // Some come back after the last day, so that about one in seven has come back until then.
      if (debt && random.chance(0.27))
        this.add(entry, givenUp + random.int(60, 270), {
          category: 'RECOVERY',
          amountCents: Math.max(1, Math.round(amountCents * (0.3 + 0.7 * random.unit()))),
          recoveryOfId: debt.id,
        });
    }
    if (random.chance(0.0056))
      this.add(entry, day + random.int(30, 60), { category: 'SMALL_BALANCE', amountCents: random.int(50, 999) });
  }

  /** Booking errors, most of which are undone within days, and shifts between months. */
  private corrections(entry: EntryRow): void {
    const { random } = this;
    const day = dayOf(entry.date);
    if (random.chance(0.0053)) {
      const sign = random.chance(0.25) ? -1 : 1;
      const wrong = this.add(entry, day + random.int(0, 5), {
        category: 'ERROR_CORRECTION',
        amountCents: sign * 100 * random.int(20, 240),
      });
      if (wrong && random.chance(0.71)) this.undo(entry, wrong, workday(dayOf(wrong.date) + random.int(1, 12)));
    }
    if (random.chance(0.0026))
      this.add(entry, day, {
        category: 'TIMING_ADJUSTMENT',
        amountCents: (random.chance(0.5) ? 1 : -1) * 100 * random.int(50, 240),
      });
    if (random.chance(0.0005)) this.add(entry, day, { category: 'OTHER', amountCents: 100 * random.int(10, 90) });
  }

  private undo(entry: EntryRow, wrong: AdjustmentRow, day: number): AdjustmentRow | undefined {
    return this.addOn(entry, day, {
      category: wrong.category,
      amountCents: -wrong.amountCents,
      reversesId: wrong.id,
      entryId: wrong.entryId,
    });
  }

  /** A correction is undone on a Sunday without any production: net is above gross on that day (planted story 15). */
  private refundOnSunday(entries: readonly EntryRow[]): void {
    const { firstDay, lastDay } = this.ledger.scale;
    let sunday = lastDay - 6;
    while (weekdayOf(sunday) !== 7) sunday--;
    const before = dateOf(sunday - 2);
    const entry =
      entries.find((e) => e.date === before && e.grossCents > 0) ?? entries.findLast((e) => e.date < before);
    if (!entry || sunday - 2 < firstDay) return;
    const wrong = this.add(entry, sunday - 2, { category: 'ERROR_CORRECTION', amountCents: 12_345 });
    if (wrong) this.undo(entry, wrong, sunday);
  }

  /** A correction of one month is undone in the next, when the first may be closed (planted story 6). */
  private refundAfterTheMonth(entries: readonly EntryRow[]): void {
    const { lastDay } = this.ledger.scale;
    const month = monthStart(lastDay) + 9 <= lastDay ? monthStart(lastDay) : monthsFrom(lastDay, -1);
    const before = workday(monthsFrom(month, -1) + 19);
    const entry = entries.findLast((e) => e.date <= dateOf(before) && e.grossCents > 0);
    const wrong = entry && this.add(entry, before, { category: 'ERROR_CORRECTION', amountCents: 43_210 });
    if (entry && wrong) this.undo(entry, wrong, workday(month + 4));
  }
}
