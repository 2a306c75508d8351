import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterDirectory, isLocked, SetupError } from '@practice-graph/kit/postgres';
import { TEST_NOW } from '@practice-graph/kit/testing';
import { readState } from '../src/demo-state';
import { readSettings } from '../src/env';
import { startGraph } from '../src/start';

const home = mkdtempSync(join(tmpdir(), 'practice-graph-start-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('a start that cannot go on says so in one line', () => {
  test('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const settings = readSettings({ PORT: String(port), DATA_DIR: join(home, 'port') });

    await expect(startGraph(settings).ready).rejects.toThrow(
      new SetupError(
        `Port ${String(port)} of 127.0.0.1 is in use: stop the program that uses it or choose another, for example PORT=${String(port + 1)} npm start.`,
      ),
    );
    other.close();
  });

  test.each([
    ['below a file', () => join(home, 'file', 'data')],
    ['where nobody can make folders', () => '/proc/data'],
  ])('a data folder %s', async (_, folder) => {
    writeFileSync(join(home, 'file'), '');
    const settings = readSettings({ PORT: '0', DATA_DIR: folder() });

    await expect(startGraph(settings).ready).rejects.toThrow(
      'cannot be written: make it writable or set DATA_DIR to another folder.',
    );
  });

  test('production', async () => {
    await expect(startGraph(readSettings({ NODE_ENV: 'production' })).ready).rejects.toThrow(
      'refuses NODE_ENV=production',
    );
  });

  test('a database server that does not answer', async () => {
    const settings = readSettings({
      PORT: '0',
      DATA_DIR: join(home, 'own'),
      DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x',
    });

    await expect(startGraph(settings).ready).rejects.toThrow(
      'The database server 127.0.0.1:1 of DATABASE_URL does not answer',
    );
  });
});

test('a start that is stopped in the middle of its first load leaves no server behind, and the next one begins again', async () => {
  const settings = readSettings({ PORT: '0', DATA_DIR: join(home, 'data'), DEMO: 'tiny', CLOCK: TEST_NOW });
  const first = startGraph(settings);
  const outcome = first.ready.catch((error: unknown) => error);
  while (readState(settings.directory) === undefined) await new Promise((done) => setTimeout(done, 5));

  await first.stop();

  expect(await outcome).toHaveProperty('message');
  expect(readState(settings.directory)).toMatchObject({ size: 'tiny', anchor: '2026-06-30', isComplete: false });
  expect(isLocked(settings.directory)).toBe(false);
  expect(existsSync(join(clusterDirectory(settings.directory), 'postmaster.pid'))).toBe(false);

  const second = startGraph(settings);
  const url = await second.ready;
  expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
  expect(readState(settings.directory)?.isComplete).toBe(true);
  await second.stop();
  expect(isLocked(settings.directory)).toBe(false);
}, 60_000);
