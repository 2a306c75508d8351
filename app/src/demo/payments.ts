/** Money that came in for production of the demonstration: from patients, from collecting services, from insurers. */
import { dateOf, dayOf, instantMs, weekdayOf, workday } from './days';
import type { Ledger } from './ledger';
import { payerOf } from './payers';
import type { Random } from './random';
import type { AdjustmentRow, RequestRow } from './adjustment-rows.types';
import type { EntryRow, PaymentRow } from './rows.types';

/** Of so many entries the patient pays all, of the others a part that is at most the second number. */
const PAID_IN_FULL = 0.966;
const PART_MAX = 0.7;
/** Patients of orthodontists whose instalments a service collects, which remits once a week for all of them. */
const COLLECTED_BY_SERVICE = 0.6;
/** Of the patients' parts of bondings, so many are paid in two halves. */
const IN_TWO = 0.3;
/** Smallest part, in hundredths, that anybody pays in two. */
const HALVES_FROM_CENTS = 50_000;
/** An insurer pays so many days after the visit, on the next of its weekdays. */
const INSURER_DAYS = [30, 54] as const;
/** Days after the visit from which patients pay; each has a day of the month for it. */
const PATIENT_AFTER_DAYS = 5;
const PAYDAYS = 28;

const OWN_METHODS = [
  ['CARD', 58],
  ['BANK_TRANSFER', 20],
  ['WALLET', 13],
  ['CASH', 9],
] as const;
const DESK_METHODS: Readonly<Record<'HOSPITAL' | 'OTHER', readonly (readonly [PaymentRow['method'], number])[]>> = {
  HOSPITAL: [
    ['CASH', 50],
    ['CARD', 26],
    ['WALLET', 24],
  ],
  OTHER: [
    ['CARD', 82],
    ['WALLET', 14],
    ['CASH', 4],
  ],
};

/** One payment while its parts are gathered. */
interface Gathered {
  readonly locationId: string;
  readonly patientId: string | null;
  readonly day: number;
  /** Instant of payments at the desk; the others are booked at a minute of their day. */
  atMs: number | null;
  readonly method: PaymentRow['method'];
  readonly parts: Map<string, number>;
}

/** What those who adjust an entry leave to be paid, and what of it the insurer pays. */
interface Due {
  readonly cents: number;
  readonly insurerCents: number;
}

export class Payments {
  private readonly random: Random;
  private readonly gathered = new Map<string, Gathered>();
  private readonly zones: ReadonlyMap<string, string>;
  private readonly kinds: ReadonlyMap<string, string>;
  private readonly habits = new Map<string, { readonly isCollected: boolean; readonly payday: number }>();

  constructor(private readonly ledger: Ledger) {
    this.random = ledger.random.fork('payments');
    const places = ledger.of.places.map((place) => [ledger.location(place), place] as const);
    this.zones = new Map(places.map(([id, place]) => [id, place.timeZone]));
    this.kinds = new Map(places.map(([id, place]) => [id, place.kind]));
  }

  /**
   * What was paid until the last day. Patients of orthodontists pay weeks after the visit, insurers after one to two
   * months, everybody else at the desk. Nobody pays what was granted or given up, or what may still be granted.
   */
  generate(
    entries: readonly EntryRow[],
    adjustments: readonly AdjustmentRow[],
    requests: readonly RequestRow[],
  ): PaymentRow[] {
    const due = dueOf(adjustments, requests);
    for (const entry of entries) {
      const { cents, insurerCents } = due(entry);
      if (cents <= 0) continue;
      const isPaidAtDesk = entry.planId === null && entry.insuranceCents === 0;
      const ownCents = this.kept(cents - insurerCents);
      if (isPaidAtDesk) this.payAtDesk(entry, ownCents);
      else this.payLater(entry, ownCents);
      this.payByInsurer(entry, insurerCents);
    }
    return this.rows();
  }

  /** All of what is due, or for a few only a part of it. */
  private kept(cents: number): number {
    const { random } = this;
    return random.chance(PAID_IN_FULL) ? cents : Math.round(cents * PART_MAX * random.unit());
  }

  private payAtDesk(entry: EntryRow, cents: number): void {
    const methods = DESK_METHODS[this.kinds.get(entry.locationId) === 'HOSPITAL' ? 'HOSPITAL' : 'OTHER'];
    this.pay(entry, cents, dayOf(entry.date), {
      key: `desk ${entry.patientId} ${entry.date}`,
      method: this.random.weighted(methods),
      atMs: Date.parse(entry.occurredAt) + 20 * 60_000,
    });
  }

  private payLater(entry: EntryRow, cents: number): void {
    const { isCollected, payday } = this.habitOf(entry.patientId);
    const after = dayOf(entry.date) + PATIENT_AFTER_DAYS;
    if (isCollected) {
      const day = nextWeekday(after + this.random.int(0, 24), 4);
      this.pay(entry, cents, day, { key: `service ${entry.locationId}`, method: 'BANK_TRANSFER', isOfMany: true });
      return;
    }
    const own = (day: number, part: number): void =>
      this.pay(entry, part, day, { key: `own ${entry.patientId}`, method: this.random.weighted(OWN_METHODS) });
    const last = workday(nextPayday(after, payday));
    const isInTwo = entry.category === 'TREATMENT_START' && cents >= HALVES_FROM_CENTS && this.random.chance(IN_TWO);
    const first = isInTwo ? Math.round(cents / 2) : 0;
    if (first > 0) own(workday(after), first);
    own(last, cents - first);
  }

  private payByInsurer(entry: EntryRow, cents: number): void {
    if (cents <= 0) return;
    const payer = payerOf(entry.patientId);
    const day = nextWeekday(dayOf(entry.date) + this.random.int(...INSURER_DAYS), 1 + (payer.charCodeAt(6) % 5));
    this.pay(entry, cents, day, { key: `${payer} ${entry.locationId}`, method: 'INSURANCE', isOfMany: true });
  }

  /** Adds a part to the payment of this key and day, unless that day is still to come. */
  private pay(
    entry: EntryRow,
    cents: number,
    day: number,
    by: {
      readonly key: string;
      readonly method: PaymentRow['method'];
      readonly isOfMany?: true;
      readonly atMs?: number;
    },
  ): void {
    if (cents <= 0 || day > this.ledger.scale.lastDay) return;
    const key = `${by.key} ${String(day)}`;
    let payment = this.gathered.get(key);
    if (!payment) {
      payment = {
        ...{ locationId: entry.locationId, patientId: by.isOfMany ? null : entry.patientId, day, method: by.method },
        ...{ atMs: by.atMs ?? null, parts: new Map() },
      };
      this.gathered.set(key, payment);
    }
    // Whoever was seen twice on a day pays after the second time.
    if (by.atMs !== undefined) payment.atMs = by.atMs;
    payment.parts.set(entry.id, (payment.parts.get(entry.id) ?? 0) + cents);
  }

  private habitOf(patientId: string) {
    let habit = this.habits.get(patientId);
    if (!habit) {
      const { random } = this;
      habit = { isCollected: random.chance(COLLECTED_BY_SERVICE), payday: random.int(1, PAYDAYS) };
      this.habits.set(patientId, habit);
    }
    return habit;
  }

  private rows(): PaymentRow[] {
    const { random } = this;
    const rows = [...this.gathered.values()].map(({ day, atMs, parts, ...of }): PaymentRow => {
      const ms = atMs ?? instantMs(this.zones.get(of.locationId) as string, day, 9 * 60 + random.int(0, 479));
      return {
        ...{ clinicId: this.ledger.clinicId, id: random.id(ms), ...of },
        ...{ date: dateOf(day), paidAt: new Date(ms).toISOString() },
        parts: [...parts].map(([entryId, cents]) => ({ entryId, cents })),
      };
    });
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** The day itself or the next that is this day of the week. */
const nextWeekday = (day: number, weekday: number): number => day + ((weekday - weekdayOf(day) + 7) % 7);

/** The first day, this one or later, that has this number in its month. */
function nextPayday(day: number, payday: number): number {
  const inMonth = Number(dateOf(day).slice(8));
  if (inMonth <= payday) return day + payday - inMonth;
  const next = dayOf(`${dateOf(day - inMonth + 32).slice(0, 7)}-01`);
  return next + payday - 1;
}

/**
 * What there is to pay of each entry: what it earned, less what was granted and given up until the last day and what is
 * asked for. A recovery is told by its own adjustment. Of that the insurer pays its part less what it wrote off.
 */
function dueOf(adjustments: readonly AdjustmentRow[], requests: readonly RequestRow[]): (entry: EntryRow) => Due {
  const taken = new Map<string, number>();
  const writtenOff = new Map<string, number>();
  const add = (sums: Map<string, number>, id: string | null, cents: number): void => {
    if (id !== null) sums.set(id, (sums.get(id) ?? 0) + cents);
  };
  for (const { entryId, amountCents, category } of adjustments) {
    if (category !== 'RECOVERY') add(taken, entryId, amountCents);
    if (category === 'INSURANCE_WRITEOFF') add(writtenOff, entryId, amountCents);
  }
  for (const { entryId, amountCents, status } of requests)
    if (status === 'PENDING') add(taken, entryId, Math.max(0, amountCents));
  return (entry) => {
    const cents = entry.grossCents - (taken.get(entry.id) ?? 0);
    const insurer = entry.insuranceCents - (writtenOff.get(entry.id) ?? 0);
    return { cents, insurerCents: Math.max(0, Math.min(insurer, cents)) };
  };
}
