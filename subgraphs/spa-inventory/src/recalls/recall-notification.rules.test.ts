import { isTelling, notificationProblem } from './recall-notification.rules';
import type { RecallNotificationStatus as Status } from './recall-status.types';

test.each<[Status, Status, string | null, string | null]>([
  ['OPEN', 'OPEN', null, null],
  ['OPEN', 'NOTIFIED', 'PHONE', null],
  ['OPEN', 'CLOSED', 'PHONE', null],
  ['NOTIFIED', 'NOTIFIED', 'LETTER', null],
  ['NOTIFIED', 'CLOSED', 'PHONE', null],
  ['OPEN', 'NOTIFIED', null, 'NO_CHANNEL'],
  ['OPEN', 'CLOSED', null, 'NO_CHANNEL'],
  ['NOTIFIED', 'OPEN', 'PHONE', 'BACKWARDS'],
  ['CLOSED', 'NOTIFIED', 'PHONE', 'BACKWARDS'],
])('%s to %s by %s: %s (SPA-127)', (from, to, channel, problem) => {
  expect(notificationProblem({ from, to, channel })).toBe(problem);
});

test.each<[Status, Status, boolean, boolean]>([
  ['OPEN', 'OPEN', true, false],
  ['OPEN', 'NOTIFIED', false, true],
  ['OPEN', 'CLOSED', false, true],
  ['NOTIFIED', 'NOTIFIED', false, false],
  ['NOTIFIED', 'NOTIFIED', true, true],
  ['NOTIFIED', 'CLOSED', true, false],
  ['CLOSED', 'CLOSED', true, false],
])('%s to %s, saying how: %s, tells the patient: %s', (from, to, tellsHow, tells) => {
  expect(isTelling({ from, to, tellsHow })).toBe(tells);
});
