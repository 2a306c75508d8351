/** The whole program under kill -9: what was acknowledged is kept, and what was on its way arrives once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { attachPostgres, startPostgres } from '@practice-graph/kit/postgres';
import { TEST_NOW } from '@practice-graph/kit/testing';
import { openIssuer } from '../src';
import { demoIds } from '../src/demo/organisation';

const ROOT = join(__dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'practice-graph-kill-'));
const directory = join(home, 'data');
const clinicId = clinicIdText(demoIds.clinics.group);
const programs: ChildProcess[] = [];

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function run(file: string, ...args: string[]): Program {
  const child = spawn(process.execPath, [join(ROOT, 'test/run-source.js'), join(ROOT, 'app/src', file), ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', DATA_DIR: directory, DEMO: 'tiny', PORT: '0', CLOCK: TEST_NOW },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  programs.push(child);
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  return { child, output: () => output, ended: new Promise((done) => child.once('exit', done)) };
}

/** Starts the graph and answers its address. */
async function start(): Promise<Program & { url: string }> {
  const program = run('main.ts');
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((done) => setTimeout(done, 50))) {
    const url = /Graph\s+(http\S+)/.exec(program.output())?.[1];
    if (url !== undefined) return { ...program, url };
    if (program.child.exitCode !== null) break;
  }
  throw new Error(`the graph did not start: ${program.output()}`);
}

async function ask(url: string, query: string, variables: object): Promise<any> {
  const issuer = await openIssuer({ directory, isProduction: false, size: 'tiny' });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.token('accountant')}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const TOTAL = `query ($clinicId: ID!) {
  performanceReport(clinicId: $clinicId, period: { month: "2026-06" }, groupBy: []) {
    total { production { gross net } writeOffs { totalDiscounts } }
  }
}`;
const RECORD = `mutation ($input: AdjustmentRecordInput!) {
  adjustmentRecord(input: $input) { adjustment { id approvalStatus } userErrors { code message } }
}`;

interface Total {
  readonly gross: number;
  readonly net: number;
  readonly discounts: number;
}

async function totalOf(url: string): Promise<Total> {
  const { total } = (await ask(url, TOTAL, { clinicId })).performanceReport;
  const cents = (text: string) => Math.round(Number(text) * 100);
  const { gross, net } = total.production;
  return { gross: cents(gross), net: cents(net), discounts: cents(total.writeOffs.totalDiscounts) };
}

afterAll(async () => {
  for (const child of programs) child.kill('SIGKILL');
  // A killed program leaves its server behind; opening the folder once more ends it.
  if (attachPostgres(directory) === undefined) await (await startPostgres({ directory, durable: false })).stop();
  rmSync(home, { recursive: true, force: true });
});

test('acknowledged adjustments survive kill -9 and reach net production once', async () => {
  const first = await start();
  const before = await totalOf(first.url);
  const { reasonCodes } = await ask(
    first.url,
    'query ($clinicId: ID!) { reasonCodes(clinicId: $clinicId, category: COURTESY_DISCOUNT) { code requiresApproval requiresDocumentation } }',
    { clinicId },
  );
  const reason = reasonCodes.find((each: any) => !each.requiresApproval && !each.requiresDocumentation);
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map(async (patient) => {
      const input = {
        idempotencyKey: `kill-${String(patient)}`,
        clinicId,
        locationId: recordIdText(demoIds.clinics.group, demoIds.locations.harbor),
        providerId: recordIdText(demoIds.clinics.group, demoIds.providers.doctor),
        patientId: recordIdText(demoIds.clinics.group, `00000000-0000-7000-8000-00000000000${String(patient)}`),
        adjustmentDate: TEST_NOW.slice(0, 10),
        category: 'COURTESY_DISCOUNT',
        reasonCode: reason.code,
        amount: '10.00',
      };
      return (await ask(first.url, RECORD, { input })).adjustmentRecord;
    }),
  );
  first.child.kill('SIGKILL');
  await first.ended;
  expect(answers.map(({ adjustment, userErrors }) => [adjustment?.approvalStatus, userErrors])).toEqual(
    answers.map(() => ['AUTO_APPROVED', []]),
  );

  const second = await start();
  let after = await totalOf(second.url);
  for (const until = Date.now() + 15_000; after.net !== before.net - 5_000 && Date.now() < until;) {
    await new Promise((done) => setTimeout(done, 100));
    after = await totalOf(second.url);
  }

  expect(after).toEqual({ gross: before.gross, net: before.net - 5_000, discounts: before.discounts + 5_000 });
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const verified = run('verify.ts');
  expect(await verified.ended).toBe(0);
  expect(verified.output()).toMatch(/\d+ values compared, 0 differ/);
  const listed = run('events.ts');
  expect(await listed.ended).toBe(0);
  expect(listed.output()).toContain('0 could not be delivered');
}, 120_000);

test('a back-up of it is restored and verified', async () => {
  const copy = join(home, 'copy');
  const backup = run('backup.ts', copy);
  expect([await backup.ended, backup.output()]).toEqual([0, expect.stringContaining('copied to')]);
  const restore = run('restore.ts', copy);
  expect([await restore.ended, restore.output()]).toEqual([0, expect.stringContaining('files restored to')]);

  const verified = run('verify.ts');

  expect([await verified.ended, verified.output()]).toEqual([
    0,
    expect.stringMatching(/[1-9]\d+ values compared, 0 differ/),
  ]);
}, 60_000);
