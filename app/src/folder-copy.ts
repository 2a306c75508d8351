import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { clusterDirectory, holdFolder, isLocked, SetupError, startPostgres } from '@practice-graph/kit/postgres';
import type { Settings } from './env';

/** Written last into a back-up: names every file with its hash, so that a broken copy is found before it is needed. */
const LIST = 'backup.json';

/** Where back-ups go that are given no folder. */
export const BACKUPS = 'backups';

interface List {
  readonly takenAt: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Copy {
  readonly target: string;
  readonly files: number;
  readonly bytes: number;
}

/** @throws SetupError where the data is not ours to copy */
export function requireEmbedded(settings: Settings, tool: string): void {
  if (settings.databaseUrl === undefined) return;
  throw new SetupError(
    `DATABASE_URL names a server of your own: use its tools (${tool}) for the four databases, see docs/OPERATING.md.`,
  );
}

/** @throws SetupError where there is nothing to copy or to look at */
export function requireData(directory: string): void {
  if (fs.existsSync(clusterDirectory(directory))) return;
  throw new SetupError(`There is no data in ${directory}: run npm start first or set DATA_DIR.`);
}

/** The newest of the complete back-ups in a folder, whose names are their instants. */
export function newestBackup(folder: string): string {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  const newest = names.findLast((name) => fs.existsSync(join(folder, name, LIST)));
  if (newest === undefined) throw new SetupError(`There is no back-up in ${folder}: name the folder of one.`);
  return join(folder, newest);
}

/**
 * Copies a data folder that no program uses. The server is started and stopped once, so that the copy is of a cleanly
 * closed database even after a power cut; then every file is read back and compared.
 */
export async function copyDataFolder(directory: string, folder: string): Promise<Copy> {
  requireIdle(directory);
  requireData(directory);
  const target = resolve(folder);
  if (fs.existsSync(target)) throw new SetupError(`${target} exists already: name a new folder for the copy.`);
  await (await startPostgres({ directory, durable: true })).stop();

  const release = holdFolder(directory);
  try {
    const files = copyFiles(resolve(directory), target);
    const list: List = { takenAt: new Date().toISOString(), files: Object.fromEntries(files) };
    fs.writeFileSync(join(target, LIST), JSON.stringify(list), { mode: 0o600 });
    requireSame(target, list);
    const bytes = [...files.keys()].reduce((sum, file) => sum + fs.statSync(join(target, file)).size, 0);
    return { target, files: files.size, bytes };
  } finally {
    release();
  }
}

/** Puts a checked back-up in the place of the data folder; what was there is moved aside, never deleted. */
export async function restoreDataFolder(
  directory: string,
  folder: string,
): Promise<{ kept: string | undefined; files: number }> {
  const source = resolve(folder);
  const listFile = join(source, LIST);
  if (!fs.existsSync(listFile))
    throw new SetupError(`${source} is no complete back-up: choose a folder that npm run backup has written.`);
  const list = JSON.parse(fs.readFileSync(listFile, 'utf8')) as List;
  requireSame(source, list);
  requireIdle(directory);
  if (fs.existsSync(clusterDirectory(directory))) {
    // Ends a server that a killed program has left behind; its files must not move under it.
    await (await startPostgres({ directory, durable: true })).stop();
  }

  const target = resolve(directory);
  const draft = `${target}.restoring`;
  fs.rmSync(draft, { recursive: true, force: true });
  const files = copyFiles(source, draft);
  fs.rmSync(join(draft, LIST));
  let kept: string | undefined;
  if (fs.existsSync(target)) {
    kept = `${target}.before-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}`;
    fs.renameSync(target, kept);
  }
  fs.renameSync(draft, target);
  return { kept, files: files.size - 1 };
}

function requireIdle(directory: string): void {
  if (isLocked(directory)) throw new SetupError(`The graph runs on ${directory}: stop it (Ctrl-C) and run this again.`);
}

/** Copies all but locks and logs, with owners and modes; answers the hash of each file. */
function copyFiles(from: string, to: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const copy = (source: string, target: string): void => {
    const stat = fs.lstatSync(source);
    if (stat.isDirectory()) {
      fs.mkdirSync(target, { recursive: true });
      for (const name of fs.readdirSync(source).sort()) {
        if (!['running.lock', 'postmaster.pid', 'postgres.log'].includes(name))
          copy(join(source, name), join(target, name));
      }
    } else if (stat.isFile()) {
      fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE);
      hashes.set(relative(from, source), hashOf(source));
    } else {
      return;
    }
    if (process.getuid?.() === 0) fs.chownSync(target, stat.uid, stat.gid);
    fs.chmodSync(target, stat.mode & 0o7777);
  };
  fs.mkdirSync(dirname(to), { recursive: true });
  copy(from, to);
  return hashes;
}

function requireSame(folder: string, list: List): void {
  for (const [file, hash] of Object.entries(list.files)) {
    const path = join(folder, file);
    if (fs.existsSync(path) && hashOf(path) === hash) continue;
    throw new SetupError(`The back-up ${folder} is damaged (${file}): use another one.`);
  }
}

const hashOf = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex');
