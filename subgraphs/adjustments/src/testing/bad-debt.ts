import type { TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, anAdjustment, clinicId, idOf, key, RECORD } from '.';

export const EFFORT = `mutation ($input: CollectionEffortInput!) { collectionEffortRecord(input: $input) {
  collectionEffort { id at channel outcome documentReference createdBy patient { id } } userErrors { code path } } }`;
export const RECOVER = `mutation ($input: RecoveryRecordInput!) { adjustmentRecoveryRecord(input: $input) {
  adjustment { id category amount adjustmentDate approvalStatus approvalReasons affectsNetProduction isLegacyRecovery
    recoveryAgeDays recoveryOf { id recoveredAmount recoveries { id } } location { id } provider { id } patient { id } }
  userErrors { code path } } }`;
export const SWEEP = `mutation ($input: SmallBalanceInput!) { smallBalanceWriteOff(input: $input) {
  adjustments { category amount approvalStatus approvalReasons adjustmentDate reasonCode { code label } patient { id } invoice { id } }
  total currency userErrors { code path } } }`;

export const anEffort = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: key(),
  clinicId,
  at: '2026-06-10T09:00:00Z',
  channel: 'AGENCY',
  outcome: 'No answer',
  ...of,
});

/** Writes off bad debt of a patient with a documented try; answers its opaque id. */
export async function writeOffDebt(
  graph: TestSubgraph,
  patientId: string,
  of: Record<string, unknown> = {},
): Promise<string> {
  const tried = await graph.get(accountant, EFFORT, { input: anEffort({ patientId: idOf(patientId) }) });
  const { adjustmentRecord } = await graph.get(accountant, RECORD, {
    input: anAdjustment({
      patientId: idOf(patientId),
      category: 'BAD_DEBT',
      reasonCode: 'BAD-AGENCY',
      description: 'File 7',
      adjustmentDate: '2026-06-15',
      amount: '200.00',
      collectionEffortIds: [tried.collectionEffortRecord.collectionEffort.id],
      ...of,
    }),
  });
  if (adjustmentRecord.userErrors.length > 0) throw new Error(JSON.stringify(adjustmentRecord.userErrors));
  return adjustmentRecord.adjustment.id as string;
}
