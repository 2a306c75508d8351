import { ClinicKey, MoneyColumn, QuantityColumn, UuidColumn, type Decimal } from '@practice-graph/kit';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SupplyLot } from './supply-lot.entity';

/** Stock of a lot at a location: the sum of its movements, never below zero. */
@Entity()
@ForeignKey(() => SupplyLot, ['clinicId', 'lotId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Index(['clinicId', 'itemId', 'locationId'])
@Check('on_hand >= 0')
export class SupplyStock {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  lotId: string;

  @PrimaryColumn({ type: 'uuid' })
  locationId: string;

  @UuidColumn()
  itemId: string;

  @Column({ type: 'text', nullable: true })
  storageLocation: string | null;

  /** First business day on which some of the lot was there. */
  @Column({ type: 'date' })
  receivedOn: string;

  @QuantityColumn()
  onHand: Decimal;

  /** Received minus used, to the cent; what has no price is missing from it. */
  @MoneyColumn()
  value: Decimal;

  /** Number of the last movement. */
  @Column({ type: 'integer' })
  moves: number;
}
