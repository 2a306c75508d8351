import fc from 'fast-check';
import { coveredMinutes, type TimeBlock } from './time-block.rules';

const block = (from: string, to: string): TimeBlock => ({ startsAt: new Date(from), endsAt: new Date(to) });
const at = (from: number, to: number): TimeBlock => ({
  startsAt: new Date(Date.UTC(2026, 5, 30) + from * 60_000),
  endsAt: new Date(Date.UTC(2026, 5, 30) + to * 60_000),
});

test.each<[string, TimeBlock[], number]>([
  ['nothing', [], 0],
  ['two apart', [at(0, 30), at(60, 90)], 60],
  ['two that overlap', [at(0, 60), at(30, 90)], 90],
  ['one inside another', [at(0, 120), at(30, 60)], 120],
  ['two that touch, in any order', [at(60, 90), at(0, 60)], 90],
  [
    'the night on which clocks go forward in New York has 23 hours',
    [block('2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00')],
    23 * 60,
  ],
  [
    'the night on which they go back has 25',
    [block('2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00')],
    25 * 60,
  ],
  [
    'on Lord Howe the clocks go back by half an hour',
    [block('2026-04-05T00:00:00+11:00', '2026-04-06T00:00:00+10:30')],
    24 * 60 + 30,
  ],
])('%s', (_, blocks, minutes) => {
  expect(coveredMinutes(blocks)).toBe(minutes);
});

test('the union holds each minute once, whatever the blocks and their order', () => {
  const blocks = fc.array(
    fc.tuple(fc.nat({ max: 600 }), fc.integer({ min: 1, max: 200 })).map(([from, length]) => at(from, from + length)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(blocks, (all) => {
      const minutes = new Set(
        all.flatMap(({ startsAt, endsAt }) =>
          Array.from(
            { length: (endsAt.getTime() - startsAt.getTime()) / 60_000 },
            (_, n) => startsAt.getTime() / 60_000 + n,
          ),
        ),
      );
      expect(coveredMinutes(all)).toBe(minutes.size);
      expect(coveredMinutes(all.toReversed())).toBe(minutes.size);
    }),
  );
});
