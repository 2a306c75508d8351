import {
  ApiField,
  ClinicKey,
  DateField,
  DecimalScalar,
  EnumField,
  IdTextField,
  InstantField,
  IntField,
  UnitCostColumn,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Int, ObjectType, registerEnumType } from 'type-graphql';
import { Entity, Index, PrimaryColumn } from 'typeorm';

export const RecognitionMethod = { FULL_AT_START: 'FULL_AT_START', SPLIT: 'SPLIT' } as const;
export type RecognitionMethod = keyof typeof RecognitionMethod;
registerEnumType(RecognitionMethod, {
  name: 'RecognitionMethod',
  description: 'How a fee becomes production.',
  valuesConfig: {
    FULL_AT_START: { description: 'All of it on the day of the start.' },
    SPLIT: {
      description:
        'A part at the start, equal parts each month, a part at the debond; parts are cut so that they add up to the fee exactly.',
    },
  },
});

/** Known by the clinic and its version; a new setting is a new row, because running schedules keep theirs. */
@Entity()
@Index(['clinicId', 'effectiveFrom', 'version'])
@ObjectType('RecognitionPolicy', {
  simpleResolvers: true,
  description: 'How a clinic recognises the fee of a case as production.',
})
export class RecognitionPolicy {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'integer' })
  @ApiField(() => Int, { description: 'Counter for optimistic locking; send it back as expectedVersion.' })
  version: number;

  @DateField({ description: 'First day on which cases start under it.' })
  effectiveFrom: Day;

  @EnumField(RecognitionMethod, { description: 'Whole fee at the start, or in parts.' })
  method: RecognitionMethod;

  @UnitCostColumn({ nullable: true })
  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Share of the fee at the start, 0 to 1; null for FULL_AT_START.',
  })
  initialShare: Decimal | null;

  @UnitCostColumn({ nullable: true })
  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Share of the fee spread evenly over the months, 0 to 1; null for FULL_AT_START.',
  })
  monthlyShare: Decimal | null;

  @UnitCostColumn({ nullable: true })
  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Share of the fee at the debond, 0 to 1; null for FULL_AT_START.',
  })
  debondShare: Decimal | null;

  @IntField({
    nullable: true,
    description: 'Months over which the monthly share is spread when the case does not say; null for FULL_AT_START.',
  })
  months: number | null;

  @IdTextField({ description: 'User who set it.' })
  setBy: string;

  @InstantField({ description: 'When it was set.' })
  setAt: Date;
}
