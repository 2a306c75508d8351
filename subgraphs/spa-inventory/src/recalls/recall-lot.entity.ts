import { ClinicKey } from '@practice-graph/kit';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { Recall } from './recall.entity';

/** A lot that came under a recall. */
@Entity('recall_lot')
@Index(['clinicId', 'lotId'])
@ForeignKey(() => Recall, ['clinicId', 'recallId'], ['clinicId', 'id'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
export class RecallLot {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  recallId: string;

  @PrimaryColumn({ type: 'uuid' })
  lotId: string;

  @Column({ type: 'timestamptz' })
  linkedAt: Date;
}
