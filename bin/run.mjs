/**
 * The one entry behind the npm scripts. Plain Node without dependencies: it installs and builds what is missing, says
 * nothing when there is nothing to say, and then runs the command in this very process.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PNPM = ['--yes', 'pnpm@12.21.0'];
const WHOLE = ['gateway', 'schema', 'app', 'bench'];

/** Programs of app/, by command; the rest of the commands are functions below. */
const PROGRAMS = {
  start: 'app/dist/main.js',
  token: 'app/dist/token.js',
  backup: 'app/dist/backup.js',
  restore: 'app/dist/restore.js',
  verify: 'app/dist/verify.js',
  resync: 'app/dist/resync.js',
  events: 'app/dist/events.js',
  migrate: 'app/dist/migrate.js',
  bench: 'bench/dist/main.js',
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer (22 and 24 work too), then run this again.`,
  );
}

const packageFolders = () =>
  [...WHOLE, ...readdirSync(join(ROOT, 'subgraphs')).map((name) => `subgraphs/${name}`)].filter((folder) =>
    existsSync(join(ROOT, folder, 'package.json')),
  );

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

function fingerprint(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of files)
    if (existsSync(file)) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Runs `work` unless the stamp says that it was done for these very files. */
function unlessDone(stamp, files, work) {
  const now = fingerprint(files);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint(files));
}

/** A command whose output is only of interest when it fails. */
function quietly(told, failed, command, args) {
  if (told) process.stderr.write(`${told}\n`);
  const done = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      CI: '1',
      npm_config_update_notifier: 'false',
    },
  });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  fail(done.error ? `${failed} (${done.error.message})` : failed);
}

function install() {
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...packageFolders().map((folder) => `${folder}/package.json`),
  ];
  const stamp = join(ROOT, 'node_modules/.cache/practice-graph/installed');
  unlessDone(
    stamp,
    files.map((file) => join(ROOT, file)),
    () => {
      quietly(
        'Installing packages ...',
        'The packages could not be installed: see above; check that the npm registry can be reached and run this again.',
        'npx',
        [...PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'],
      );
    },
  );
}

const sources = (folder) => [
  ...filesBelow(join(ROOT, folder, 'src')).filter((file) => !file.endsWith('.test.ts')),
  ...filesBelow(join(ROOT, folder, 'explorer')),
  join(ROOT, folder, 'package.json'),
  join(ROOT, folder, 'tsconfig.build.json'),
];

/** Builds through turbo, which caches per package; not at all when no source has changed. The bench waits until it is asked for. */
function build(withBench = true) {
  const folders = packageFolders().filter(
    (folder) => existsSync(join(ROOT, folder, 'src')) && (withBench || folder !== 'bench'),
  );
  const unbuilt = folders.some((folder) => !existsSync(join(ROOT, folder, 'dist')));
  const stamps = ['built', 'built-without-bench'].map((name) => join(ROOT, 'node_modules/.cache/practice-graph', name));
  const [stamp, other] = withBench ? stamps : stamps.toReversed();
  if (unbuilt && existsSync(stamp)) writeFileSync(stamp, '');
  unlessDone(stamp, [join(ROOT, 'tsconfig.base.json'), ...folders.flatMap(sources)], () => {
    // What the other stamp speaks of is about to be overwritten.
    rmSync(other, { force: true });
    const filters = folders.map((folder) => `--filter=./${folder}`);
    quietly('Building ...', 'The build failed: see above.', 'npx', [
      ...PNPM,
      'exec',
      'turbo',
      'run',
      'build',
      '--output-logs=errors-only',
      '--no-update-notifier',
      ...filters,
    ]);
  });
}

/** A tool of node_modules, with its output shown; answers whether it succeeded. */
function tool(file, args, options = {}) {
  return (
    spawnSync(process.execPath, [join(ROOT, 'node_modules', file), ...args], {
      cwd: ROOT,
      stdio: 'inherit',
      ...options,
    }).status === 0
  );
}

/** By default jest leaves one core idle, which on two cores is half of them. */
function jest(args) {
  const isChosen = args.some((arg) => /^(-i|-w|--runInBand|--maxWorkers)/.test(arg));
  return tool('jest/bin/jest.js', isChosen ? args : ['--maxWorkers=100%', ...args]);
}

function fresh() {
  const before = generated();
  generate();
  const after = generated();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  if (stale.length === 0) return true;
  process.stderr.write(
    `These generated files were not up to date; look at them and commit them:\n${stale.map((file) => `  ${file.slice(ROOT.length + 1)}\n`).join('')}`,
  );
  return false;
}

/** Contents of every file that a generator may write. */
function generated() {
  const files = ['schema', 'docs']
    .flatMap((folder) => filesBelow(join(ROOT, folder)))
    .filter((file) => /\.(graphql|md|json)$/.test(file) && !file.includes('node_modules'));
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}

/** Generated files differ neither from what the code says nor from what is committed. */
function committed() {
  if (!existsSync(join(ROOT, '.git'))) return true;
  return (
    spawnSync('git', ['diff', '--exit-code', '--stat', 'schema', 'docs'], { cwd: ROOT, stdio: 'inherit' }).status === 0
  );
}

function generate() {
  build();
  for (const program of ['app/dist/schema.js']) {
    if (!existsSync(join(ROOT, program))) continue;
    if (
      spawnSync(process.execPath, [join(ROOT, program)], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
        .status !== 0
    )
      fail(`The generator ${program} failed: see above.`);
  }
}

/** What the continuous integration runs. All steps run, so that one run tells everything. */
function check(args) {
  const steps = [
    ['format', () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'])],
    [
      'lint',
      () =>
        tool('eslint/bin/eslint.js', [
          '.',
          '--max-warnings=0',
          '--cache',
          '--cache-location=node_modules/.cache/eslint/',
        ]),
    ],
    ['types', () => tool('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json'])],
    ['generated files', () => fresh() && committed()],
    ['docker-compose.yml', () => tool('dclint/bin/dclint.cjs', ['docker-compose.yml'])],
    [
      'built output',
      () => (
        build(),
        spawnSync(process.execPath, [join(ROOT, 'bin/smoke.mjs')], { cwd: ROOT, stdio: 'inherit' }).status === 0
      ),
    ],
    ['tests', () => jest([])],
  ].filter(([name]) => !(name === 'tests' && args.includes('--without-tests')));

  const failed = [];
  for (const [name, step] of steps) {
    const started = Date.now();
    const isGood = step();
    process.stdout.write(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
    if (!isGood) failed.push(name);
  }
  if (failed.length > 0) fail(`The check failed: ${failed.join(', ')}.`);
}

/** A program that npm started ends when npm is gone: kill -9 of npm must not leave a server that nobody sees. */
function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

const COMMANDS = {
  test: (args) => process.exit(jest(args) ? 0 : 1),
  'test:browser': (args) => {
    build();
    const files = ['--testMatch', '**/*.browser.test.ts', '--testPathIgnorePatterns', '/node_modules/', '/dist/'];
    process.exit(jest([...files, ...args]) ? 0 : 1);
  },
  check,
  build: () => build(),
  schema: generate,
};

requireNode();
const [command = 'start', ...args] = process.argv.slice(2);
const program = PROGRAMS[command];
if (program === undefined && COMMANDS[command] === undefined) {
  fail(
    `There is no command ${command}: choose one of ${[...Object.keys(PROGRAMS), ...Object.keys(COMMANDS)].join(', ')}.`,
  );
}
process.chdir(ROOT);
install();
if (program === undefined) {
  COMMANDS[command](args);
} else {
  build(command === 'bench');
  if (!existsSync(join(ROOT, program))) fail(`There is no ${program} yet.`);
  if (command === 'start') endWithParent();
  process.argv = [process.argv[0], join(ROOT, program), ...args];
  await import(pathToFileURL(join(ROOT, program)).href);
}
