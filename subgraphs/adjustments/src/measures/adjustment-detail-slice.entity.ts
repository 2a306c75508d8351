import { ClinicKey, type Decimal } from '@practice-graph/kit';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

const sum = { type: 'numeric', precision: 16, scale: 2 } as const;

/**
 * Pre-summed amounts of entries of one category, reason, payer, campaign and state, by day and by month: of all places
 * and providers together, of each place, of each provider, and of each pair.
 */
@Entity()
@Check("place IN ('T', 'L', 'P', 'LP')")
@Check("grain IN ('D', 'M')")
export class AdjustmentDetailSlice {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'text' })
  place: 'T' | 'L' | 'P' | 'LP';

  @PrimaryColumn({ type: 'text' })
  grain: 'D' | 'M';

  @PrimaryColumn({ type: 'date' })
  period: string;

  /** The nil uuid for none, and where `place` does not split by it. */
  @PrimaryColumn({ type: 'uuid' })
  locationId: string;

  @PrimaryColumn({ type: 'uuid' })
  providerId: string;

  @PrimaryColumn({ type: 'text' })
  category: string;

  @PrimaryColumn({ type: 'text' })
  reasonCode: string;

  /** Empty for none. */
  @PrimaryColumn({ type: 'text' })
  payer: string;

  /** The nil uuid for none. */
  @PrimaryColumn({ type: 'uuid' })
  campaignId: string;

  @PrimaryColumn({ type: 'text' })
  approvalStatus: string;

  @PrimaryColumn({ type: 'smallint', default: 0 })
  slot: number;

  @Column(sum)
  amount: Decimal;

  @Column(sum)
  absolute: Decimal;

  @Column(sum)
  effect: Decimal;

  @Column({ type: 'integer' })
  entries: number;

  /** Entries without sign that stand behind it; a slice of none is as if it were not there. */
  @Column({ type: 'integer' })
  facts: number;

  /** What contracts let expect of insurance write-offs, the amount of these, and how many they are. */
  @Column(sum)
  expected: Decimal;

  @Column(sum)
  contracted: Decimal;

  @Column({ type: 'integer' })
  contracts: number;
}
