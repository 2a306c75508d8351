/**
 * A real PostgreSQL server from npm binaries, for a machine that has none: `npm start`, tests, benches.
 * The binaries are called directly: the package's own wrapper installs exit hooks that stop the server at the first
 * signal, before this program has drained.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  asAccount,
  binaries,
  freePort,
  isAlive,
  isLocked,
  lock,
  own,
  programOf,
  readSecret,
  withPassage,
  run,
  serverAccount,
  SetupError,
  type Account,
} from './postgres-host';

export { freePort, isLocked, lock as holdFolder, readSecret, SetupError } from './postgres-host';
export { provision, type DatabaseUrls, type ProvisionOptions } from './provision';

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

const CLUSTER = 'postgres-18';
const SECRET = 'postgres.secret';

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
    const bin = binaries();
    const account = withPassage(directory, bin.postgres, serverAccount());
    const cluster = join(directory, CLUSTER);
    const password = readSecret(join(directory, SECRET));
    if (!fs.existsSync(join(cluster, 'PG_VERSION'))) createCluster(bin.initdb, cluster, password, account, options);
    stopLeftover(bin.pg_ctl, cluster, account, options);

    const port = options.port ?? (await freePort());
    const server = await launch(bin.postgres, directory, port, account, options);
    return {
      adminUrl: adminUrlOf(password, port),
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

/** The server of a folder on which another program runs at this moment; undefined when none does. */
export function attachPostgres(directory: string): { adminUrl: string; port: number } | undefined {
  const folder = resolve(directory);
  const pidFile = join(folder, CLUSTER, 'postmaster.pid');
  if (!isLocked(folder) || !fs.existsSync(pidFile)) return undefined;
  const port = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[3]);
  return { port, adminUrl: adminUrlOf(readSecret(join(folder, SECRET)), port) };
}

const adminUrlOf = (password: string, port: number): string =>
  `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`;

/** The path of the cluster inside a data folder: what a back-up copies. */
export const clusterDirectory = (directory: string): string => join(resolve(directory), CLUSTER);

/**
 * Makes a data folder, with the folders above it.
 * @throws SetupError with one line that says what to do
 */
export function makeDirectory(directory: string): void {
  try {
    makeWithParents(resolve(directory));
    fs.accessSync(directory, fs.constants.W_OK);
  } catch {
    throw new SetupError(
      `The data folder ${directory} cannot be written: make it writable or set DATA_DIR to another folder.`,
    );
  }
}

/** Node's own recursive making never ends in a file system such as /proc, where a folder is there and cannot have another. */
function makeWithParents(directory: string): void {
  if (fs.existsSync(directory)) return;
  makeWithParents(dirname(directory));
  fs.mkdirSync(directory);
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
      '--lc-messages=C',
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
    // A data folder holds little; old log segments should not make it three times as large.
    max_wal_size: '256MB',
    jit: 'off',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = fs.openSync(logFile, 'w', 0o600);
  // Its own session: Ctrl-C reaches this program only, which stops the server after it has drained.
  const command = asAccount(account, postgres, ['-D', cluster, '-p', String(port), ...flags]);
  const server = spawn(command.file, command.args, {
    ...command.options,
    detached: true,
    stdio: ['ignore', log, log],
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
