import fc from 'fast-check';
import { coversLot, isWithinRecall, recallProblem, type RecallableLot, type RecallScope } from './recall.rules';

const GTIN = '00301781123453';
const OTHER = '10301781123450';
const lot = (of: Partial<RecallableLot> = {}): RecallableLot => ({
  lotKey: 'AB12',
  itemId: 'gel',
  gtins: [],
  hasNumber: true,
  ...of,
});
const scope = (of: Partial<RecallScope> = {}): RecallScope => ({ lotKey: 'AB12', gtins: [], itemId: null, ...of });

test.each<[string, Partial<RecallScope>, Partial<RecallableLot>, boolean]>([
  ['the number alone covers every item with it', {}, { itemId: 'primer' }, true],
  ['another number is not covered', {}, { lotKey: 'AB13' }, false],
  ['a GTIN that agrees', { gtins: [GTIN] }, { gtins: [OTHER, GTIN] }, true],
  ['a GTIN of another maker', { gtins: [GTIN] }, { gtins: [OTHER] }, false],
  ['a lot of which no GTIN is known is not missed', { gtins: [GTIN] }, {}, true],
  ['the named item', { itemId: 'gel' }, { gtins: [OTHER] }, true],
  ['the named item with the GTIN of another maker', { itemId: 'gel', gtins: [GTIN] }, { gtins: [OTHER] }, false],
  ['another item of the same number', { itemId: 'primer' }, {}, false],
  ['every lot of a whole item', { lotKey: null, itemId: 'gel' }, { lotKey: 'ZZ' }, true],
  ['goods of a whole item that have no lots', { lotKey: null, itemId: 'gel' }, { hasNumber: false }, true],
  ['a whole item by its GTIN', { lotKey: null, gtins: [GTIN] }, { gtins: [GTIN] }, true],
  ['a whole item by its GTIN leaves out what has none', { lotKey: null, gtins: [GTIN] }, {}, false],
  ['a whole item that only the other inventory knows covers nothing here', { lotKey: null }, {}, false],
  ['goods without lots have no number', { lotKey: 'NOLOT' }, { lotKey: 'NOLOT', hasNumber: false }, false],
])('%s', (_, covers, of, expected) => {
  expect(coversLot(scope(covers), lot(of))).toBe(expected);
});

const target = fc.record({
  lotKey: fc.option(fc.constantFrom('A', 'B')),
  gtin: fc.option(fc.constantFrom(GTIN, OTHER)),
  itemId: fc.option(fc.constantFrom('gel', 'primer')),
});

test('a recall that would be within a standing one blocks no lot that is not blocked', () => {
  const some = fc.constantFrom('A', 'B');
  const item = fc.constantFrom('gel', 'primer');
  fc.assert(
    fc.property(target, target, some, item, fc.subarray([GTIN, OTHER]), (narrow, wide, lotKey, itemId, gtins) => {
      const covers = ({ gtin, ...rest }: typeof narrow) =>
        coversLot({ ...rest, gtins: gtin === null ? [] : [gtin] }, lot({ lotKey, itemId, gtins }));
      fc.pre(wide.lotKey !== null || wide.gtin !== null || wide.itemId !== null);
      if (isWithinRecall(narrow, wide) && covers(narrow)) expect(covers(wide)).toBe(true);
    }),
  );
});

const described = {
  recallNumber: 'Z-1',
  lotNumber: 'AB12',
  reason: 'may irritate',
  announcedOn: '2026-06-29',
};
test.each<[string, object, string]>([
  ['no number of the recall', { recallNumber: ' ' }, 'INVALID recallNumber'],
  ['an empty lot number', { lotNumber: ' ' }, 'INVALID lotNumber'],
  ['a GTIN with a wrong check digit', { gtin: '00301781123454' }, 'INVALID gtin'],
  ['nothing named', { lotNumber: null }, 'INVALID lotNumber'],
  ['no reason', { reason: '' }, 'REASON_REQUIRED reason'],
  ['an announcement to come', { announcedOn: '2026-07-01' }, 'FUTURE_DATE announcedOn'],
])('%s: %s', (_, of, expected) => {
  const problem = recallProblem({ ...described, ...of }, '2026-06-30');
  expect(problem && `${problem.code} ${problem.member}`).toBe(expected);
});

test('a recall of a lot, a GTIN or an item can be started', () => {
  for (const named of [{}, { lotNumber: null, gtin: GTIN }, { lotNumber: null, itemId: 'gel' }])
    expect(recallProblem({ ...described, ...named }, '2026-06-30')).toBeNull();
});
