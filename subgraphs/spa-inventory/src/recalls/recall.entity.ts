import {
  EnumField,
  IdTextField,
  InstantField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
} from '@practice-graph/kit';
import { RECALL_CLASSES, type RecallClassName } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Product } from '../products/product.entity';
import { RecallOutcome, RecallStatus } from './recall-status.types';

@Entity('recall')
@Index(['id'])
@Index(['clinicId', 'startedAt', 'id'])
@Index(['clinicId', 'lotKey'])
@ForeignKey(() => Product, ['clinicId', 'productId'], ['clinicId', 'id'])
@Check(`recall_class IN (${RECALL_CLASSES.map((each) => `'${each}'`).join(', ')})`)
@Check('recall_closed_check', `(status = 'CLOSED') = (outcome IS NOT NULL)`)
@Directive('@key(fields: "id")')
@ObjectType('Recall', { simpleResolvers: true, description: 'A recall with its follow-up.' })
export class Recall extends TenantRecord {
  @Column({ type: 'text' })
  recallNumber: string;

  @Column({ type: 'text' })
  recallClass: RecallClassName;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'date' })
  announcedOn: string;

  @TextField({ description: 'Lot number recalled; null for a product as a whole.', nullable: true })
  lotNumber: string | null;

  /** The number as it is matched: without regard to case and blanks. */
  @Column({ type: 'text', nullable: true })
  lotKey: string | null;

  @TextField({ description: 'GTIN that narrows the number; null for any.', nullable: true })
  gtin: string | null;

  /** What the caller named, of either inventory. */
  @UuidColumn({ nullable: true })
  itemId: string | null;

  /** The same where it is a product of this inventory. */
  @UuidColumn({ nullable: true })
  productId: string | null;

  /** Lot numbers that the other inventory blocked. */
  @Column({ type: 'text', array: true })
  supplyLotNumbers: string[];

  @EnumField(RecallStatus, { description: 'Where the recall stands.' })
  status: RecallStatus;

  @Column({ type: 'timestamptz' })
  startedAt: Date;

  @Column({ type: 'text' })
  startedBy: string;

  @InstantField({ description: 'When it was closed; null while open.', nullable: true })
  closedAt: Date | null;

  @IdTextField({ description: 'User who closed it.', nullable: true })
  closedBy: string | null;

  @EnumField(RecallOutcome, { description: 'How it ended.', nullable: true })
  outcome: RecallOutcome | null;

  @Column({ type: 'text', nullable: true })
  closeNote: string | null;

  @VersionField()
  version: number;
}
