import { ClinicKey, type Decimal } from '@practice-graph/kit';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

const sum = { type: 'numeric', precision: 16, scale: 2 } as const;

/** Pre-summed amounts of one category of one reason, payer, campaign or state, by day and by month. */
@Entity()
@Check("dim IN ('REASON_CODE', 'PAYER', 'CAMPAIGN', 'APPROVAL_STATUS')")
@Check("grain IN ('D', 'M')")
export class AdjustmentDetailSlice {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'text' })
  dim: string;

  @PrimaryColumn({ type: 'text' })
  grain: 'D' | 'M';

  @PrimaryColumn({ type: 'date' })
  period: string;

  /** Empty for entries that name none. */
  @PrimaryColumn({ type: 'text' })
  member: string;

  @PrimaryColumn({ type: 'text' })
  category: string;

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

  @Column(sum)
  pending: Decimal;

  @Column(sum)
  pendingEffect: Decimal;

  @Column({ type: 'integer' })
  pendingEntries: number;

  /** By state: every entry, whatever its state. */
  @Column(sum)
  allAmount: Decimal;

  @Column({ type: 'integer' })
  allEntries: number;

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
