import fc from 'fast-check';
import {
  alertStep,
  expiryUrgency,
  isAlertMove,
  type AlertCause,
  type AlertStatusName,
  type OpenAlert,
} from './alert.rules';

const LOW = { type: 'LOW_STOCK', severity: 'WARNING', rank: 1 };
const OUT = { type: 'OUT_OF_STOCK', severity: 'CRITICAL', rank: 3 };
const open = (cause: AlertCause, status: AlertStatusName = 'ACTIVE'): OpenAlert => ({ ...cause, status });

test.each([
  ['nothing is wrong and nothing is open', null, null, 'KEEP'],
  ['something is wrong for the first time', LOW, null, 'RAISE'],
  ['the same is still wrong', LOW, open(LOW), 'KEEP'],
  ['someone has seen it', LOW, open(LOW, 'ACKNOWLEDGED'), 'KEEP'],
  ['it is over', null, open(LOW), 'RESOLVE'],
  ['it is over and was dismissed', null, open(LOW, 'DISMISSED'), 'RESOLVE'],
  ['it gets worse', OUT, open(LOW), 'REPLACE'],
  ['it gets better', LOW, open(OUT), 'REPLACE'],
  ['it gets worse after it was dismissed', OUT, open(LOW, 'DISMISSED'), 'REPLACE'],
  ['it gets better after it was dismissed', LOW, open(OUT, 'DISMISSED'), 'KEEP'],
])('an alert when %s', (_, cause, alert, step) => {
  expect(alertStep(cause, alert)).toBe(step);
});

test('over any history of a cause there is one alert while it lasts and none when it is over', () => {
  const cause = fc.constantFrom(null, LOW, { ...LOW, type: 'CRITICAL_STOCK', rank: 2 }, OUT);
  const act = fc.constantFrom<AlertStatusName>('ACKNOWLEDGED', 'DISMISSED', 'RESOLVED');
  fc.assert(
    fc.property(fc.array(fc.tuple(cause, fc.option(act)), { maxLength: 20 }), (history) => {
      let alert: OpenAlert | null = null;
      for (const [now, move] of history) {
        const step = alertStep(now, alert);
        if (step === 'RESOLVE') alert = null;
        if (now && (step === 'RAISE' || step === 'REPLACE')) alert = open(now);
        if ((now === null) !== (alert === null)) return false;
        if (alert && move && isAlertMove(alert.status, move)) alert = move === 'RESOLVED' ? null : open(alert, move);
      }
      return true;
    }),
  );
});

test.each([
  [91, null],
  [90, 'INFO'],
  [31, 'INFO'],
  [30, 'WARNING'],
  [8, 'WARNING'],
  [7, 'CRITICAL'],
  [0, 'CRITICAL'],
])('a lot that expires in %s days is %s', (days, urgency) => {
  expect(expiryUrgency(days)).toBe(urgency);
});

test('a resolved alert is history, and nobody makes one active by hand', () => {
  const all: AlertStatusName[] = ['ACTIVE', 'ACKNOWLEDGED', 'RESOLVED', 'DISMISSED'];
  expect(all.filter((to) => isAlertMove('RESOLVED', to))).toEqual([]);
  expect(all.filter((from) => isAlertMove(from, 'ACTIVE'))).toEqual([]);
  expect(isAlertMove('ACTIVE', 'ACKNOWLEDGED')).toBe(true);
});
