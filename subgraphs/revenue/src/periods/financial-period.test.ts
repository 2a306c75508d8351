import { eventOf, type Viewer } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf, type CapabilityName } from '@practice-graph/practice';
import { revenue } from '..';
import { aKey, aPractice, asService, differences, record, stepDaySheets, type Practice } from '../../test/practice';
import { resendPeriods } from './financial-period.service';

let graph: TestSubgraph;
let of: Practice;
let closer: Viewer;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
  closer = { ...of.owner, subject: 'closer', scopes: [...of.owner.scopes, 'finance:close_periods', 'audit:read'] };
});

const FIELDS = `id clinicId type from to clinic { id } period { label from to } status unconfirmedDomains closedAt closedBy
  lockedAt reopenReason openDaySheetCount pendingEntryCount currency version auditTrail { action actorId fromState toState note }`;
const list = async (args = '', as = closer): Promise<any[]> =>
  (
    await graph.get(as, `query ($id: ID!) { financialPeriods(clinicId: $id, year: 2026${args}) { ${FIELDS} } }`, {
      id: of.clinic,
    })
  ).financialPeriods;
const period = async (label: string, as = closer): Promise<any> =>
  (await list('', as)).find((each) => each.period.label === label);
const step = async (name: string, label: string, more: Record<string, unknown> = {}, as = closer): Promise<any> => {
  const { id } = await period(label);
  const field = `financialPeriod${name}`;
  const answer = await graph.get(
    as,
    `mutation ($id: ID!, $input: WorkflowStepInput!) { ${field}(id: $id, input: $input) {
       financialPeriod { ${FIELDS} } userErrors { code message path } } }`,
    { id, input: { idempotencyKey: aKey(), ...more } },
  );
  return answer[field];
};
const codes = (answer: { userErrors: { code: string; path: string[] | null }[] }) =>
  answer.userErrors.map(({ code, path }) => [code, ...(path ?? [])].join(' '));
const confirm = (domain: string, version: number, month = '2026-05') => {
  const data = { month: `${month}-01`, domain, version };
  return graph.deliver(eventOf(of.clinicId, factOf('period.confirmed', `${domain}:${month}-01`, data), new Date()));
};
const ALL = ['adjustments', 'appliance-supply', 'spa-inventory'];
const confirmAll = async (version: number, month = '2026-05') => {
  for (const domain of ALL) await confirm(domain, version, month);
};
const told = async () =>
  (await graph.events())
    .filter(({ event, subscriber }) => event.clinicId === of.clinicId && subscriber === 'adjustments')
    .filter(({ event }) => event.type.startsWith('period.'))
    .map(({ event }) => [event.type, event.data]);
const stored = () => graph.sql('SELECT * FROM posting_month WHERE clinic_id = $1 ORDER BY month', [of.clinicId]);

test('the periods of a year are its months, quarters and itself, all open at first', async () => {
  const all = await list();

  expect(all).toHaveLength(17);
  expect(all[4]).toEqual({
    id: all[4].id,
    clinicId: of.clinic,
    type: 'MONTH',
    from: '2026-05-01',
    to: '2026-05-31',
    clinic: { id: of.clinic },
    period: { label: '2026-05', from: '2026-05-01', to: '2026-05-31' },
    status: 'OPEN',
    unconfirmedDomains: [],
    closedAt: null,
    closedBy: null,
    lockedAt: null,
    reopenReason: null,
    openDaySheetCount: 0,
    pendingEntryCount: 0,
    currency: 'USD',
    version: 1,
    auditTrail: [],
  });
  expect((await list(', type: QUARTER')).map((each) => [each.period.label, each.version])).toEqual([
    ...[1, 2, 3, 4].map((n) => [`Q${String(n)} 2026`, 3]),
  ]);
  expect(await list(', statuses: [CLOSED]')).toEqual([]);
  expect((await graph.ask(closer, '{ financialPeriods(clinicId: "x", year: 2026) { id } }')).data).toEqual({
    financialPeriods: null,
  });
});

test('a month closes in two phases: all domains that are switched on confirm, then it is closed and its totals are kept', async () => {
  await record(graph, of, { occurredAt: '2026-06-02T15:00:00Z' });
  const begun = await step('StartClosing', '2026-06');
  expect(begun).toMatchObject({
    userErrors: [],
    financialPeriod: { status: 'CLOSING', unconfirmedDomains: ALL, version: 2, closedAt: null },
  });
  expect(codes((await record(graph, of)) as never)).toEqual(['PERIOD_CLOSED input occurredAt']);

  const early = await step('Close', '2026-06');
  expect(early).toEqual({
    financialPeriod: null,
    userErrors: [
      { code: 'OPEN_DAY_SHEETS', message: 'Day sheets of the period are still open. There are 1.', path: ['id'] },
      {
        code: 'PERIOD_UNCONFIRMED',
        message:
          'A domain has not yet confirmed that it stopped posting into the period; unconfirmedDomains names it. Not confirmed so far: adjustments, appliance-supply, spa-inventory.',
        path: ['id'],
      },
    ],
  });
  expect((await period('2026-06')).openDaySheetCount).toBe(1);
  expect(await stepDaySheets(graph, of, '2026-06', 'Close')).toBe(1);
  expect((await period('2026-06')).openDaySheetCount).toBe(0);
  await confirm('spa-inventory', 2, '2026-06');
  await confirm('spa-inventory', 2, '2026-06');
  await confirm('adjustments', 2, '2026-06');
  expect((await period('2026-06')).unconfirmedDomains).toEqual(['appliance-supply']);
  expect(codes(await step('Close', '2026-06'))).toEqual(['PERIOD_UNCONFIRMED id']);
  await confirm('appliance-supply', 2, '2026-06');

  const closed = await step('Close', '2026-06', { reason: 'June is done' });
  expect(closed).toMatchObject({
    userErrors: [],
    financialPeriod: {
      status: 'CLOSED',
      unconfirmedDomains: [],
      closedAt: '2026-06-30T16:00:00.000Z',
      closedBy: 'closer',
      lockedAt: null,
      version: 3,
      auditTrail: [
        {
          action: 'financialPeriod.startClosing',
          actorId: 'closer',
          fromState: 'OPEN',
          toState: 'CLOSING',
          note: null,
        },
        { action: 'financialPeriod.close', fromState: 'CLOSING', toState: 'CLOSED', note: 'June is done' },
      ],
    },
  });
  expect((await stored())[0]?.['closed_totals']).toEqual({
    ...{ gross: '100.00', adjustments: '0.00', collected: '0.00', insurance: '0.00' },
    ...{ entries: 1, starts: 0, debonds: 0, visits: 1 },
  });
  expect(await told()).toEqual([
    ['period.closing', { month: '2026-06-01', status: 'CLOSING', version: 2 }],
    ['period.closed', { month: '2026-06-01', status: 'CLOSED', version: 3 }],
  ]);
});

test('a domain that is switched off is not waited for', async () => {
  const only = async (capabilities: CapabilityName[]) =>
    graph.sql('UPDATE clinic SET capabilities = $2 WHERE clinic_id = $1', [of.clinicId, capabilities]);
  await only(['PRODUCTION', 'ADJUSTMENTS']);

  expect((await step('StartClosing', '2026-05')).financialPeriod.unconfirmedDomains).toEqual(['adjustments']);
  await only(['PRODUCTION', 'ADJUSTMENTS', 'SPA_INVENTORY']);
  await confirm('adjustments', 2);

  expect((await step('Close', '2026-05')).financialPeriod.status).toBe('CLOSED');
});

test('a correction found meanwhile takes the month back; the next attempt needs confirmations of its own', async () => {
  await step('StartClosing', '2026-05');
  await confirmAll(2);
  expect(codes(await step('Reopen', '2026-05'))).toEqual(['REASON_REQUIRED input reason']);

  const open = await step('Reopen', '2026-05', { reason: 'a bill came late' });
  expect(open.financialPeriod).toMatchObject({ status: 'OPEN', reopenReason: 'a bill came late', version: 3 });
  const again = await step('StartClosing', '2026-05');
  expect(again.financialPeriod).toMatchObject({
    version: 4,
    unconfirmedDomains: ALL,
    reopenReason: 'a bill came late',
  });
  await confirmAll(2);
  expect(codes(await step('Close', '2026-05'))).toEqual(['PERIOD_UNCONFIRMED id']);
  await confirmAll(4);
  expect((await step('Close', '2026-05')).financialPeriod.status).toBe('CLOSED');
});

test('a closed month is reopened with a reason on the trail; a locked one never', async () => {
  await step('StartClosing', '2026-05');
  await confirmAll(2);
  await step('Close', '2026-05');
  const open = await step('Reopen', '2026-05', { reason: 'audit' });
  expect(open.financialPeriod).toMatchObject({ status: 'OPEN', closedAt: null, closedBy: null, version: 4 });
  expect(open.financialPeriod.auditTrail.at(-1)).toEqual({
    ...{ action: 'financialPeriod.reopen', actorId: 'closer', fromState: 'CLOSED', toState: 'OPEN', note: 'audit' },
  });
  await step('StartClosing', '2026-05');
  await confirmAll(5);
  await step('Close', '2026-05');

  const locked = await step('Lock', '2026-05');
  expect(locked.financialPeriod).toMatchObject({
    ...{
      status: 'LOCKED',
      lockedAt: '2026-06-30T16:00:00.000Z',
      closedBy: 'closer',
      reopenReason: 'audit',
      version: 7,
    },
  });
  for (const name of ['StartClosing', 'Close', 'Lock', 'Reopen'])
    expect(codes(await step(name, '2026-05', { reason: 'please' }))).toEqual(['ILLEGAL_STATE_CHANGE id']);
  expect((await told()).at(-1)).toEqual(['period.closed', { month: '2026-05-01', status: 'LOCKED', version: 7 }]);
});

test('a quarter closes with its months, and what closed before stays as it was', async () => {
  await step('StartClosing', '2026-04');
  await confirmAll(2, '2026-04');
  await step('Close', '2026-04');
  expect((await period('Q2 2026')).status).toBe('OPEN');
  expect(codes(await step('Close', 'Q2 2026'))).toEqual(['ILLEGAL_STATE_CHANGE id']);

  const begun = await step('StartClosing', 'Q2 2026');
  expect(begun.financialPeriod).toMatchObject({ status: 'CLOSING', unconfirmedDomains: ALL, version: 7 });
  await confirmAll(2, '2026-05');
  expect(codes(await step('Close', 'Q2 2026'))).toEqual(['PERIOD_UNCONFIRMED id']);
  await confirmAll(2, '2026-06');
  const closed = await step('Close', 'Q2 2026', { expectedVersion: 7 });

  expect(closed.financialPeriod).toMatchObject({ status: 'CLOSED', closedBy: 'closer', version: 9 });
  expect(closed.financialPeriod.auditTrail).toHaveLength(6);
  expect((await list(', type: MONTH, statuses: [CLOSED]')).map((each) => [each.period.label, each.version])).toEqual([
    ...['2026-04', '2026-05', '2026-06'].map((label) => [label, 3]),
  ]);
  expect((await period('2026')).status).toBe('OPEN');
  await step('Lock', '2026-04');
  expect(codes(await step('Reopen', 'Q2 2026', { reason: 'no' }))).toEqual(['ILLEGAL_STATE_CHANGE id']);
});

test('a step that is refused writes nothing', async () => {
  const before = await stored();
  expect(codes(await step('Close', '2026-05'))).toEqual(['ILLEGAL_STATE_CHANGE id']);
  expect(codes(await step('StartClosing', '2026-05', { expectedVersion: 4 }))).toEqual([
    'STALE_VERSION input expectedVersion',
  ]);
  const { id } = await period('2026-05');
  const mutation = `mutation ($id: ID!, $input: WorkflowStepInput!) { financialPeriodStartClosing(id: $id, input: $input) { userErrors { code path } } }`;
  const input = { idempotencyKey: aKey() };
  for (const unknown of ['x', of.id(of.locations[0])])
    expect((await graph.get(closer, mutation, { id: unknown, input })).financialPeriodStartClosing.userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['id'] },
    ]);
  const stranger = viewer({ clinicIds: [], scopes: closer.scopes });
  expect((await graph.get(stranger, mutation, { id, input })).financialPeriodStartClosing.userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['id'] },
  ]);
  const denied = await graph.ask(of.owner, mutation, { id, input });
  expect(denied.errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
  expect(await stored()).toEqual(before);
  expect(await told()).toEqual([]);
});

test('twenty equal steps at once are one', async () => {
  const key = aKey();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => step('StartClosing', '2026-05', { idempotencyKey: key })),
  );

  expect(new Set(answers.map((answer) => JSON.stringify(answer.userErrors)))).toEqual(new Set(['[]']));
  expect((await period('2026-05')).version).toBe(2);
});

test('other domains find a period by what it is', async () => {
  const { id } = await period('Q2 2026');
  const ask = async (representations: Record<string, unknown>[]) =>
    (
      await graph.get(
        closer,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on FinancialPeriod { id status } } }',
        { r: representations.map((r) => ({ __typename: 'FinancialPeriod', ...r })) },
      )
    )._entities;
  const key = { clinicId: of.clinic, type: 'QUARTER', from: '2026-04-01', to: '2026-06-30' };

  expect(await ask([key, { id }])).toEqual([
    { id, status: 'OPEN' },
    { id, status: 'OPEN' },
  ]);
  expect(
    await ask([{ ...key, to: '2026-07-31' }, { ...key, type: 'DECADE' }, { ...key, clinicId: 'x' }, { id: 'y' }]),
  ).toEqual([null, null, null, null]);
});

test('a year with everything it names takes a fixed number of statements', async () => {
  const count = async (args: string) => (await graph.statements(() => list(args))).length;

  expect(await count('')).toBe(5);
  expect(await count(', type: YEAR')).toBe(5);
});

test('pending entries of a month are counted, and the trail of its states needs a permission', async () => {
  await record(graph, of, { post: false });
  await record(graph, of, { post: false, locationId: of.id(of.locations[1]) });
  await record(graph, of);
  const north = { ...closer, restrictions: { locations: [of.locations[0]] } };

  expect((await period('2026-06')).pendingEntryCount).toBe(2);
  expect((await period('Q2 2026')).pendingEntryCount).toBe(2);
  expect((await period('2026-05')).pendingEntryCount).toBe(0);
  expect((await period('2026-06', north)).pendingEntryCount).toBe(1);
  const denied = await graph.ask(
    of.owner,
    `{ financialPeriods(clinicId: "${of.clinic}", year: 2026) { auditTrail { id } } }`,
  );
  expect(denied.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('a restored neighbour is told of every month again, under the same ids', async () => {
  await step('StartClosing', '2026-05');
  const before = await told();

  await asService(graph, of.clinicId, (tx) => resendPeriods(tx, of.clinicId));

  expect(await told()).toEqual(before);
});

test('verification sees when a closed month does not come to what it was closed with', async () => {
  await record(graph, of, { occurredAt: '2026-06-02T15:00:00Z' });
  await step('StartClosing', '2026-06');
  await confirmAll(2, '2026-06');
  expect(codes(await step('Close', '2026-06'))).toEqual(['OPEN_DAY_SHEETS id']);
  await stepDaySheets(graph, of, '2026-06', 'Close');
  expect(codes(await step('Close', '2026-06'))).toEqual([]);
  expect(await differences(graph, of.clinicId)).toEqual([]);

  await graph.sql(
    `UPDATE production_slice SET gross = gross + 1 WHERE clinic_id = $1 AND dim = 'T' AND grain = 'M' AND period = '2026-06-01'`,
    [of.clinicId],
  );

  expect((await differences(graph, of.clinicId)).filter((line) => line.startsWith('closed months'))).toEqual([
    expect.stringContaining('2026-06: when closed {"gross" : "100.00"'),
  ]);
});
