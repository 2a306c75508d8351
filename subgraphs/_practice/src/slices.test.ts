import { clinicIdText, newId, prepared, recordIdText, systemViewer, transactFor, type Tx } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { checkDefinition } from '../test/database';
import { addDays, addMonths, endOfMonth, idsOfFilter, NIL_UUID, scopeOfKey, sliceReader, type SliceScope } from '.';

const readSales = sliceReader('sale_slice', { netAmount: 'DECIMAL', entryCount: 'COUNT' });
const clinicId = newId();
const locations = Array.from({ length: 9 }, () => newId());
const providers = Array.from({ length: 24 }, () => newId());
const FIRST = '2024-01-01';
let subgraph: TestSubgraph;

const as = <T>(clinic: string, work: (tx: Tx) => Promise<T>) =>
  transactFor(subgraph.running.database, systemViewer(clinic), [clinic], work);

/** Sales over three years and a half, and their slices made by plain SQL. */
beforeAll(async () => {
  subgraph = await testSubgraph(checkDefinition);
  await subgraph.sql(
    `INSERT INTO sale (clinic_id, id, location_id, provider_id, day, amount)
     SELECT $1, gen_random_uuid(), CASE WHEN n % 11 = 0 THEN NULL ELSE ($2::uuid[])[1 + n % 9] END,
            CASE WHEN n % 13 = 0 THEN NULL ELSE ($3::uuid[])[1 + (n * 7) % 24] END,
            $4::date + (n * 37) % 1250, ((n * 7919) % 100003)::numeric / 100 - 100
     FROM generate_series(1, 20000) n`,
    [clinicId, locations, providers, FIRST],
  );
  await subgraph.sql(
    `INSERT INTO sale_slice (clinic_id, dim, grain, period, location_id, provider_id, net_amount, entry_count)
     SELECT clinic_id, CASE grouping(l, p) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END, grain, period,
            coalesce(l, $1), coalesce(p, $1), sum(amount), count(*)
     FROM (SELECT clinic_id, coalesce(location_id, $1) AS l, coalesce(provider_id, $1) AS p, amount, grain,
                  CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END AS period
           FROM sale CROSS JOIN (VALUES ('D'), ('M')) g (grain)) x
     GROUP BY clinic_id, grain, period, GROUPING SETS ((), (l), (p), (l, p))`,
    [NIL_UUID],
  );
  await subgraph.sql('VACUUM ANALYZE sale_slice');
});
afterAll(() => subgraph.stop());

const fromLedger = async (scope: SliceScope) => {
  const [row] = await subgraph.sql<{ net: string; n: number }>(
    `SELECT coalesce(sum(amount), 0)::numeric(16,2)::text AS net, count(*)::int AS n FROM sale
     WHERE clinic_id = $1 AND day BETWEEN $2 AND $3
       AND ($4::uuid[] IS NULL OR coalesce(location_id, $6::uuid) = ANY($4))
       AND ($5::uuid[] IS NULL OR coalesce(provider_id, $6::uuid) = ANY($5))`,
    [scope.clinicId, scope.from, scope.to, scope.locationIds, scope.providerIds, NIL_UUID],
  );
  return row;
};
const read = async (scopes: readonly SliceScope[]) =>
  (await as(clinicId, (tx) => readSales(tx, scopes))).map((m) => ({ net: m.netAmount.toFixed(2), n: m.entryCount }));

const year: SliceScope = { clinicId, locationIds: null, providerIds: null, from: '2025-01-01', to: '2025-12-31' };

test('slices of any range, location and provider sum to what the ledger says', async () => {
  const ids = (of: readonly string[]) =>
    fc.option(fc.uniqueArray(fc.constantFrom(...of, NIL_UUID), { minLength: 1, maxLength: 3 }), { nil: null });
  const anyScope = fc
    .record({
      start: fc.integer({ min: -30, max: 1250 }),
      length: fc.integer({ min: 0, max: 500 }),
      locationIds: ids(locations),
      providerIds: ids(providers),
    })
    .map(({ start, length, ...rest }): SliceScope => {
      const from = addDays(FIRST, start);
      return { clinicId, ...rest, from, to: addDays(from, length) };
    });
  await fc.assert(
    fc.asyncProperty(fc.array(anyScope, { minLength: 1, maxLength: 6 }), async (scopes) => {
      expect(await read(scopes)).toEqual(await Promise.all(scopes.map(fromLedger)));
    }),
    { numRuns: 25 },
  );
});

test('two ranges side by side sum to the range over both (C-R3)', async () => {
  const [both, first, second] = await read([
    { ...year, from: '2025-01-20', to: '2025-09-10' },
    { ...year, from: '2025-01-20', to: '2025-05-31' },
    { ...year, from: '2025-06-01', to: '2025-09-10' },
  ]);
  expect((first?.n ?? 0) + (second?.n ?? 0)).toBe(both?.n);
});

test('rows of the locations and the unassigned one sum to the total', async () => {
  const rows = await read([...locations, NIL_UUID].map((id) => ({ ...year, locationIds: [id] })));
  const [total] = await read([year]);
  expect(rows.reduce((sum, row) => sum + Math.round(Number(row.net) * 100), 0)).toBe(
    Math.round(Number(total?.net) * 100),
  );
});

test('a scorecard of 120 rows is one statement, and each part of it reads its own slices only', async () => {
  const scopes = Array.from({ length: 120 }, (_, i): SliceScope => {
    const from = addMonths('2025-01-01', i % 12);
    return {
      clinicId,
      locationIds: [locations[i % 9] ?? ''],
      providerIds: [providers[i % 24] ?? ''],
      from,
      to: endOfMonth(from),
    };
  });
  const seen = await subgraph.statements(() => read(scopes));
  expect(seen).toHaveLength(1);

  const plan = await as(clinicId, async (tx) => {
    const year12 = scopes.map((scope, i) => ({ ...scope, i }));
    const answer = await prepared<{ 'QUERY PLAN': string }>(
      tx,
      `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) ${seen[0] ?? ''}`,
      [
        year12.map((s) => s.i),
        year12.map(() => clinicId),
        year12.map(() => 'LP'),
        year12.map((s) => s.locationIds?.[0]),
        year12.map((s) => s.providerIds?.[0]),
        year12.map(() => 'M'),
        year12.map(() => '2025-01-01'),
        year12.map(() => '2025-12-01'),
        year12.map(() => 1),
      ],
    );
    return answer.map((line) => line['QUERY PLAN']).join('\n');
  });
  if (process.env['SHOW_PLAN']) process.stdout.write(`${plan}\n`);
  expect(plan).toMatch(/Index (Only )?Scan using sale_slice_pkey/);
  expect(plan).not.toMatch(/Seq Scan on sale_slice/);
  expect(plan).not.toMatch(/Rows Removed by Filter/);
});

test('no scope, no statement; an empty range is zero', async () => {
  expect(await subgraph.statements(() => read([]))).toEqual([]);
  expect(await read([{ ...year, from: '2031-01-01', to: '2031-12-31' }])).toEqual([{ net: '0.00', n: 0 }]);
});

test('another clinic reads zeros', async () => {
  const [sum] = await as(newId(), (tx) => readSales(tx, [year]));
  expect(sum?.entryCount).toBe(0);
});

describe('the key of a scorecard row', () => {
  const key = {
    clinicId: clinicIdText(clinicId),
    locationId: null,
    providerId: null,
    from: '2025-01-01',
    to: '2025-12-31',
  };
  const own = viewer({ clinicIds: [clinicId] });
  const [here, there] = [locations[0] ?? '', locations[1] ?? ''];
  const narrow = viewer({ clinicIds: [clinicId], restrictions: { locations: [here] } });
  const place = (id: string) => recordIdText(clinicId, id);

  test('names what to sum', () => {
    expect(scopeOfKey(own, key)).toEqual(year);
    expect(scopeOfKey(own, { ...key, locationId: place(here), providerId: 'unassigned' })).toEqual({
      ...year,
      locationIds: [here],
      providerIds: [NIL_UUID],
    });
  });

  test('is narrowed to the locations of the viewer, totals included (E-06)', () => {
    expect(scopeOfKey(narrow, key)).toEqual({ ...year, locationIds: [here] });
    expect(scopeOfKey(narrow, { ...key, locationId: place(here) })).toEqual({ ...year, locationIds: [here] });
    expect(scopeOfKey(narrow, { ...key, locationId: place(there) })).toBeNull();
    expect(scopeOfKey(narrow, { ...key, locationId: 'unassigned' })).toBeNull();
  });

  test('filters select by id or unassigned, and never beyond the restriction of the viewer', () => {
    expect(idsOfFilter(own, clinicId, 'locations', null)).toBeNull();
    expect(idsOfFilter(own, clinicId, 'locations', [])).toEqual([]);
    expect(
      idsOfFilter(own, clinicId, 'locations', [place(here), 'unassigned', 'north', recordIdText(newId(), here)]),
    ).toEqual([here, NIL_UUID]);
    expect(idsOfFilter(narrow, clinicId, 'locations', null)).toEqual([here]);
    expect(idsOfFilter(narrow, clinicId, 'locations', [place(there), 'unassigned'])).toEqual([]);
    expect(idsOfFilter(narrow, clinicId, 'providers', undefined)).toBeNull();
  });

  test.each([
    ['another clinic', { clinicId: clinicIdText(newId()) }],
    ['a location of another clinic', { locationId: recordIdText(newId(), here) }],
    ['a malformed clinic', { clinicId: 'clinic' }],
    ['a malformed location', { locationId: 'north' }],
    ['a day that does not exist', { from: '2025-02-30' }],
    ['an end before the begin', { to: '2024-12-31' }],
    ['more than five years', { to: '2030-01-01' }],
  ])('answers nothing for %s', (_, change) => {
    expect(scopeOfKey(own, { ...key, ...change })).toBeNull();
  });
});
