import { ApiField, CurrencyCode, Decimal, DecimalScalar, Money } from '@practice-graph/kit';
import { ratio, Ratio, type Measures, type RatioValue } from '@practice-graph/practice';
import { Int, ObjectType } from 'type-graphql';

const MINUTES_OF_HOUR = 60;

/** Columns of the slices of production and how they are summed. */
export const PRODUCTION_SUMS = {
  gross: 'DECIMAL',
  adjustments: 'DECIMAL',
  collected: 'DECIMAL',
  insurance: 'DECIMAL',
  entryCount: 'COUNT',
  startCount: 'COUNT',
  startNet: 'DECIMAL',
  debondCount: 'COUNT',
  debondNet: 'DECIMAL',
  visitCount: 'COUNT',
} as const;
export type ProductionSums = Measures<typeof PRODUCTION_SUMS>;

/** Columns of the slices of chair time. */
export const CHAIR_SUMS = { availableMinutes: 'COUNT', usedMinutes: 'COUNT' } as const;
export type ChairSums = Measures<typeof CHAIR_SUMS>;

/** What is not summed with the rest; read when it is asked for. */
export interface MoreMeasures {
  /** Chair time of the scope; missing where it has no meaning. */
  readonly chairTime?: (() => Promise<ChairSums>) | undefined;
  /** Counts visits where their slices do not; the sum holds where it is missing. */
  readonly visits?: (() => Promise<number>) | undefined;
}

@ObjectType('ProductionMeasures', {
  simpleResolvers: true,
  description:
    'Production over some period and scope; only entries POSTED or later count unless a filter says otherwise.',
})
export class ProductionMeasures {
  constructor(
    currency: string,
    private readonly sums: ProductionSums,
    private readonly more: MoreMeasures = {},
  ) {
    this.currency = currency;
  }

  @ApiField(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @ApiField(() => Money, { description: 'Production before adjustments.' })
  get gross(): Decimal {
    return this.sums.gross;
  }

  @ApiField(() => Money, {
    description:
      'Approved adjustments that reduce net production and are dated in the range, linked to an entry or not; negative when they raise it.',
  })
  get adjustments(): Decimal {
    return this.sums.adjustments;
  }

  @ApiField(() => Money, {
    description:
      'Gross dated in the range minus affecting adjustments dated in the range, linked to an entry or not. May exceed gross and may be negative.',
  })
  get net(): Decimal {
    return this.sums.gross.minus(this.sums.adjustments);
  }

  @ApiField(() => Money, { description: 'Paid so far on the entries counted.' })
  get collected(): Decimal {
    return this.sums.collected;
  }

  @ApiField(() => Money, { description: 'Net minus collected.' })
  get outstanding(): Decimal {
    return this.net.minus(this.sums.collected);
  }

  @ApiField(() => Money, { description: 'Part of net that insurers are expected to pay.' })
  get insurancePortion(): Decimal {
    return this.sums.insurance;
  }

  @ApiField(() => Money, { description: 'Part of net that patients are expected to pay.' })
  get patientPortion(): Decimal {
    return this.net.minus(this.sums.insurance);
  }

  @ApiField(() => Int, {
    description:
      'Entries counted, zero amounts included: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  get entryCount(): number {
    return this.sums.entryCount;
  }

  @ApiField(() => Int, { description: 'Visits counted: distinct patients per day and location.' })
  get visitCount(): number | Promise<number> {
    return this.more.visits?.() ?? this.sums.visitCount;
  }

  @ApiField(() => Int, {
    description:
      'New patient starts: +1 on the day of the entry that makes a case started, −1 on the day its reversal counts; restarts and transfers in never count; a start without a case counts once per patient and day.',
  })
  get starts(): number {
    return this.sums.startCount;
  }

  @ApiField(() => Money, { description: 'Net production of the start entries.' })
  get startNet(): Decimal {
    return this.sums.startNet;
  }

  @ApiField(() => Int, {
    description: 'Cases debonded: +1 on the day of the debond entry, −1 on the day its reversal counts.',
  })
  get debonds(): number {
    return this.sums.debondCount;
  }

  @ApiField(() => Money, { description: 'Net production of the debond entries.' })
  get debondNet(): Decimal {
    return this.sums.debondNet;
  }

  @ApiField(() => Ratio, { description: 'Net production of everything over new patient starts.' })
  get perStart(): RatioValue {
    return ratio(this.net, this.starts);
  }

  @ApiField(() => Ratio, { description: 'Net production of start entries over new patient starts.' })
  get startNetPerStart(): RatioValue {
    return ratio(this.startNet, this.starts);
  }

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description:
      'Hours in which a chair was occupied; null where chair time has no meaning: case, patient, category, code, phase, system.',
  })
  get usedChairHours(): Promise<Decimal | null> {
    return this.chairHours('usedMinutes');
  }

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description:
      'Hours in which a chair was staffed and open; null where chair time has no meaning: case, patient, category, code, phase, system.',
  })
  get availableChairHours(): Promise<Decimal | null> {
    return this.chairHours('availableMinutes');
  }

  @ApiField(() => Ratio, {
    description: 'Net production over used chair hours; status UNAVAILABLE where these are null.',
  })
  get perUsedChairHour(): Promise<RatioValue> {
    return this.usedChairHours.then((hours) => ratio(this.net, hours));
  }

  @ApiField(() => Ratio, {
    description: 'Net production over available chair hours; status UNAVAILABLE where these are null.',
  })
  get perAvailableChairHour(): Promise<RatioValue> {
    return this.availableChairHours.then((hours) => ratio(this.net, hours));
  }

  @ApiField(() => Ratio, {
    description: 'Used over available chair hours; status UNAVAILABLE where these are null.',
  })
  get chairUtilization(): Promise<RatioValue> {
    return Promise.all([this.usedChairHours, this.availableChairHours]).then(([used, available]) =>
      ratio(used, available),
    );
  }

  private async chairHours(of: keyof ChairSums): Promise<Decimal | null> {
    const sums = await this.more.chairTime?.();
    return sums ? new Decimal(sums[of]).div(MINUTES_OF_HOUR) : null;
  }
}
