import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provision, startPostgres } from '@practice-graph/kit/postgres';
import { Client } from 'pg';

const ask = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('the embedded server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'practice-graph-server-'));
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('keeps what it was given over a stop, and over a kill of the program that started it', async () => {
    const first = await startPostgres({ directory, durable: false });
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 41 AS n');
    await first.stop();
    const program = join(__dirname, 'start-and-wait.js');
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((done) =>
      child.stdout.once('data', (text: Buffer) => {
        done(text.toString().trim());
      }),
    );
    await ask(url, 'UPDATE kept SET n = n + 1');
    await expect(startPostgres({ directory, durable: false })).rejects.toThrow('in use by a running program');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
    expect(await ask(url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);

    const again = await startPostgres({ directory, durable: false });

    expect(await ask(again.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await again.stop();
    expect(statSync(join(directory, 'postgres.secret')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  });
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('the server of root also works below a folder that only root may enter', async () => {
  const home = mkdtempSync(join(tmpdir(), 'practice-graph-closed-'));
  try {
    const server = await startPostgres({ directory: join(home, 'data'), durable: false });
    expect(await ask(server.adminUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.stop();
    expect(statSync(home).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

describe('provisioning', () => {
  const admin = process.env['PG_ADMIN'] ?? '';

  test('repeats without effect, also several at once, and lets nobody else in', async () => {
    const names = ['house_test_a', 'house_test_b', 'house_test_a', 'house_test_b'];
    const [urls, other] = await Promise.all(
      names.map(async (database) => await provision(admin, { database, roles: database })),
    );

    expect(await ask(urls?.app ?? '', 'SELECT current_user AS role')).toEqual([{ role: 'house_test_a_app' }]);
    await expect(ask((other?.app ?? '').replace(/\/house_test_b$/, '/house_test_a'), 'SELECT 1')).rejects.toThrow(
      'permission denied for database',
    );
    await expect(ask(urls?.app ?? '', 'CREATE TABLE mine (n int)')).rejects.toThrow(
      'permission denied for schema public',
    );
    await ask(urls?.worker ?? '', 'CREATE SCHEMA graphile_worker');
    await ask(urls?.owner ?? '', 'CREATE TABLE owned (n int)');
    const roles = await ask(
      admin,
      `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS may FROM pg_roles WHERE rolname LIKE 'house_test_a%'`,
    );
    expect(roles).toEqual([{ may: false }, { may: false }, { may: false }]);
  });
});
