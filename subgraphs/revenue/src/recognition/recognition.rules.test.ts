import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { policyProblems, scheduleParts, type PolicyTerms } from './recognition.rules';

const share = (text: string) => new Decimal(text);
const split = (initial: string, monthly: string, debond: string, months: number | null): PolicyTerms => ({
  method: 'SPLIT',
  initialShare: share(initial),
  monthlyShare: share(monthly),
  debondShare: share(debond),
  months,
});
const FULL: PolicyTerms = {
  method: 'FULL_AT_START',
  initialShare: null,
  monthlyShare: null,
  debondShare: null,
  months: null,
};

test('a fee of 5,650.00 with 28 % at the start, 62 % over 22 months and 10 % at the debond (section F)', () => {
  const parts = scheduleParts(new Decimal('5650.00'), '2026-01-31', split('0.28', '0.62', '0.1', 22), null);

  expect(parts[0]).toMatchObject({ kind: 'START', dueOn: '2026-01-31' });
  expect(parts[0]?.amount.toFixed(2)).toBe('1582.00');
  const months = parts.filter((part) => part.kind === 'MONTH');
  expect(months).toHaveLength(22);
  expect(months.slice(0, 3).map((part) => part.dueOn)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
  expect(new Set(months.map((part) => part.amount.toFixed(2)))).toEqual(new Set(['159.23', '159.22']));
  expect(months.reduce((sum, part) => sum.plus(part.amount), new Decimal(0)).toFixed(2)).toBe('3503.00');
  expect(parts.at(-1)).toMatchObject({ kind: 'DEBOND', dueOn: '2027-11-30' });
  expect(parts.at(-1)?.amount.toFixed(2)).toBe('565.00');
});

test('all of a fee at the start is one part, and the months planned for a case go before those of the policy', () => {
  expect(scheduleParts(new Decimal('100.00'), '2026-06-01', FULL, 24)).toHaveLength(1);
  expect(scheduleParts(new Decimal('100.00'), '2026-06-01', split('0.5', '0.5', '0', 10), 4)).toHaveLength(5);
});

test('the parts of any fee add up to it, whatever the shares and months (C-R9)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 60 }),
      fc.option(fc.integer({ min: 1, max: 60 })),
      (cents, first, second, months, planned) => {
        const initial = Math.min(first, second);
        const monthly = Math.max(first, second) - initial;
        const terms = split(
          new Decimal(initial).div(1000).toFixed(),
          new Decimal(monthly).div(1000).toFixed(),
          new Decimal(1000 - initial - monthly).div(1000).toFixed(),
          months,
        );
        const fee = new Decimal(cents).div(100);

        const parts = scheduleParts(fee, '2026-01-31', terms, planned);

        expect(policyProblems(terms)).toEqual([]);
        expect(parts.reduce((sum, part) => sum.plus(part.amount), new Decimal(0)).toFixed(2)).toBe(fee.toFixed(2));
        expect(parts.every((part) => !part.amount.isNegative() && part.amount.decimalPlaces() <= 2)).toBe(true);
        expect(parts.map((part) => part.dueOn)).toEqual([...parts.map((part) => part.dueOn)].sort());
      },
    ),
    { numRuns: 200 },
  );
});

test.each<[string, PolicyTerms, { code: string; member: string }[]]>([
  ['all at the start', FULL, []],
  ['shares that make one', split('0.3', '0.6', '0.1', 24), []],
  ['shares that make less', split('0.3', '0.6', '0', 24), [{ code: 'BAD_SHARES', member: 'initialShare' }]],
  ['a negative share', split('1.1', '-0.1', '0', 24), [{ code: 'BAD_SHARES', member: 'initialShare' }]],
  ['a monthly share without months', split('0.4', '0.6', '0', null), [{ code: 'INVALID', member: 'months' }]],
  ['no monthly share and no months', split('0.9', '0', '0.1', null), []],
  ['more months than a case may have', split('0.4', '0.6', '0', 121), [{ code: 'INVALID', member: 'months' }]],
])('a policy of %s', (_, terms, problems) => {
  expect(policyProblems(terms)).toMatchObject(problems);
});
