import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  availableQuantity,
  firstToExpire,
  isFefoOverride,
  lotNumberKey,
  lotNumberText,
  lotProblem,
  lotStatus,
  pickLots,
  type LotOnShelf,
} from './lot.rules';

const d = (n: string | number) => new Decimal(n);
const lot = (
  lotId: string,
  expirationDate: string | null,
  onHand: number,
  more: Partial<LotOnShelf> = {},
): LotOnShelf => ({
  lotId,
  lotNumber: lotId,
  disposition: 'AVAILABLE',
  expirationDate,
  receivedDate: '2026-01-01',
  onHand: d(onHand),
  reserved: d(0),
  ...more,
});
const A = lot('A', '2026-09-03', 2);
const B = lot('B', '2026-09-10', 3);
const C = lot('C', '2026-09-05', 9, { disposition: 'RECALLED' });
const plain = (choice: ReturnType<typeof pickLots>) =>
  JSON.parse(
    JSON.stringify(choice, (key: string, value: unknown) => (key === 'lotNumber' ? undefined : value)),
  ) as unknown;

test('a lot is used on its last day, a recalled one is passed over, and the rest comes from the next (FEFO)', () => {
  expect(plain(pickLots([B, C, A], d(4), { day: '2026-09-03' }))).toEqual({
    isEnough: true,
    picks: [
      { lotId: 'A', quantity: '2' },
      { lotId: 'B', quantity: '2' },
    ],
    skipped: [{ lotId: 'C', reason: 'RECALLED', quantity: '9' }],
  });
});

test('when usable stock falls short nothing is taken and each lot that stayed behind says why', () => {
  expect(plain(pickLots([A, B, C], d(4), { day: '2026-09-04' }))).toEqual({
    isEnough: false,
    available: '3',
    skipped: [
      { lotId: 'A', reason: 'EXPIRED', quantity: '2' },
      { lotId: 'C', reason: 'RECALLED', quantity: '9' },
    ],
  });
});

test('a lot behind the last one used was not passed over', () => {
  expect(plain(pickLots([A, B, C], d(2), { day: '2026-09-03' }))).toEqual({
    isEnough: true,
    picks: [{ lotId: 'A', quantity: '2' }],
    skipped: [],
  });
});

test.each([
  ['RECALLED', { disposition: 'RECALLED' }],
  ['DAMAGED', { disposition: 'DAMAGED' }],
  ['QUARANTINED', { disposition: 'QUARANTINE' }],
  ['EXPIRED', { expirationDate: '2026-05-12' }],
  ['EXPIRES_TOO_EARLY', { expirationDate: '2026-05-19' }],
  ['NOT_YET_RECEIVED', { receivedDate: '2026-05-14' }],
  ['RESERVED', { reserved: new Decimal(5) }],
  [null, { expirationDate: '2026-05-20' }],
  [null, { expirationDate: null }],
] as const)('a lot is refused with %s', (reason, change) => {
  const one = lot('L', '2027-01-01', 5, change);
  expect(lotProblem(one, { day: '2026-05-13', neededThrough: '2026-05-20' })).toBe(reason);
});

test('what others reserved stays behind and is told when it is missed', () => {
  const reserved = lot('R', '2026-06-01', 5, { reserved: d(3) });
  expect(plain(pickLots([reserved], d(2), { day: '2026-05-13' }))).toMatchObject({ isEnough: true, skipped: [] });
  expect(plain(pickLots([reserved], d(4), { day: '2026-05-13' }))).toEqual({
    isEnough: false,
    available: '2',
    skipped: [{ lotId: 'R', reason: 'RESERVED', quantity: '3' }],
  });
});

test('lots are ordered by expiry with none last, then by receipt, then by id', () => {
  const order = [
    lot('z', null, 1),
    lot('d', '2026-06-01', 1, { receivedDate: '2026-02-01' }),
    lot('c', '2026-06-01', 1),
    lot('b', '2026-06-01', 1),
    lot('a', '2026-07-01', 1),
  ].sort(firstToExpire);
  expect(order.map((one) => one.lotId)).toEqual(['b', 'c', 'd', 'a', 'z']);
});

test.each([
  ['RECALLED', 'RECALLED', '2026-01-01', 0],
  ['DAMAGED', 'DAMAGED', '2026-01-01', 0],
  ['QUARANTINE', 'QUARANTINE', '2026-01-01', 0],
  ['EXPIRED', 'AVAILABLE', '2026-05-12', 0],
  ['DEPLETED', 'AVAILABLE', '2026-05-13', 0],
  ['AVAILABLE', 'AVAILABLE', '2026-05-13', 1],
  ['AVAILABLE', 'AVAILABLE', null, 1],
] as const)('a lot is %s when %s until %s with %d left', (status, disposition, expirationDate, onHand) => {
  expect(lotStatus({ disposition, expirationDate }, d(onHand), '2026-05-13')).toBe(status);
});

test('nothing of a blocked lot is available', () => {
  expect(availableQuantity(lot('a', null, 1), d(5), d(2), '2026-05-13').toFixed()).toBe('3');
  expect(
    availableQuantity({ disposition: 'QUARANTINE', expirationDate: null }, d(5), d(2), '2026-05-13').toFixed(),
  ).toBe('0');
});

test('naming a lot while an earlier one is usable overrides first-expiry-first-out', () => {
  expect(isFefoOverride(B, [A, B, C], { day: '2026-09-03' })).toBe(true);
  expect(isFefoOverride(B, [A, B, C], { day: '2026-09-04' })).toBe(false);
  expect(isFefoOverride(A, [A, B, C], { day: '2026-09-03' })).toBe(false);
});

test('lot numbers match without regard to case and blanks', () => {
  expect(lotNumberText('  ab 12-x ')).toBe('AB 12-X');
  expect(lotNumberKey('  ab 12-x ')).toBe(lotNumberKey('AB12-X'));
});

test('no usable lot that expires earlier has anything left when a later one was used (C-S5)', () => {
  const anyLot = fc.record({
    disposition: fc.constantFrom('AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'QUARANTINE', 'RECALLED', 'DAMAGED'),
    expirationDate: fc.option(fc.constantFrom('2026-05-01', '2026-05-13', '2026-06-01', '2026-07-01'), { nil: null }),
    receivedDate: fc.constantFrom('2026-01-01', '2026-05-01', '2026-05-20'),
    onHand: fc.integer({ min: 0, max: 500 }).map((n) => d(n).div(10)),
    share: fc.constantFrom(0, 0, 0.5, 1),
  });
  const use = { day: '2026-05-13' };
  fc.assert(
    fc.property(fc.array(anyLot, { maxLength: 8 }), fc.integer({ min: 1, max: 1200 }), (drawn, tenths) => {
      const lots = drawn.map((one, i) => ({
        ...one,
        lotId: `l${String(i)}`,
        lotNumber: `l${String(i)}`,
        reserved: one.onHand.times(one.share),
      }));
      const needed = d(tenths).div(10);
      const free = (one: LotOnShelf) => (lotProblem(one, use) === null ? one.onHand.minus(one.reserved) : d(0));
      const total = lots.reduce((sum, one) => sum.plus(free(one)), d(0));
      const choice = pickLots(lots, needed, use);
      expect(choice.isEnough).toBe(total.gte(needed));
      if (!choice.isEnough) {
        expect(choice.available.toFixed()).toBe(total.toFixed());
        return;
      }
      const taken = new Map(choice.picks.map((pick) => [pick.lotId, pick.quantity]));
      expect(choice.picks.reduce((sum, pick) => sum.plus(pick.quantity), d(0)).toFixed()).toBe(needed.toFixed());
      const left = (one: LotOnShelf) => free(one).minus(taken.get(one.lotId) ?? 0);
      for (const one of lots) expect(left(one).gte(0)).toBe(true);
      const used = lots.filter((one) => taken.has(one.lotId));
      for (const earlier of lots)
        if (left(earlier).gt(0)) for (const later of used) expect(firstToExpire(later, earlier)).toBeLessThanOrEqual(0);
    }),
  );
});
