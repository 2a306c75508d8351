import { ClinicKey, RowKey, UuidColumn } from '@practice-graph/kit';
import { RECALL_CLASSES, type RecallClassName } from '@practice-graph/practice';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { SupplyLot } from '../lots/supply-lot.entity';

/** A notice that blocks lots of supplies. The recall with its follow-up belongs to the other inventory. */
@Entity('supply_recall')
@Unique(['clinicId', 'numberKey', 'scopeKey'])
@Check(`recall_class IN (${RECALL_CLASSES.map((each) => `'${each}'`).join(', ')})`)
export class SupplyRecall {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  /** The recall of the other inventory, once it has told of it. */
  @UuidColumn({ nullable: true })
  recallId: string | null;

  @Column({ type: 'text' })
  numberKey: string;

  /** What was named, in one text: equal descriptions of one recall meet in it. */
  @Column({ type: 'text' })
  scopeKey: string;

  @Column({ type: 'text' })
  recallNumber: string;

  @Column({ type: 'text' })
  recallClass: RecallClassName;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'date' })
  announcedOn: string;

  @Column({ type: 'text', nullable: true })
  lotNumber: string | null;

  @Column({ type: 'text', nullable: true })
  lotKey: string | null;

  @Column({ type: 'text', array: true })
  gtins: string[];

  @UuidColumn({ nullable: true })
  itemId: string | null;

  @Column({ type: 'timestamptz' })
  startedAt: Date;

  @Column({ type: 'text' })
  startedBy: string;

  /** Ended by the owner of the recall. */
  @Column({ type: 'boolean' })
  calledOff: boolean;

  /** Ended here by request. */
  @Column({ type: 'timestamptz', nullable: true })
  liftedAt: Date | null;

  /** Version of the last event; 0 while only requested here. */
  @Column({ type: 'integer' })
  eventVersion: number;
}

/** A lot that came under a notice. */
@Entity('supply_recall_lot')
@Index(['clinicId', 'lotId'])
@ForeignKey(() => SupplyRecall, ['clinicId', 'noticeId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => SupplyLot, ['clinicId', 'lotId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
export class SupplyRecallLot {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  noticeId: string;

  @PrimaryColumn({ type: 'uuid' })
  lotId: string;
}

/** The condition under which a notice stands, for statements. */
export const STANDING = 'NOT called_off AND lifted_at IS NULL';
