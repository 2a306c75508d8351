import { audit, insert, Refused, rows, type Tx } from '@practice-graph/kit';
import { lockName } from '../clinics/saving.service';
import { requireProduction } from '../production/production-lines.service';
import { refuse } from '../refusals';
import { RecognitionPolicy } from './recognition-policy.entity';
import { policyOn } from './recognition-policy.service';
import type { RecognitionPolicyInput } from './recognition.inputs';
import { policyProblems } from './recognition.rules';

/**
 * Sets how fees are recognised from a day on. A policy that begins on the same day is replaced only by a caller who names
 * its version, else it is a DUPLICATE. Running schedules keep theirs.
 */
export async function setPolicy(tx: Tx, clinicId: string, input: RecognitionPolicyInput): Promise<{ version: number }> {
  await requireProduction(tx, clinicId);
  const terms = {
    method: input.method,
    initialShare: input.initialShare ?? null,
    monthlyShare: input.monthlyShare ?? null,
    debondShare: input.debondShare ?? null,
    months: input.months ?? null,
  };
  const problems = policyProblems(terms);
  if (problems.length > 0)
    throw new Refused(problems.map(({ code, message, member }) => ({ code, message, path: ['input', member] })));
  // Settings of one clinic come one after the other, so that the version counts them.
  await lockName(tx, clinicId, 'recognition policy');
  const base = await policyOn(tx, clinicId, input.effectiveFrom);
  const expected = input.expectedVersion ?? null;
  if (expected === null && base.effectiveFrom === input.effectiveFrom)
    throw refuse('DUPLICATE', 'Another policy begins on this day.', ['input', 'effectiveFrom']);
  if (expected !== null && expected !== base.version)
    throw refuse('STALE_VERSION', `The policy of that day is at version ${String(base.version)}; read it again.`, [
      'input',
      'expectedVersion',
    ]);
  const [last] = await rows<{ version: number }>(
    tx,
    'SELECT coalesce(max(version), 0) AS version FROM recognition_policy WHERE clinic_id = $1',
    [clinicId],
  );
  const version = (last?.version ?? 0) + 1;
  await insert(tx, RecognitionPolicy, {
    clinicId,
    version,
    effectiveFrom: input.effectiveFrom,
    ...terms,
    setBy: tx.session.viewer.subject,
    setAt: tx.session.at,
  });
  await audit(tx, clinicId, {
    action: 'recognitionPolicy.set',
    entityType: 'RecognitionPolicy',
    note: `${input.method} from ${input.effectiveFrom}`,
  });
  return { version };
}
