import { ApiField, DateScalar, DateTimeScalar, recordIdText, clinicIdText } from '@practice-graph/kit';
import { FinancialPeriodType, Period, type Day, type PeriodState } from '@practice-graph/practice';
import { Directive, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { UserError } from '../refusals';

export const FinancialPeriodStatus = {
  OPEN: 'OPEN',
  CLOSING: 'CLOSING',
  CLOSED: 'CLOSED',
  LOCKED: 'LOCKED',
} as const satisfies Record<PeriodState, PeriodState>;
export type FinancialPeriodStatus = keyof typeof FinancialPeriodStatus;
registerEnumType(FinancialPeriodStatus, {
  name: 'FinancialPeriodStatus',
  description: 'What may be posted into a period.',
  valuesConfig: {
    OPEN: { description: 'Everything.' },
    CLOSING: {
      description: 'Nothing, while the domains confirm that they have stopped; goes back to OPEN by reopening.',
    },
    CLOSED: { description: 'Nothing; corrections land in the first open period. May be reopened.' },
    LOCKED: { description: 'Nothing, for good.' },
  },
});

/** A period as it stands; made of the months that it consists of, so it has no row of its own. */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "clinicId type from to")')
@ObjectType('FinancialPeriod', {
  simpleResolvers: true,
  description: 'A month, quarter or year of the books with its lock; each domain adds what is still open in it.',
})
export class FinancialPeriod {
  /** Uuid of the clinic. */
  clinicUuid: string;

  /** Row uuid, which says which period it is. */
  rowId: string;

  @ApiField(() => ID, { name: 'id', description: 'Opaque identifier; carries the clinic it belongs to.' })
  get globalId(): string {
    return recordIdText(this.clinicUuid, this.rowId);
  }

  @ApiField(() => ID, { description: 'Clinic concerned.' })
  get clinicId(): string {
    return clinicIdText(this.clinicUuid);
  }

  @ApiField(() => FinancialPeriodType, { description: 'Length of the period.' })
  type: FinancialPeriodType;

  @ApiField(() => DateScalar, { description: 'First business day counted.' })
  from: Day;

  @ApiField(() => DateScalar, { description: 'Last business day counted.' })
  to: Day;

  @ApiField(() => Period, { description: 'Bounds with a label.' })
  period: Period;

  @ApiField(() => FinancialPeriodStatus, { description: 'What may still be posted into it, in all four domains.' })
  status: FinancialPeriodStatus;

  @ApiField(() => [String], {
    description: 'Domains that have not yet confirmed the closing, for example adjustments; empty unless CLOSING.',
  })
  unconfirmedDomains: string[];

  @ApiField(() => DateTimeScalar, { nullable: true, description: 'When it was closed; null before.' })
  closedAt: Date | null;

  @ApiField(() => ID, { nullable: true, description: 'User who closed it.' })
  closedBy: string | null;

  @ApiField(() => DateTimeScalar, { nullable: true, description: 'When it was locked; null before.' })
  lockedAt: Date | null;

  @ApiField(() => String, { nullable: true, description: 'Why it was last reopened; null if never.' })
  reopenReason: string | null;

  @ApiField(() => Int, {
    description: 'Counter for optimistic locking; send it back as expectedVersion.',
  })
  version: number;
}

@ObjectType('FinancialPeriodPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the period after the change.',
})
export class FinancialPeriodPayload {
  @ApiField(() => FinancialPeriod, {
    nullable: true,
    description: 'The period after the change; null when refused.',
  })
  financialPeriod: FinancialPeriod | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
