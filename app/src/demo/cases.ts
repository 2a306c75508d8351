/** Orthodontic cases from the first consultation to the retainer, with what each visit is booked at. */
import { dateOf, monthOf, monthsFrom, clinicDay } from './days';
import type { Ledger, Procedure } from './ledger';
import { planId, type Place, type Post } from './organisation';
import type { Random } from './random';
import type { ApplianceSystem, PlanRow } from './rows.types';

/** Families come in the school breaks: share of a mean month, January first. */
const SEASON = [0.95, 0.95, 1, 0.95, 1.05, 1.3, 1.25, 1.2, 0.85, 0.85, 0.8, 0.85];

const PHASES = [
  ['COMPREHENSIVE', 68],
  ['PHASE_1', 14],
  ['LIMITED', 10],
  ['PHASE_2', 8],
] as const;

const SYSTEMS: readonly (readonly [ApplianceSystem, number])[] = [
  ['METAL_BRACKETS', 58],
  ['CERAMIC_BRACKETS', 16],
  ['SELF_LIGATING', 16],
  ['ALIGNERS', 10],
];

/** One place bonds ceramic far more often than the others and keeps the least of its high production (story 4). */
const CERAMIC_SYSTEMS: typeof SYSTEMS = [
  ['CERAMIC_BRACKETS', 72],
  ['METAL_BRACKETS', 12],
  ['SELF_LIGATING', 10],
  ['ALIGNERS', 6],
];
export const CERAMIC_PLACE = 'orchard';

const START_SHARE = 0.28;
const DEBOND_SHARE = 0.1;
/** Of those who come for a consultation, so many start; the others stay under observation or do not come again. */
const ACCEPTANCE = 0.606;

const dollars = (random: Random, low: number, high: number, step: number): number =>
  (low + step * random.int(0, (high - low) / step)) * 100;

/** A contract fee in whole dollars, in cents; early and limited treatments cost about half. */
function fee(random: Random, phase: PlanRow['phase']): number {
  const part = phase === 'COMPREHENSIVE' ? 1 : phase === 'PHASE_2' ? 0.85 : 0.55;
  const drawn = random.logNormal(5_650 * part, 0.22);
  return Math.round(Math.min(9_500, Math.max(1_800, drawn))) * 100;
}

/** Cases of a clinic, those still running on the first day included. Patients of the recalled lot are marked. */
export class Cases {
  /** Cases whose bonding used the recalled lot. */
  readonly recalled = new Set<string>();
  private readonly random: Random;

  constructor(private readonly ledger: Ledger) {
    this.random = ledger.random.fork('cases');
  }

  generate(): void {
    const { firstDay, lastDay, monthsBefore, startsPerMonth } = this.ledger.scale;
    for (const place of this.ledger.of.places) {
      for (const post of place.kind === 'HOSPITAL' ? [] : place.doctors) {
        const from = monthsFrom(firstDay, -monthsBefore);
        for (let month = from; month <= lastDay; month = monthsFrom(month, 1)) {
          const mean = startsPerMonth * post.share * (SEASON[monthOf(month) - 1] as number);
          const starts = this.random.poisson(mean * (place.key === CERAMIC_PLACE ? 1.2 : 1));
          for (let n = 0; n < starts; n++) this.start(place, post, clinicDay(month + this.random.int(0, 27)));
        }
      }
    }
    this.eveningVisits();
  }

  private start(place: Place, post: Post, startDay: number): void {
    const { random, ledger } = this;
    const { scale } = ledger;
    if (startDay > scale.lastDay) return;
    const months = random.int(18, 26);
    const visitCount = Math.round((months * 30.4) / 49);
    const gaps = Array.from({ length: visitCount + 1 }, () => random.int(42, 56));
    const endDay = clinicDay(gaps.reduce((day, gap) => day + gap, startDay));
    const phase = random.weighted(PHASES);
    const system = random.weighted(place.key === CERAMIC_PLACE ? CERAMIC_SYSTEMS : SYSTEMS);
    const feeCents = fee(random, phase);
    const isInsured = random.chance(0.38);
    const turn = random.unit();
    const isTransferIn = turn > 0.99;
    if (endDay < scale.firstDay) return;
    const isRecalled =
      !isTransferIn &&
      this.recalled.size < scale.recalled.appliances &&
      startDay >= scale.lastDay - scale.recalledFrom &&
      startDay <= scale.lastDay - scale.recalledUntil;
    const number = isRecalled && this.recalled.size < scale.recalled.both ? this.recalled.size + 1 : undefined;
    const plan: PlanRow = {
      clinicId: ledger.clinicId,
      id: number === undefined ? ledger.idOn(startDay) : planId(ledger.of.key, number),
      patientId: ledger.patient(isInsured ? 'INSURED' : 'SELF_PAY', number),
      providerId: ledger.provider(post.provider),
      locationId: ledger.location(place),
      applianceSystem: system,
      phase,
      contractFeeCents: feeCents,
      plannedMonths: months,
      startedOn: dateOf(startDay),
      endedOn: endDay <= scale.lastDay ? dateOf(endDay) : null,
      status: endDay <= scale.lastDay ? 'COMPLETED' : 'ACTIVE',
      isRestart: turn < 0.01,
      isTransferIn,
    };
    ledger.plans.push(plan);
    if (isRecalled) this.recalled.add(plan.id);
    const book = (day: number, of: Pick<Procedure, 'code' | 'category' | 'description' | 'grossCents'>) =>
      ledger.book({
        ...{ place, provider: post.provider, patientId: plan.patientId, plan, day, ...of },
        minute: 8 * 60 + 10 * random.int(0, 50),
        insuranceCents: isInsured ? Math.round(of.grossCents * 0.3) : 0,
      });
    this.before(place, post, plan, startDay);
    this.treatment(book, plan, startDay, endDay, gaps);
  }

  /** Consultations, those of people who do not start included, and records. */
  private before(place: Place, post: Post, plan: PlanRow, startDay: number): void {
    const { random, ledger } = this;
    const at = { place, provider: post.provider, code: 'D8660', category: 'CONSULTATION' as const };
    const visit = (patientId: string, of: PlanRow | null, day: number) => {
      ledger.book({
        ...at,
        ...{ patientId, plan: of, day: clinicDay(day), minute: 8 * 60 + 10 * random.int(0, 50) },
        description: 'Examination and talk',
        grossCents: random.pick([0, 0, 0, 50, 75, 100, 150]) * 100,
        insuranceCents: 0,
      });
    };
    visit(plan.patientId, plan, startDay - random.int(14, 40));
    if (random.chance(1 / ACCEPTANCE - 1)) {
      const day = startDay - random.int(0, 30);
      if (ledger.isOpen(clinicDay(day))) visit(ledger.patient('SELF_PAY'), null, day);
    }
    ledger.book({
      ...{ ...at, code: 'D0330', category: 'RECORDS', description: 'Photos and scan' },
      ...{ patientId: plan.patientId, plan, day: clinicDay(startDay - random.int(5, 9)), minute: 8 * 60 + 30 },
      grossCents: dollars(random, 250, 350, 25),
      insuranceCents: 0,
    });
  }

  /** Bonding, visits, debond and retention; the parts make the contract fee to the cent. */
  private treatment(
    book: (day: number, of: Pick<Procedure, 'code' | 'category' | 'description' | 'grossCents'>) => unknown,
    plan: PlanRow,
    startDay: number,
    endDay: number,
    gaps: readonly number[],
  ): void {
    const { random } = this;
    const startCents = Math.round(plan.contractFeeCents * START_SHARE);
    const debondCents = Math.round(plan.contractFeeCents * DEBOND_SHARE);
    const visits = gaps.length - 1;
    const rest = plan.contractFeeCents - startCents - debondCents;
    const visitCents = Math.floor(rest / visits);
    if (!plan.isTransferIn)
      book(startDay, {
        code: plan.phase === 'PHASE_1' ? 'D8060' : plan.phase === 'LIMITED' ? 'D8030' : 'D8080',
        category: 'TREATMENT_START',
        description: 'Bonding',
        grossCents: startCents,
      });
    let day = startDay;
    for (let visit = 1; visit <= visits; visit++) {
      day += gaps[visit - 1] as number;
      const grossCents = visit === visits ? rest - visitCents * (visits - 1) : visitCents;
      book(clinicDay(day), {
        code: 'D8670',
        category: 'ADJUSTMENT',
        description: 'Visit during treatment',
        grossCents,
      });
      if (random.chance(0.06))
        book(clinicDay(day + random.int(3, 20)), {
          code: 'D8695',
          category: 'EMERGENCY',
          description: 'Loose bracket or wire',
          grossCents: random.chance(0.9) ? 0 : 4_500,
        });
    }
    book(endDay, { code: 'D8695', category: 'DEBOND', description: 'Removal', grossCents: debondCents });
    book(clinicDay(endDay + random.int(60, 120)), {
      code: 'D8680',
      category: 'RETENTION',
      description: 'Retainer check',
      grossCents: dollars(random, 150, 400, 25),
    });
  }

  /** At each turn of a month somebody comes when the day of the place and the day in UTC differ. */
  private eveningVisits(): void {
    const place = this.ledger.of.places.at(-1);
    const provider = place?.doctors[0]?.provider ?? place?.injectors[0]?.provider;
    if (!place || !provider) return;
    const isEast = !place.timeZone.startsWith('America/');
    const { firstDay, lastDay } = this.ledger.scale;
    for (let next = monthsFrom(firstDay, 1); next < lastDay - 1; next = monthsFrom(next, 1)) {
      this.ledger.book({
        // East of Greenwich the new month has begun while it is still the old one in UTC; in the west it is reversed.
        ...(isEast ? { day: next, minute: 30 } : { day: next - 1, minute: 21 * 60 + 40 }),
        ...{ place, provider, plan: null, patientId: this.ledger.patient('SELF_PAY') },
        ...{ code: 'D9440', category: 'OTHER', description: 'Visit after hours', grossCents: 12_500 },
        insuranceCents: 0,
      });
    }
  }
}
