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

async function ask(url: string, query: string, variables: object, as = 'accountant'): Promise<any> {
  const issuer = await openIssuer({ directory, isProduction: false, size: 'tiny' });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.token(as)}` },
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

const group = demoIds.clinics.group;
const harbor = recordIdText(group, demoIds.locations.harbor);
const doctor = recordIdText(group, demoIds.providers.doctor);
const today = TEST_NOW.slice(0, 10);

/** An item with 100 pieces of a lot, and an appliance on which they are used. */
async function aStockedItem(url: string): Promise<{ itemId: string; applianceId: string }> {
  const { supplyItemSave } = await ask(
    url,
    'mutation ($input: SupplyItemInput!) { supplyItemSave(input: $input) { supplyItem { id } userErrors { code } } }',
    {
      input: {
        ...{ idempotencyKey: 'kill-item', clinicId, sku: 'KILL-1', name: 'Kill test wire', category: 'ARCHWIRE' },
        ...{ unit: 'piece', reorderPoint: '75', maxLevel: '200' },
      },
    },
    'owner',
  );
  const itemId = supplyItemSave.supplyItem.id as string;
  await ask(
    url,
    'mutation ($input: SupplyLotReceiveInput!) { supplyLotReceive(input: $input) { userErrors { code } } }',
    {
      input: {
        ...{
          idempotencyKey: 'kill-lot',
          itemId,
          locationId: harbor,
          lotNumber: 'KILL',
          packs: '100',
          packPrice: '1.00',
        },
        ...{ receivedOn: today, reason: 'opening stock' },
      },
    },
    'owner',
  );
  const patientId = recordIdText(group, '00000000-0000-7000-8000-000000000001');
  const { applianceRecordSave } = await ask(
    url,
    'mutation ($input: ApplianceRecordInput!) { applianceRecordSave(input: $input) { appliance { id } userErrors { code } } }',
    { input: { idempotencyKey: 'kill-record', clinicId, locationId: harbor, patientId, applianceType: 'OTHER' } },
    'owner',
  );
  const applianceId = applianceRecordSave.appliance.id as string;
  await ask(
    url,
    'mutation ($id: ID!, $input: AppliancePlaceInput!) { applianceRecordPlace(id: $id, input: $input) { userErrors { code } } }',
    {
      id: applianceId,
      input: { idempotencyKey: 'kill-place', placedOn: today, providerId: doctor, withoutInventory: true },
    },
    'owner',
  );
  return { itemId, applianceId };
}

const useOne = async (url: string, of: { itemId: string; applianceId: string }, key: number) =>
  (
    await ask(
      url,
      'mutation ($id: ID!, $input: ApplianceDeductInput!) { applianceInventoryDeduct(applianceId: $id, input: $input) { usages { id } userErrors { code } } }',
      {
        id: of.applianceId,
        input: {
          ...{ idempotencyKey: `kill-use-${String(key)}`, usedOn: today, providerId: doctor },
          lines: [{ itemId: of.itemId, quantity: '1' }],
        },
      },
      'owner',
    )
  ).applianceInventoryDeduct;

const CLOSING = '2026-05';
/** Where the month stands that is being closed when the program dies, and its id. */
async function monthOf(url: string): Promise<{ id: string; status: string; unconfirmedDomains: string[] }> {
  const { financialPeriods } = await ask(
    url,
    'query ($c: ID!) { financialPeriods(clinicId: $c, year: 2026, type: MONTH) { id status unconfirmedDomains period { label } } }',
    { c: clinicId },
  );
  const { id, status, unconfirmedDomains } = financialPeriods.find((each: any) => each.period.label === CLOSING);
  return { id, status, unconfirmedDomains };
}
const stepMonth = async (url: string, id: string, name: 'StartClosing' | 'Close') =>
  (
    await ask(
      url,
      `mutation ($id: ID!, $input: WorkflowStepInput!) { payload: financialPeriod${name}(id: $id, input: $input) {
         financialPeriod { status } userErrors { code } } }`,
      { id, input: { idempotencyKey: `kill-${name}` } },
    )
  ).payload;

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

test('acknowledged adjustments and uses survive kill -9 and count once', async () => {
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
  // A month is being closed: it may be killed before all domains have confirmed that they stopped posting into it.
  const { id: monthId } = await monthOf(first.url);
  // Thirty uses are on their way when the program dies, some of them written and not yet answered.
  const stocked = await aStockedItem(first.url);
  const answered: { usages: { id: string }[] }[] = [];
  const cut = Array.from({ length: 30 }, (_, i) =>
    useOne(first.url, stocked, i).then((answer) => {
      if (answered.push(answer) === 4) first.child.kill('SIGKILL');
    }),
  );
  const closing = stepMonth(first.url, monthId, 'StartClosing');
  await Promise.allSettled([...cut, closing]);
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
  // The first phase is begun once, also when its answer was lost; the confirmations arrive after all, and with them the
  // second phase stands before nothing but the day sheets.
  expect(await stepMonth(second.url, monthId, 'StartClosing')).toEqual({
    financialPeriod: { status: 'CLOSING' },
    userErrors: [],
  });
  let month = await monthOf(second.url);
  for (const until = Date.now() + 15_000; month.unconfirmedDomains.length > 0 && Date.now() < until;) {
    await new Promise((done) => setTimeout(done, 100));
    month = await monthOf(second.url);
  }
  expect(month).toEqual({ id: monthId, status: 'CLOSING', unconfirmedDomains: [] });
  expect((await stepMonth(second.url, monthId, 'Close')).userErrors).toEqual([{ code: 'OPEN_DAY_SHEETS' }]);
  // Sent again with the same keys, each is done once: what was answered is answered alike, and the stock fell by thirty.
  const again = await Promise.all(Array.from({ length: 30 }, (_, i) => useOne(second.url, stocked, i)));
  const used = new Set(again.flatMap((answer) => answer.usages.map((usage: { id: string }) => usage.id)));
  expect(again.flatMap((answer) => answer.userErrors)).toEqual([]);
  expect(used.size).toBe(30);
  expect(answered.flatMap(({ usages }) => usages).every(({ id }) => used.has(id))).toBe(true);
  const { supplyItem } = await ask(
    second.url,
    'query ($id: ID!) { supplyItem(id: $id) { stock { onHand severity } } }',
    { id: stocked.itemId },
    'owner',
  );
  expect(supplyItem.stock).toEqual([{ onHand: '70', severity: 'LOW' }]);
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
