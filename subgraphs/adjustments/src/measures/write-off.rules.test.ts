import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { AFFECTS_NET_PRODUCTION } from '../defaults';
import { CATEGORIES, groupOf, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { bridge, byCategory, writeOffTotals, type CategorySum } from './write-off.rules';

const sumOf = (
  category: AdjustmentCategory,
  text: string | Decimal,
  count = 1,
  waiting: string | Decimal = '0',
): CategorySum => {
  const amount = new Decimal(text);
  const effect = AFFECTS_NET_PRODUCTION[category] ? amount : new Decimal(0);
  const pending = new Decimal(waiting);
  const pendingEffect = AFFECTS_NET_PRODUCTION[category] ? pending : new Decimal(0);
  const pendingCount = pending.isZero() ? 0 : 1;
  const counted = { amount, absolute: amount.abs(), effect, unlinkedEffect: effect, count };
  return { category, ...counted, pending, pendingEffect, pendingCount };
};

const month = byCategory([
  sumOf('INSURANCE_WRITEOFF', '18000', 12),
  sumOf('COURTESY_DISCOUNT', '1200', 4),
  sumOf('PROMOTIONAL', '500', 2),
  sumOf('BAD_DEBT', '900'),
  sumOf('SMALL_BALANCE', '40', 6),
  sumOf('ERROR_CORRECTION', '-300'),
  sumOf('RECOVERY', '250'),
]);

test('the reference month adds up by groups, recoveries in none of them', () => {
  const totals = writeOffTotals(month);

  expect(Object.fromEntries(Object.entries(totals).map(([name, value]) => [name, value.toString()]))).toMatchObject({
    totalWriteOffs: '18940',
    totalDiscounts: '1700',
    totalCorrections: '-300',
    totalAdjustments: '20340',
    controllableWriteOffs: '940',
    netProductionEffect: '19400',
    badDebtRecoveries: '250',
    netBadDebt: '650',
    writeOffCount: '19',
    adjustmentCount: '26',
  });
});

test('the bridge of the reference month leads from 100,000 gross to 80,600 net', () => {
  const { gross, steps, net, difference } = bridge(month, new Decimal('100000'), new Decimal('80600'));

  expect(gross.toFixed(2)).toBe('100000.00');
  expect(steps.map(({ category, amount }) => [category, amount.toFixed(2)])).toEqual([
    ['INSURANCE_WRITEOFF', '18000.00'],
    ['COURTESY_DISCOUNT', '1200.00'],
    ['PROMOTIONAL', '500.00'],
    ['ERROR_CORRECTION', '-300.00'],
  ]);
  expect(net.toFixed(2)).toBe('80600.00');
  expect(difference.toFixed(2)).toBe('0.00');
});

test('what waits is in no total but its own, and shows what net would be if all of it were approved', () => {
  const waiting = byCategory([
    ...month.values(),
    sumOf('COURTESY_DISCOUNT', '0', 0, '400'),
    sumOf('BAD_DEBT', '0', 0, '70'),
  ]);
  const totals = writeOffTotals(waiting);

  expect([totals.totalAdjustments, totals.pending, totals.pendingCount].map(String)).toEqual(['20340', '470', '2']);
  const { net, netIfApproved } = bridge(waiting, new Decimal('100000'), new Decimal('80600'));
  expect([net.toFixed(2), netIfApproved.toFixed(2)]).toEqual(['80600.00', '80200.00']);
});

const anySums = fc
  .array(
    fc.record({
      category: fc.constantFrom(...CATEGORIES),
      amount: fc.integer({ min: -5_000_000, max: 5_000_000 }).map((n) => new Decimal(n).div(100)),
      count: fc.integer({ min: -3, max: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((all) => all.map(({ category, amount, count }) => sumOf(category, amount, count)));

test('categories add up to the totals by group, and recoveries are in none (C-A1)', () => {
  fc.assert(
    fc.property(anySums, (sums) => {
      const totals = writeOffTotals(byCategory(sums));
      const of = (group: string) =>
        sums.filter((s) => groupOf(s.category) === group).reduce((all, s) => all.plus(s.amount), new Decimal(0));
      return (
        totals.totalWriteOffs.eq(of('WRITE_OFF')) &&
        totals.totalDiscounts.eq(of('DISCOUNT')) &&
        totals.totalCorrections.eq(of('CORRECTION')) &&
        totals.totalAdjustments.eq(of('WRITE_OFF').plus(of('DISCOUNT')).plus(of('CORRECTION'))) &&
        totals.badDebtRecoveries.eq(of('RECOVERY'))
      );
    }),
  );
});

test('net bad debt is bad debt minus recoveries (C-A2), and gross minus all steps is net (C-A8)', () => {
  fc.assert(
    fc.property(anySums, fc.integer({ min: -10_000_000, max: 10_000_000 }), (sums, cents) => {
      const gross = new Decimal(cents).div(100);
      const indexed = byCategory(sums);
      const totals = writeOffTotals(indexed);
      const way = bridge(indexed, gross, gross);
      return (
        totals.netBadDebt.eq(totals.badDebtWriteOffs.minus(totals.badDebtRecoveries)) &&
        way.net.eq(gross.minus(totals.netProductionEffect)) &&
        way.difference.eq(totals.netProductionEffect) &&
        way.steps.every((step) => !step.amount.isZero())
      );
    }),
  );
});
