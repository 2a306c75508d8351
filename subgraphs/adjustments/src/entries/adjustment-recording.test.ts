import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  CLINIC,
  DR_LEE,
  ENTRY,
  idOf,
  NORTH,
  openLedger,
  patient,
  PATIENT,
  RECORD,
} from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const record = async (of: Record<string, unknown> = {}, as = accountant) => {
  const answer = await graph.get(as, RECORD, { input: anAdjustment(of) });
  return answer.adjustmentRecord;
};

test('an adjustment below the threshold is approved by itself', async () => {
  const { adjustment, userErrors } = await record({ productionEntryId: idOf(ENTRY), patientId: idOf(patient(1)) });

  expect(userErrors).toEqual([]);
  expect(adjustment).toMatchObject({
    category: 'COURTESY_DISCOUNT',
    group: 'DISCOUNT',
    amount: '20.00',
    currency: 'USD',
    adjustmentDate: '2026-06-30',
    affectsNetProduction: true,
    approvalStatus: 'AUTO_APPROVED',
    requiresApproval: false,
    approvalReasons: [],
    isReversal: false,
    version: 1,
    createdBy: 'accountant',
    reasonCode: { code: 'CRT-PREPAID', version: 0 },
    possibleDuplicateOf: null,
    location: { id: idOf(NORTH) },
    provider: { id: idOf(DR_LEE) },
    patient: { id: idOf(patient(1)) },
    treatmentPlan: null,
    productionEntry: { id: idOf(ENTRY) },
  });
  expect(await graph.sql('SELECT clinic_id FROM adjustment_entry')).toEqual([{ clinic_id: CLINIC }]);
  expect(PATIENT).toBeDefined();
});
