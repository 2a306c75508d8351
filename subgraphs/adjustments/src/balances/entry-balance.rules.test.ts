import { Decimal } from 'decimal.js';
import { outstandingOf } from './entry-balance.rules';

const dec = (text: string) => new Decimal(text);
const entry = { patientId: 'p', gross: dec('100.00'), collected: dec('0'), stands: true };

test.each([
  ['nothing happened to it', {}, '0', '100.00'],
  ['a part was paid and a part adjusted', { collected: dec('30.10') }, '20.05', '49.85'],
  ['more was paid than it earned', { collected: dec('120') }, '0', '-20.00'],
  ['it was raised by a correction', {}, '-15', '115.00'],
  ['it was reversed and paid before', { stands: false, collected: dec('100') }, '0', '-100.00'],
  ['it was voided', { stands: false }, '0', '0.00'],
  ['it undoes another', { gross: dec('-100'), stands: false }, '0', '0.00'],
] as const)('of an entry of 100.00, when %s', (_, of, taken, outstanding) => {
  expect(outstandingOf({ ...entry, ...of }, dec(taken)).toFixed(2)).toBe(outstanding);
});
