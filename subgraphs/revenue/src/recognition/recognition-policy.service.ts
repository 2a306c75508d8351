import { hydrate, prepared, type Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { RecognitionPolicy } from './recognition-policy.entity';

const FIRST_DAY: Day = '1900-01-01';

/** What holds for a clinic before it sets anything: all of the fee at the start (E-18). */
export const defaultPolicy = (clinicId: string): RecognitionPolicy =>
  Object.assign(new RecognitionPolicy(), {
    clinicId,
    version: 0,
    effectiveFrom: FIRST_DAY,
    method: 'FULL_AT_START',
    initialShare: null,
    monthlyShare: null,
    debondShare: null,
    months: null,
    setBy: 'system',
    setAt: new Date(`${FIRST_DAY}T00:00:00Z`),
  });

/** The policy under which cases start on a day. */
export async function policyOn(tx: Tx, clinicId: string, day: Day): Promise<RecognitionPolicy> {
  const found = await prepared(
    tx,
    `SELECT * FROM recognition_policy WHERE clinic_id = $1 AND effective_from <= $2::date
     ORDER BY effective_from DESC, version DESC LIMIT 1`,
    [clinicId, day],
  );
  return hydrate(tx, RecognitionPolicy, found)[0] ?? defaultPolicy(clinicId);
}
