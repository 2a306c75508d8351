/** Programs of others that the bench measures against: large, no part of the product, and installed when first needed. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const BENCH = join(__dirname, '..');

/** Installs what a folder of `peers/` names, once, with the files beside it; answers where. */
export function installPeers(name: '.' | 'reports', size: string): string {
  const source = join(BENCH, 'peers', name);
  const folder = join(BENCH, '.peers', name);
  const wanted = readFileSync(join(source, 'package.json'), 'utf8');
  const stamp = join(folder, 'installed.json');
  mkdirSync(folder, { recursive: true });
  if (name !== '.') cpSync(source, folder, { recursive: true });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder;
  cpSync(join(source, 'package.json'), join(folder, 'package.json'));
  process.stderr.write(`Installing the peers (about ${size}, once) ...\n`);
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) throw new Error(`The peers could not be installed:\n${done.stderr}`);
  writeFileSync(stamp, wanted);
  return folder;
}

/** Version of a package that is installed in a folder. */
export const installedVersion = (folder: string, name: string): string =>
  (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
