import {
  DateField,
  EnumField,
  IdTextField,
  InstantField,
  TenantRecord,
  UuidColumn,
  VersionField,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, Unique } from 'typeorm';

export const DaySheetStatus = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
export type DaySheetStatus = keyof typeof DaySheetStatus;
registerEnumType(DaySheetStatus, {
  name: 'DaySheetStatus',
  description: 'State of a day sheet.',
  valuesConfig: {
    OPEN: { description: 'Takes entries of its day.' },
    CLOSED: { description: 'Frozen; a late entry goes to the next open day or needs a reopening.' },
  },
});

@Entity()
@Unique(['clinicId', 'locationId', 'businessDate'])
@Index(['id'])
@Index(['clinicId', 'businessDate', 'id'])
@Directive('@key(fields: "id")')
@ObjectType('DaySheet', {
  simpleResolvers: true,
  description: 'Entries of one location and business day.',
})
export class DaySheet extends TenantRecord {
  @UuidColumn()
  locationId: string;

  @DateField({ description: 'The business day.' })
  businessDate: Day;

  @EnumField(DaySheetStatus, { description: 'Open for entries or closed.' })
  status: DaySheetStatus;

  @InstantField({ nullable: true, description: 'When it was closed; null while open.' })
  closedAt: Date | null;

  @IdTextField({ nullable: true, description: 'User who closed it.' })
  closedBy: string | null;

  /** Sums of the day at the moment of closing, amounts as text; null while open. */
  @Column({ type: 'json', nullable: true })
  frozen: Record<string, string> | null;

  @VersionField()
  version: number;
}
