import { viewer } from '@practice-graph/kit/testing';
import { CLINIC, SCOPES } from '.';

/** Someone who decides on what others recorded, and records too. */
export const supervisor = viewer({
  clinicIds: [CLINIC],
  scopes: [...SCOPES, 'finance:approve_adjustments', 'audit:read'],
  subject: 'supervisor',
  role: 'owner',
});

const ENTRY = `adjustment { id approvalStatus requiresApproval approvalReasons decidedBy decidedAt version amount
  adjustmentDate isReversal reverses { id } reversedBy { id } }`;

export const APPROVE = `mutation ($ids: [ID!]!, $input: WorkflowStepInput!) { adjustmentApprove(ids: $ids, input: $input) {
  adjustments { id approvalStatus decidedBy decidedAt version reverses { id version reversedBy { id } } } total currency
  userErrors { code path } } }`;
export const REJECT = `mutation ($id: ID!, $input: WorkflowStepInput!) { adjustmentReject(id: $id, input: $input) {
  ${ENTRY} userErrors { code path } } }`;
export const WITHDRAW = `mutation ($id: ID!, $input: WorkflowStepInput!) { adjustmentWithdraw(id: $id, input: $input) {
  ${ENTRY} userErrors { code path } } }`;
export const POLICY_SET = `mutation ($clinicId: ID!, $input: AdjustmentPolicyInput!) {
  adjustmentPolicySet(clinicId: $clinicId, input: $input) {
    adjustmentPolicy { effectiveFrom version setBy setAt approvalRules { category role threshold } cumulativeWindowDays
      separationOfDuties smallBalanceLimit minCollectionEfforts maxBackdateDays watchMargin
      categories { category group affectsNetProduction } benchmarks { rate benchmark } }
    userErrors { code path } } }`;
