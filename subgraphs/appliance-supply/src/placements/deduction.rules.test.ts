import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { lotProblem } from '@practice-graph/practice';
import { planDeduction, type DeductionLine, type ShelfLot } from './deduction.rules';

const lot = (lotId: string, expirationDate: string | null, onHand: number, more: Partial<ShelfLot> = {}): ShelfLot => ({
  ...{ lotId, itemId: 'i', lotNumber: lotId, disposition: 'AVAILABLE', expirationDate, receivedDate: '2026-01-01' },
  ...{ onHand: new Decimal(onHand), reserved: new Decimal(0) },
  ...more,
});
const line = (index: number, quantity: number, more: Partial<DeductionLine> = {}): DeductionLine => ({
  ...{ index, itemId: 'i', quantity: new Decimal(quantity), lotId: null, hasReason: false },
  ...more,
});
const taken = (plan: { picks: readonly { lotId: string; quantity: Decimal }[] } | undefined) =>
  plan?.picks.map((pick) => `${pick.lotId} ${pick.quantity.toFixed()}`);

const A = lot('A', '2026-09-03', 2);
const B = lot('B', '2026-09-10', 3);
const C = lot('C', '2026-09-05', 9, { disposition: 'RECALLED' });

test('the reference vector: 4 on 3 September take 2 of A and 2 of B, the recalled C is passed over', () => {
  const [plan] = planDeduction([A, B, C], [line(0, 4)], { day: '2026-09-03' });

  expect(taken(plan)).toEqual(['A 2', 'B 2']);
  expect(plan?.skipped.map((s) => `${s.lotNumber} ${s.reason}`)).toEqual(['C RECALLED']);
});

test('the reference vector: 4 on 4 September are short, 3 being available', () => {
  const [plan] = planDeduction([A, B, C], [line(0, 4)], { day: '2026-09-04' });

  expect(plan?.problem).toEqual({ kind: 'SHORT', requested: new Decimal(4), available: new Decimal(3) });
  expect(plan?.skipped.map((s) => `${s.lotNumber} ${s.reason}`)).toEqual(['A EXPIRED', 'C RECALLED']);
});

test('a line that names a lot is served before those that take what comes first', () => {
  const plans = planDeduction([A, B], [line(0, 3), line(1, 2, { lotId: 'A' })], { day: '2026-09-01' });

  expect(plans.map(taken)).toEqual([['B 3'], ['A 2']]);
});

test('a shortage names what all lines of the item ask for', () => {
  const plans = planDeduction([A, B], [line(0, 3), line(1, 3)], { day: '2026-09-01' });

  expect(plans[1]?.problem).toEqual({ kind: 'SHORT', requested: new Decimal(6), available: new Decimal(5) });
});

const shelves = fc.array(
  fc.record({
    expiry: fc.constantFrom(null, '2026-06-29', '2026-06-30', '2026-07-15', '2027-01-01'),
    received: fc.constantFrom('2026-06-01', '2026-06-30', '2026-07-01'),
    onHand: fc.integer({ min: 0, max: 6 }),
    disposition: fc.constantFrom('AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'QUARANTINE', 'RECALLED', 'DAMAGED'),
    item: fc.constantFrom('i', 'j'),
  }),
  { maxLength: 8 },
);
const orders = fc.array(fc.record({ item: fc.constantFrom('i', 'j'), quantity: fc.integer({ min: 1, max: 9 }) }), {
  minLength: 1,
  maxLength: 5,
});

test('no usable lot that expires earlier has a rest when a later one was used; nothing is taken twice or from a blocked lot (C-S2, C-S5, C-S6)', () => {
  fc.assert(
    fc.property(shelves, orders, (made, asked) => {
      const use = { day: '2026-06-30' };
      const shelf = made.map(({ expiry, received, onHand, disposition, item }, index) =>
        lot(`L${String(index)}`, expiry, onHand, {
          disposition: disposition as 'AVAILABLE',
          receivedDate: received,
          itemId: item,
        }),
      );
      const plans = planDeduction(
        shelf,
        asked.map(({ item, quantity }, index) => line(index, quantity, { itemId: item })),
        use,
      );
      const used = new Map<string, Decimal>();
      for (const { lotId, quantity } of plans.flatMap((plan) => plan.picks))
        used.set(lotId, (used.get(lotId) ?? new Decimal(0)).plus(quantity));
      const left = (of: ShelfLot) => of.onHand.minus(used.get(of.lotId) ?? 0);
      for (const of of shelf) {
        expect(left(of).gte(0)).toBe(true);
        if (!used.has(of.lotId)) continue;
        expect(lotProblem(of, use)).toBeNull();
        const earlier = shelf.filter(
          (other) =>
            other.itemId === of.itemId &&
            other.expirationDate !== null &&
            (of.expirationDate === null || other.expirationDate < of.expirationDate) &&
            lotProblem(other, use) === null,
        );
        expect(earlier.every((other) => left(other).isZero())).toBe(true);
      }
      for (const plan of plans) {
        const sum = plan.picks.reduce((total, pick) => total.plus(pick.quantity), new Decimal(0));
        expect(sum.toFixed()).toBe(plan.problem ? '0' : plan.line.quantity.toFixed());
      }
    }),
    { numRuns: 300 },
  );
});
