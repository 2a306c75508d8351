import { startChores, type Chore } from './chores';
import type { Database } from './database';

const quiet = { warn: jest.fn() };
const nothing = {} as Database;

test('a chore that fails is logged and has its turn again; a stop waits for none that is to come', async () => {
  const asked: number[] = [];
  const failing = () => {
    asked.push(1);
    return Promise.reject(new Error('no database'));
  };
  const chore: Chore = { name: 'dusting', everyMs: 5, run: () => Promise.resolve() };

  const chores = startChores(nothing, [chore], failing, quiet as never);
  for (const until = Date.now() + 5_000; asked.length < 2 && Date.now() < until;)
    await new Promise((r) => setTimeout(r, 5));
  await chores.stop();
  const before = asked.length;
  await new Promise((done) => setTimeout(done, 30));

  expect(before).toBeGreaterThanOrEqual(2);
  expect(asked).toHaveLength(before);
  expect(quiet.warn).toHaveBeenCalledWith({ err: 'no database', chore: 'dusting' }, expect.any(String));
});
