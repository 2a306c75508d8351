import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@practice-graph/kit/postgres';
import { Client } from 'pg';
import { copyDataFolder, newestBackup, requireData, requireEmbedded, restoreDataFolder } from '../src/folder-copy';
import { readSettings } from '../src/env';

const home = mkdtempSync(join(tmpdir(), 'practice-graph-copy-'));
const directory = join(home, 'data');
const copy = join(home, 'copy');
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Runs one statement on the server of the data folder, which is started for it. */
async function atWork(sql: string, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<unknown[]> {
  const server = await startPostgres({ directory, durable: false });
  const client = new Client({ connectionString: server.adminUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await meanwhile();
  await client.end();
  await server.stop();
  return rows;
}

test('a back-up brings back what was there, and keeps what it replaces', async () => {
  await atWork('CREATE TABLE books AS SELECT 1 AS page');
  const taken = await copyDataFolder(directory, copy);
  await atWork('UPDATE books SET page = 2');

  const { kept } = await restoreDataFolder(directory, copy);

  expect(await atWork('SELECT page FROM books')).toEqual([{ page: 1 }]);
  expect(taken.files).toBeGreaterThan(900);
  expect(existsSync(join(kept ?? '', 'postgres-18'))).toBe(true);
  expect(readdirSync(home).filter((name) => name.includes('restoring'))).toEqual([]);
});

test('neither is done while the graph runs', async () => {
  await atWork('SELECT 1', async () => {
    await expect(copyDataFolder(directory, join(home, 'other'))).rejects.toThrow('stop it (Ctrl-C) and run this again');
    await expect(restoreDataFolder(directory, copy)).rejects.toThrow('stop it (Ctrl-C) and run this again');
  });

  expect(existsSync(join(home, 'other'))).toBe(false);
});

test('a damaged back-up is refused and the data stays', async () => {
  appendFileSync(join(copy, 'postgres-18', 'PG_VERSION'), 'x');

  await expect(restoreDataFolder(directory, copy)).rejects.toThrow('is damaged (postgres-18/PG_VERSION)');

  expect(await atWork('SELECT page FROM books')).toEqual([{ page: 1 }]);
});

test('an existing folder is not overwritten, and nothing is no back-up', async () => {
  await expect(copyDataFolder(directory, copy)).rejects.toThrow('exists already');
  await expect(restoreDataFolder(directory, join(home, 'nothing'))).rejects.toThrow('is no complete back-up');
  await expect(copyDataFolder(join(home, 'empty'), join(home, 'other'))).rejects.toThrow('There is no data in');
});

test('the newest complete back-up is the one that is meant when none is named', () => {
  const folder = join(home, 'backups');
  expect(() => newestBackup(folder)).toThrow('There is no back-up in');
  for (const name of ['2026-06-30T09-00-00', '2026-06-29T23-00-00', '2026-07-01T00-00-00']) {
    mkdirSync(join(folder, name), { recursive: true });
    if (!name.startsWith('2026-07')) writeFileSync(join(folder, name, 'backup.json'), '{}');
  }

  expect(newestBackup(folder)).toBe(join(folder, '2026-06-30T09-00-00'));
});

test('commands that look at the data say when there is none', () => {
  expect(() => {
    requireData(join(home, 'empty'));
  }).toThrow('There is no data in');
});

test('an own server is copied with its own tools', () => {
  const settings = readSettings({ DATABASE_URL: 'postgres://admin:secret@db.example:5432/postgres' });

  expect(() => {
    requireEmbedded(settings, 'pg_dump');
  }).toThrow('use its tools (pg_dump)');
});
