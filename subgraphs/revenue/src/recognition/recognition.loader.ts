import { batchLoader, Decimal, hydrate, prepared, type RecordKey } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { RecognitionPolicy } from './recognition-policy.entity';
import { defaultPolicy } from './recognition-policy.service';
import { RecognitionPart, type RecognitionPartKind, type RecognitionPartStatus } from './recognition.types';

interface PartRow {
  clinic_id: string;
  plan_id: string;
  policy_version: number;
  kind: RecognitionPartKind;
  due_on: Day;
  amount: string;
  status: RecognitionPartStatus;
  entry_id: string | null;
}

// A case that was started anew shows the schedule of its last start, and what earlier ones earned and still stands:
// together they are its fee.
const PARTS = `
SELECT s.clinic_id, s.plan_id, s.policy_version, p.kind, p.due_on, p.amount, p.status, p.entry_id
FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
CROSS JOIN LATERAL (SELECT * FROM recognition_schedule x WHERE x.clinic_id = k.clinic_id AND x.plan_id = k.id ORDER BY x.run DESC LIMIT 1) s
JOIN recognition_part p ON p.clinic_id = s.clinic_id AND p.plan_id = s.plan_id
WHERE p.run = s.run OR p.status IN ('RECOGNIZED', 'ACCELERATED')
ORDER BY s.clinic_id, s.plan_id, p.due_on, p.run, p.line`;

/** Parts of a fee and the version of the policy by which it was cut. */
export interface ScheduleOfCase {
  readonly policyVersion: number;
  readonly parts: readonly RecognitionPart[];
}

const keyText = ({ clinicId, id }: RecordKey) => `${clinicId}/${id}`;

/** Schedules of N cases, with one statement; null for a case that has none. */
export const scheduleOfPlan = batchLoader<RecordKey, ScheduleOfCase | null>(async (tx, plans) => {
  const found = await prepared<PartRow>(tx, PARTS, [plans.map((plan) => plan.clinicId), plans.map((plan) => plan.id)]);
  const byPlan = new Map<string, PartRow[]>();
  for (const row of found) {
    const key = keyText({ clinicId: row.clinic_id, id: row.plan_id });
    byPlan.set(key, [...(byPlan.get(key) ?? []), row]);
  }
  return plans.map((plan) => {
    const rows = byPlan.get(keyText(plan));
    if (!rows?.[0]) return null;
    const parts = rows.map(({ kind, due_on, amount, status, entry_id }) =>
      Object.assign(new RecognitionPart(), {
        clinicId: plan.clinicId,
        entryId: entry_id,
        kind,
        dueOn: due_on,
        amount: new Decimal(amount),
        status,
      }),
    );
    return { policyVersion: rows[0].policy_version, parts };
  });
}, keyText);

/** A setting of a clinic by its version. */
interface PolicyKey {
  readonly clinicId: string;
  readonly version: number;
}

/** Policies by version, with one statement; version 0 is the default. */
export const policyOfVersion = batchLoader<PolicyKey, RecognitionPolicy>(
  async (tx, keys) => {
    const found = hydrate(
      tx,
      RecognitionPolicy,
      await prepared(
        tx,
        `SELECT t.* FROM unnest($1::uuid[], $2::int[]) AS k (clinic_id, version)
         JOIN recognition_policy t ON t.clinic_id = k.clinic_id AND t.version = k.version`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.version)],
      ),
    );
    return keys.map(
      ({ clinicId, version }) =>
        found.find((policy) => policy.clinicId === clinicId && policy.version === version) ?? defaultPolicy(clinicId),
    );
  },
  ({ clinicId, version }) => `${clinicId}/${String(version)}`,
);
