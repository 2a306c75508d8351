/**
 * Starts the built program with plain node on a free port and an empty data folder, asks a query with a token, and stops
 * it: what jest cannot see, such as an undeclared dependency or a file that is missing from the build, fails here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const START_MS = 120_000;
const directory = mkdtempSync(join(tmpdir(), 'practice-graph-smoke-'));
const { NODE_PATH: _shims, DATABASE_URL: _own, npm_lifecycle_event: _event, ...inherited } = process.env;
const env = { ...inherited, DATA_DIR: directory, DEMO: 'tiny', PORT: '0', NODE_ENV: 'test' };

const program = spawn(process.execPath, [join(ROOT, 'app/dist/main.js')], {
  cwd: tmpdir(),
  env,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let output = '';
const exited = new Promise((done) => program.once('exit', (code, signal) => done(code ?? signal)));
const keep = (text) => (output += text);
program.stdout.setEncoding('utf8').on('data', keep);
program.stderr.setEncoding('utf8').on('data', keep);

const fail = async (reason) => {
  program.kill('SIGKILL');
  await exited;
  process.stderr.write(`${output}\nsmoke test: ${reason}\n`);
  process.exitCode = 1;
};

async function addressOfGraph() {
  const until = Date.now() + START_MS;
  while (Date.now() < until && program.exitCode === null) {
    const url = /Graph\s+(http\S+)/.exec(output)?.[1];
    if (url !== undefined && output.includes('Ctrl-C')) return url;
    await new Promise((done) => setTimeout(done, 100));
  }
  return undefined;
}

async function ask(url, token, query) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return await answer.json();
}

async function test() {
  const url = await addressOfGraph();
  if (url === undefined) return await fail('the graph did not start');
  const printed = spawnSync(process.execPath, [join(ROOT, 'app/dist/token.js'), '--as', 'owner'], {
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
  });
  if (printed.status !== 0) return await fail(`no token: ${printed.stderr}`);
  const answer = await ask(url, printed.stdout.trim(), '{ clinics { name currency } }');
  if (answer.errors !== undefined || answer.data.clinics.length === 0)
    return await fail(`a wrong answer: ${JSON.stringify(answer)}`);

  program.kill('SIGTERM');
  const ended = await exited;
  if (ended !== 0) return await fail(`it ended with ${ended} after SIGTERM`);
  const verified = spawnSync(process.execPath, [join(ROOT, 'app/dist/verify.js')], {
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
  });
  if (verified.status !== 0) await fail(`verify: ${verified.stdout}${verified.stderr}`);
}

try {
  await test();
} finally {
  program.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
}
