import { ApiField, BooleanField, ClinicKey, EnumField, IntField, TextField } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { Entity, PrimaryColumn } from 'typeorm';
import { AdjustmentCategory } from '../entries/adjustment-category.types';

/** Known by its clinic and code; a code never changes, so it is the key. */
@Entity()
@ObjectType('ReasonCode', { simpleResolvers: true, description: 'A standard reason of a clinic.' })
export class ReasonCode {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'text' })
  @ApiField(() => String, { description: 'Code, unique in the clinic.' })
  code: string;

  @TextField({ description: 'Text for people.' })
  label: string;

  @EnumField(AdjustmentCategory, { description: 'Only category it may be used with.' })
  category: AdjustmentCategory;

  @BooleanField({ description: 'True when the entry needs a description or documents.' })
  requiresDocumentation: boolean;

  @BooleanField({ description: 'True when each use needs a decision.' })
  requiresApproval: boolean;

  @BooleanField({ description: 'False when it may no longer be used.' })
  active: boolean;

  /** Zero for a standard reason that the clinic has never saved. */
  @IntField({ description: 'Counter for optimistic locking; send it back as expectedVersion.' })
  version: number;
}
