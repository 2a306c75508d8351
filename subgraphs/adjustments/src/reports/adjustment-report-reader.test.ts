import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  NORTH,
  openLedger,
  outsider,
  patient,
  SCOPES,
  SOUTH,
  CLINIC,
  take,
} from '../testing';

let graph: TestSubgraph;

beforeAll(async () => {
  graph = await openLedger();
  const at = { locationId: NORTH, providerId: DR_LEE } as const;
  await take(graph, [
    anImport({ ...at, category: 'INSURANCE_WRITEOFF', amount: '18000', patientId: patient(1) }),
    anImport({ ...at, category: 'COURTESY_DISCOUNT', amount: '1200', patientId: patient(2) }),
    anImport({ ...at, category: 'PROMOTIONAL', amount: '500', patientId: patient(3), providerId: DR_RAY }),
    anImport({ ...at, category: 'BAD_DEBT', amount: '900', patientId: patient(4) }),
    anImport({ ...at, category: 'SMALL_BALANCE', amount: '40', patientId: patient(5), locationId: SOUTH }),
    anImport({ ...at, category: 'ERROR_CORRECTION', amount: '-300', patientId: patient(6), providerId: null }),
    anImport({ category: 'RECOVERY', amount: '250', patientId: patient(4) }),
    anImport({
      ...at,
      category: 'COURTESY_DISCOUNT',
      amount: '800',
      patientId: patient(2),
      adjustmentDate: '2026-05-31',
    }),
    anImport({ category: 'BAD_DEBT', amount: '100', patientId: patient(7), adjustmentDate: '2025-06-02' }),
  ]);
});
afterAll(() => graph.stop());

const REPORT = (
  selection: string,
) => `query ($clinicId: ID!, $period: PeriodInput!, $filter: AdjustmentFilter, $compareTo: CompareInput) {
  adjustmentReport(clinicId: $clinicId, period: $period, filter: $filter, compareTo: $compareTo) { ${selection} } }`;
const ask = (selection: string, of: Record<string, unknown> = {}, as = accountant) =>
  graph.ask(as, REPORT(selection), { clinicId, period: { month: '2026-06' }, ...of });
const report = async (selection: string, of: Record<string, unknown> = {}, as = accountant): Promise<any> =>
  (await graph.get(as, REPORT(selection), { clinicId, period: { month: '2026-06' }, ...of })).adjustmentReport;
const rows = async (args: string, of: Record<string, unknown> = {}, as = accountant): Promise<any[]> =>
  (
    await report(
      `breakdown(${args}) { key label amount entryCount share isSuppressed period { label } growth { absolute growthStatus } }`,
      of,
      as,
    )
  ).breakdown;
const brief = (found: any[]) => found.map(({ key: of, amount }) => [of, amount]);

test('a restricted reader sees only the part in reach, and is told so', async () => {
  const ofNorth = viewer({ ...accountant, restrictions: { locations: [NORTH] } });
  expect(await report('isRestricted measures { totalAdjustments }', {}, ofNorth)).toEqual({
    isRestricted: true,
    measures: { totalAdjustments: '20300.00' },
  });
  expect(brief(await rows('by: [LOCATION]', {}, ofNorth))).toEqual([[idOf(NORTH), '20300.00']]);
  // No adjustment names a point of service.
  const ofTheatre = viewer({ ...accountant, restrictions: { points: ['THEATRE'] } });
  expect(await report('isRestricted measures { totalAdjustments }', {}, ofTheatre)).toEqual({
    isRestricted: true,
    measures: { totalAdjustments: '0.00' },
  });
  expect(await report('measures { pending }', {}, outsider)).toBeNull();
  const noScope = viewer({ clinicIds: [CLINIC], scopes: ['finance:manage_adjustments'] });
  expect((await ask('currency', {}, noScope)).data?.['adjustmentReport'] ?? null).toBeNull();
});

test('a reader of aggregates gets no row of fewer than eleven patients, nor one that would reveal it', async () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const entriesOf = (count: number, from: number, providerId: string | null) =>
    Array.from({ length: count }, (_, i) =>
      anImport({
        category: 'OTHER',
        amount: '1',
        adjustmentDate: '2026-03-10',
        providerId,
        patientId: patient(from + i),
      }),
    );
  await take(graph, [...entriesOf(5, 100, DR_LEE), ...entriesOf(12, 200, DR_RAY), ...entriesOf(20, 300, null)]);
  const march = { period: { month: '2026-03' }, compareTo: { to: 'PREVIOUS_PERIOD' } };

  const found = await rows('by: [PROVIDER]', march, analyst);
  expect(found.map((row) => [row.key, row.amount, row.entryCount, row.isSuppressed])).toEqual([
    ['unassigned', '20.00', 20, false],
    [idOf(DR_LEE), null, null, true],
    [idOf(DR_RAY), null, null, true],
  ]);
  expect(found.map(({ share, growth }) => [share, growth?.growthStatus ?? null])).toEqual([
    ['0.5406', 'NEW'],
    [null, null],
    [null, null],
  ]);
  expect((await report('isRestricted measures { totalAdjustments }', march, analyst)).isRestricted).toBe(true);
  for (const asked of [{}, { period: { month: '2026-03' }, filter: { patientId: idOf(patient(100)) } }])
    expect((await ask('currency', asked, analyst)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('a report of one patient needs the permission and leaves a trace', async () => {
  const filter = { patientId: idOf(patient(4)) };
  const noPatients = viewer({ ...accountant, scopes: SCOPES.filter((scope) => scope !== 'patient:read') });
  expect((await ask('currency', { filter }, noPatients)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');

  const count = async () =>
    (
      await graph.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM audit_event WHERE action = 'patient.read' AND entity_type = 'AdjustmentReport'`,
      )
    )[0]?.n ?? 0;
  const before = await count();
  await report('measures { totalAdjustments }', { filter });
  expect(await count()).toBe(before + 1);
});

describe('a reader of aggregates', () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const january = { period: { month: '2026-01' } };
  const breakdown = async (args: string, of: Record<string, unknown> = {}): Promise<any[]> =>
    (
      await report(
        `breakdown(${args}) { key amount isSuppressed measures { badDebtWriteOffs } }`,
        { ...january, ...of },
        analyst,
      )
    ).breakdown;
  const seen = (found: any[]) =>
    found.map((row) => [row.key, row.amount, row.measures && row.measures.badDebtWriteOffs]);

  beforeAll(async () => {
    const of = (
      category: 'OTHER' | 'BAD_DEBT',
      providerId: string | null,
      from: number,
      count: number,
      more: { isPending?: boolean; adjustmentDate?: string } = {},
    ) =>
      Array.from({ length: count }, (_, i) =>
        anImport({
          category,
          amount: '1',
          adjustmentDate: '2026-01-10',
          providerId,
          patientId: patient(from + i),
          ...more,
        }),
      );
    await take(graph, [
      ...of('OTHER', DR_LEE, 500, 30),
      ...of('BAD_DEBT', DR_LEE, 500, 25),
      ...of('OTHER', DR_RAY, 600, 20),
      ...of('BAD_DEBT', DR_RAY, 600, 3),
      ...of('OTHER', null, 700, 40),
      ...of('BAD_DEBT', null, 700, 12),
      ...of('OTHER', null, 800, 40, { adjustmentDate: '2025-12-10' }),
      ...of('OTHER', null, 800, 4, { adjustmentDate: '2025-12-11', isPending: true }),
    ]);
  });

  test('sees totals whose every category is of eleven patients or more, and no row that tells one of fewer', async () => {
    expect((await report('measures { badDebtWriteOffs }', january, analyst)).measures).toEqual({
      badDebtWriteOffs: '40.00',
    });
    // The bad debt of one provider is of three patients. The amount of all of his categories may be seen, but no
    // measures of his, nor those of the next smallest in bad debt, from which his could be told. A split that shows bad
    // debt alone withholds the same two.
    expect(seen(await breakdown('by: [PROVIDER]'))).toEqual([
      [idOf(DR_LEE), '55.00', '25.00'],
      ['unassigned', '52.00', null],
      [idOf(DR_RAY), '23.00', null],
    ]);
    expect(seen(await breakdown('by: [PROVIDER, CATEGORY]', { filter: { categories: ['BAD_DEBT'] } }))).toEqual([
      [`${idOf(DR_LEE)}/BAD_DEBT`, '25.00', '25.00'],
      [`${idOf(DR_RAY)}/BAD_DEBT`, null, null],
      ['unassigned/BAD_DEBT', null, null],
    ]);
  });

  test('is refused the totals of a filter that leaves out so few that they could be told from the whole', async () => {
    const filtered = async (providerIds: string[], selection = 'measures { badDebtWriteOffs }') =>
      ask(selection, { ...january, filter: { providerIds } }, analyst);
    const code = async (...of: Parameters<typeof filtered>) => (await filtered(...of)).errors?.[0]?.extensions['code'];

    expect(await code([idOf(DR_LEE), 'unassigned'])).toBe('FORBIDDEN');
    expect(await code([idOf(DR_RAY), 'unassigned'])).toBeUndefined();
    // Growth is of all categories together, which many stand behind.
    expect(await code([idOf(DR_LEE), 'unassigned'], 'growth { absolute }')).toBeUndefined();
    const onlyDebt = { ...january, filter: { providerIds: [idOf(DR_LEE), 'unassigned'], categories: ['BAD_DEBT'] } };
    expect((await ask('growth { absolute }', onlyDebt, analyst)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  test('is refused totals in which what waits is of fewer than eleven patients', async () => {
    const december = { period: { month: '2025-12' } };
    const { errors } = await ask('measures { pending }', december, analyst);
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(brief(await rows('by: []', december, analyst))).toEqual([['all', '40.00']]);
    expect(brief(await rows('by: [APPROVAL_STATUS]', december, analyst))).toEqual([
      ['AUTO_APPROVED', null],
      ['PENDING', null],
    ]);
  });
});
