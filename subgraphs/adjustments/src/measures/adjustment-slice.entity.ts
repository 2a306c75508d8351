import { ClinicKey, type Decimal } from '@practice-graph/kit';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

const sum = { type: 'numeric', precision: 16, scale: 2 } as const;

/** Pre-summed amounts of one category, by day and by month; rebuilt at any time from the ledger. */
@Entity()
@Index(['clinicId', 'dim', 'grain', 'period'])
@Check("dim IN ('T', 'L', 'P', 'LP')")
@Check("grain IN ('D', 'M')")
export class AdjustmentSlice {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'text' })
  dim: 'T' | 'L' | 'P' | 'LP';

  @PrimaryColumn({ type: 'uuid' })
  locationId: string;

  @PrimaryColumn({ type: 'uuid' })
  providerId: string;

  @PrimaryColumn({ type: 'text' })
  grain: 'D' | 'M';

  @PrimaryColumn({ type: 'date' })
  period: string;

  @PrimaryColumn({ type: 'text', default: '' })
  category: string;

  @PrimaryColumn({ type: 'smallint', default: 0 })
  slot: number;

  @Column(sum)
  amount: Decimal;

  @Column(sum)
  absolute: Decimal;

  @Column(sum)
  effect: Decimal;

  @Column(sum)
  unlinkedEffect: Decimal;

  @Column({ type: 'integer' })
  entries: number;

  /** Amount that waits for a decision. */
  @Column({ ...sum, default: 0 })
  pending: Decimal;

  /** Part of the waiting amount that would reduce net production. */
  @Column({ ...sum, default: 0 })
  pendingEffect: Decimal;

  @Column({ type: 'integer', default: 0 })
  pendingEntries: number;
}
