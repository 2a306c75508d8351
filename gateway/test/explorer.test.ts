import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { csvOf } from '../src/explorer/csv';
import { rowSets } from '../src/explorer/rows';
import { byRow, bySplit, likelyLabel } from '../src/explorer/series';
import { makeWorld, type World } from './fixtures/orders';

describe('an answer as tables', () => {
  it('makes a table of every list, the longest first, with nested objects as dotted columns', () => {
    const answer = {
      report: {
        currency: 'USD',
        rows: [
          { id: '1', location: { name: 'North' }, production: { net: '12.50', starts: 3 }, parts: [{ a: 1 }] },
          { id: '2', location: null, production: { net: '-1.00', starts: null }, parts: [] },
        ],
      },
      clinics: { edges: [{ node: { name: 'A', tags: ['x', 'y'], __typename: 'Clinic' } }] },
    };

    expect(rowSets(answer)).toEqual([
      {
        path: 'report.rows',
        columns: [
          { name: 'id', isNumeric: false },
          { name: 'location.name', isNumeric: false },
          { name: 'production.net', isNumeric: true },
          { name: 'production.starts', isNumeric: true },
          { name: 'parts', isNumeric: false },
        ],
        rows: [
          { id: '1', 'location.name': 'North', 'production.net': '12.50', 'production.starts': 3, parts: '1 item' },
          { id: '2', location: null, 'production.net': '-1.00', 'production.starts': null, parts: '' },
        ],
      },
      {
        path: 'clinics.edges',
        columns: [
          { name: 'name', isNumeric: false },
          { name: 'tags', isNumeric: false },
        ],
        rows: [{ name: 'A', tags: 'x; y' }],
      },
    ]);
  });

  it('makes one row of an answer without lists, and nothing of no answer', () => {
    expect(rowSets({ total: 42 })).toEqual([
      { path: '', columns: [{ name: 'total', isNumeric: true }], rows: [{ total: 42 }] },
    ]);
    expect(rowSets(null)).toEqual([]);
    expect(rowSets({})).toEqual([]);
  });
});

describe('a table as CSV', () => {
  it('quotes by RFC 4180, defuses formulas and leaves negative amounts numbers', () => {
    const columns = ['a', 'b'].map((name) => ({ name, isNumeric: false }));
    const rows = [
      { a: '=1+1', b: '-12.50' },
      { a: 'say "hi", twice', b: null },
      { a: '@cmd', b: '-cmd' },
      { a: 'line\nbreak', b: true },
    ];

    expect(csvOf({ path: 'x', columns, rows })).toBe(
      'a,b\r\n' + "'=1+1,-12.50\r\n" + '"say ""hi"", twice",\r\n' + "'@cmd,'-cmd\r\n" + '"line\nbreak",true\r\n',
    );
  });
});

describe('a table as a chart', () => {
  const [set] = rowSets({
    rows: [
      { clinic: 'A', period: { from: '2026-01-01', label: 'Jan' }, provider: { name: 'X' }, net: '10.00', rate: 0.5 },
      { clinic: 'A', period: { from: '2026-01-01', label: 'Jan' }, provider: { name: 'Y' }, net: '20.00', rate: 0.7 },
      { clinic: 'A', period: { from: '2026-02-01', label: 'Feb' }, provider: { name: 'X' }, net: null, rate: null },
    ],
  });
  if (!set) throw new Error('no table');

  it('has a series for every column and a place for every row', () => {
    expect(byRow(set, 'period.label', ['net', 'rate'])).toEqual({
      labels: ['Jan', 'Jan', 'Feb'],
      series: [
        { name: 'net', values: [10, 20, null] },
        { name: 'rate', values: [0.5, 0.7, null] },
      ],
      ambiguous: 0,
    });
  });

  it('can be split into a series for every value of another column', () => {
    expect(bySplit(set, 'period.label', 'provider.name', 'net')).toEqual({
      labels: ['Jan', 'Feb'],
      series: [
        { name: 'X', values: [10, null] },
        { name: 'Y', values: [20, null] },
      ],
      ambiguous: 0,
    });
  });

  it('leaves a place empty, and says so, rather than adding rows up', () => {
    expect(bySplit(set, 'period.label', 'clinic', 'net')).toEqual({
      labels: ['Jan', 'Feb'],
      series: [{ name: 'A', values: [null, null] }],
      ambiguous: 1,
    });
  });

  it('is labelled by what tells the rows apart', () => {
    expect(likelyLabel(set)).toBe('period.label');
  });
});

describe('saved questions', () => {
  let world: World;
  let folder: string;

  beforeAll(async () => {
    world = await makeWorld();
    folder = await mkdtemp(join(tmpdir(), 'operations-'));
    await writeFile(join(folder, '02-total.graphql'), '{ stockTotal }');
    await writeFile(
      join(folder, '01-shop.graphql'),
      '# One shop\nquery Shop($id: ID!, $n: Int) { shop(id: $id) { items(first: $n) { name } } }',
    );
    await writeFile(join(folder, '01-shop.variables.json'), '{"n": 5}');
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it('are listed with their comment and variables', async () => {
    const demo = { personas: [], token: () => Promise.resolve(''), variables: { id: '7', unused: 1 } };
    const gateway = await world.start({ operationsFolder: folder, demo });
    const listed = await (await fetch(new URL('/graphiql/operations', gateway.url))).json();

    expect(listed).toEqual([
      expect.objectContaining({ name: '01-shop', title: 'One shop', variables: { id: '7', n: 5 } }),
      { name: '02-total', title: '02-total', query: '{ stockTotal }', operationNames: [], variables: {} },
    ]);
  });

  it('are for known callers only, since they tell about the schema', async () => {
    const gateway = await world.start({ operationsFolder: folder });
    const url = new URL('/graphiql/operations', gateway.url);
    const known = await fetch(url, { headers: { authorization: `Bearer ${await world.token({})}` } });

    expect((await fetch(url)).status).toBe(401);
    expect(known.status).toBe(200);
  });
});
