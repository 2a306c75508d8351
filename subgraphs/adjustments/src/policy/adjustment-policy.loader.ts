import { batchLoader } from '@practice-graph/kit';
import type { AdjustmentPolicy } from './adjustment-policy.entity';
import { policiesOn, type PolicyDay } from './adjustment-policy.service';

/** Rules in force on days of clinics within reach: one statement for N days. */
export const policies = batchLoader<PolicyDay, AdjustmentPolicy>(
  (tx, days) => policiesOn(tx, days),
  ({ clinicId, day }) => `${clinicId}/${day}`,
);
