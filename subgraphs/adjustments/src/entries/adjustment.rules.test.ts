import { Decimal } from 'decimal.js';
import { CATEGORIES, groupOf } from './adjustment-category.rules';
import { amountProblem, balanceProblem, kindProblem, reasonProblem, reversalProblem } from './adjustment.rules';
import { AFFECTS_NET_PRODUCTION, STANDARD_REASONS } from '../defaults';

const dec = (text: string) => new Decimal(text);

test('no category takes an amount of zero', () => {
  for (const category of CATEGORIES) expect(amountProblem(category, dec('0'))?.code).toBe('BAD_AMOUNT');
});

test.each(CATEGORIES)('the sign of %s follows its category', (category) => {
  const signed = ['TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'OTHER'].includes(category);
  expect(amountProblem(category, dec('-0.01'))?.code).toBe(signed ? undefined : 'BAD_AMOUNT');
  expect(amountProblem(category, dec('0.01'))).toBeNull();
});

test('a recovery is recorded with its bad debt, by a mutation of its own', () => {
  expect(CATEGORIES.filter((category) => kindProblem(category)).sort()).toEqual(['RECOVERY']);
  expect(kindProblem('RECOVERY')?.code).toBe('NOT_BAD_DEBT');
});

const reason = { category: 'OTHER', active: true, requiresDocumentation: false } as const;
test.each([
  ['a reason of the category', reason, null, undefined],
  ['an unknown reason', null, null, 'BAD_REASON'],
  ['a retired reason', { ...reason, active: false }, null, 'BAD_REASON'],
  ['a reason of another category', { ...reason, category: 'PROMOTIONAL' as const }, null, 'BAD_REASON'],
  ['a missing description', { ...reason, requiresDocumentation: true }, null, 'DOCUMENTATION_REQUIRED'],
  ['a given description', { ...reason, requiresDocumentation: true }, 'Letter of 3 May', undefined],
])('%s', (_, of, description, code) => {
  expect(reasonProblem('OTHER', 'X-1', of, description)?.code).toBe(code);
});

const balance = {
  category: 'COURTESY_DISCOUNT' as 'COURTESY_DISCOUNT' | 'SMALL_BALANCE' | 'OTHER',
  amount: dec('20'),
  balance: null as Decimal | null,
  allowCredit: false,
  smallBalanceLimit: dec('10.00'),
};
test.each([
  ['no balance, no check', {}, undefined],
  ['the whole balance', { balance: dec('20') }, undefined],
  ['more than the balance', { balance: dec('19.99') }, 'EXCEEDS_BALANCE'],
  ['more than the balance, credit allowed', { balance: dec('19.99'), allowCredit: true }, undefined],
  ['more than a credit balance', { balance: dec('-5') }, 'EXCEEDS_BALANCE'],
  ['a charge is no credit', { category: 'OTHER' as const, amount: dec('-20'), balance: dec('1') }, undefined],
  ['small balance without a balance', { category: 'SMALL_BALANCE' as const }, 'INVALID'],
  ['exactly the limit', { category: 'SMALL_BALANCE' as const, amount: dec('10'), balance: dec('10') }, undefined],
  [
    'above the limit',
    { category: 'SMALL_BALANCE' as const, amount: dec('10.01'), balance: dec('10.01') },
    'ABOVE_SMALL_BALANCE_LIMIT',
  ],
  ['less than it', { category: 'SMALL_BALANCE' as const, amount: dec('3'), balance: dec('4') }, 'BALANCE_MISMATCH'],
])('balance: %s', (_, of, code) => {
  const asked = { ...balance, ...of };
  const told = asked.balance && ({ amount: asked.balance, toldBy: 'caller' } as const);
  expect(balanceProblem({ ...asked, balance: told })?.code).toBe(code);
});

test.each([
  [{ isReversal: false, counts: true, reversedById: null }, null],
  [{ isReversal: true, counts: true, reversedById: null }, 'NOT_REVERSIBLE'],
  [{ isReversal: false, counts: false, reversedById: null }, 'NOT_REVERSIBLE'],
  [{ isReversal: false, counts: true, reversedById: 'x' }, 'ALREADY_REVERSED'],
])('reversing %j answers %s', (entry, code) => {
  expect(reversalProblem(entry)).toBe(code);
});

test('every category has a group, an effect and a standard reason; there are 25 with codes of their own', () => {
  expect(CATEGORIES.map((category) => [category, groupOf(category), AFFECTS_NET_PRODUCTION[category]])).toEqual([
    ['INSURANCE_WRITEOFF', 'WRITE_OFF', true],
    ['COURTESY_DISCOUNT', 'DISCOUNT', true],
    ['PROFESSIONAL_DISCOUNT', 'DISCOUNT', true],
    ['FAMILY_DISCOUNT', 'DISCOUNT', true],
    ['BAD_DEBT', 'WRITE_OFF', false],
    ['SMALL_BALANCE', 'WRITE_OFF', false],
    ['PROMOTIONAL', 'DISCOUNT', true],
    ['TIMING_ADJUSTMENT', 'CORRECTION', true],
    ['ERROR_CORRECTION', 'CORRECTION', true],
    ['RECOVERY', 'RECOVERY', false],
    ['OTHER', 'CORRECTION', true],
  ]);
  expect(STANDARD_REASONS).toHaveLength(25);
  expect(new Set(STANDARD_REASONS.map(({ code }) => code)).size).toBe(25);
  expect(new Set(STANDARD_REASONS.map(({ category }) => category)).size).toBe(11);
});
