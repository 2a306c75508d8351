import { ClinicKey } from '@practice-graph/kit';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeptSum } from './adjustment-review.rules';

/** One review of a month, never changed; a later one of the same month has the next revision. */
@Entity({ name: 'adjustment_review' })
export class KeptReview {
  @ClinicKey()
  clinicId: string;

  /** First day of the month. */
  @PrimaryColumn({ type: 'date' })
  month: string;

  @PrimaryColumn({ type: 'integer' })
  revision: number;

  @Column({ type: 'text' })
  reviewedBy: string;

  @Column({ type: 'timestamptz' })
  reviewedAt: Date;

  @Column({ type: 'text', nullable: true })
  notes: string | null;

  /** Sums of the month by category at the review. */
  @Column({ type: 'json' })
  sums: readonly KeptSum[];

  @Column({ type: 'text', nullable: true })
  sourceHighWaterMark: string | null;
}
