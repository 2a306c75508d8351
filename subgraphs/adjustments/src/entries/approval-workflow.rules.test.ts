import { ApprovalStatus } from './adjustment-category.rules';
import { after, stepProblem, TRANSITIONS, type Step } from './approval-workflow.rules';

const STEPS: readonly Step[] = ['approve', 'reject', 'withdraw'];

test('only a waiting entry moves, and what was decided stays (C-A4)', () => {
  const paths = Object.values(ApprovalStatus).flatMap((from) =>
    STEPS.map((step) => [from, step, after(from, step)] as const).filter(([, , to]) => to !== null),
  );
  expect(paths).toEqual([
    ['PENDING', 'approve', 'APPROVED'],
    ['PENDING', 'reject', 'REJECTED'],
    ['PENDING', 'withdraw', 'REJECTED'],
  ]);
  expect(Object.keys(TRANSITIONS).sort()).toEqual(Object.values(ApprovalStatus).sort());
});

test.each([
  ['approve', 'PENDING', false, true, null],
  ['approve', 'PENDING', true, true, 'SELF_APPROVAL'],
  ['reject', 'PENDING', true, true, 'SELF_APPROVAL'],
  ['approve', 'PENDING', true, false, null],
  ['withdraw', 'PENDING', true, true, null],
  ['withdraw', 'PENDING', false, false, 'NOT_OWN_ENTRY'],
  ['approve', 'APPROVED', true, true, 'ALREADY_DECIDED'],
  ['withdraw', 'REJECTED', false, true, 'ALREADY_DECIDED'],
  ['reject', 'AUTO_APPROVED', false, true, 'ILLEGAL_STATE_CHANGE'],
] as const)('to %s a %s entry (own %s, separation %s) is %s', (step, status, isOwn, separationOfDuties, problem) => {
  expect(stepProblem({ step, status, isOwn, separationOfDuties })).toBe(problem);
});
