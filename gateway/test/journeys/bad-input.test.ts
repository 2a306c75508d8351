import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import fc, { type Arbitrary } from 'fast-check';
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
} from 'graphql';
import { demoIds } from '../../../app/src/demo/organisation';
import { openGraph, type Graph } from './graph';
import { selectionOf } from './walking';

/** Calls of each root field; more find more, and take longer. */
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 3);
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 20260630);

const { group: GROUP, foreign: FOREIGN } = demoIds.clinics;

let graph: Graph;
/** Ids of demo records by their table; those of the clinics stand under "clinic". */
let records: Map<string, string[]>;
beforeAll(async () => {
  graph = await openGraph();
  const tables = `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.columns d USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'id' AND d.column_name = 'clinic_id' ORDER BY 1`;
  records = new Map([['clinic', [clinicIdText(GROUP), clinicIdText(FOREIGN)]]]);
  for (const { name } of graph.running.values())
    for (const table of await graph.sql<{ name: string }>(name, tables)) {
      const rows = await graph.sql<{ id: string }>(
        name,
        `SELECT id FROM ${table.name} WHERE clinic_id = '${GROUP}' ORDER BY id LIMIT 3`,
      );
      records.set(table.name, [...(records.get(table.name) ?? []), ...rows.map(({ id }) => recordIdText(GROUP, id))]);
    }
});
afterAll(async () => {
  await graph.stop();
});

const ODD_TEXTS = [
  '',
  ' ',
  'text',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '🦷',
  "'; DROP TABLE clinic; --",
  '%',
  '{}',
  'x'.repeat(5_000),
];
const DAYS = [
  '2026-06-10',
  '2026-06-30',
  '2026-05-01',
  '2026-07-01',
  '0001-01-01',
  '9999-12-31',
  '2026-02-30',
  '',
  '10000-01-01',
];
const NUMERALS = [
  '0',
  '1',
  '10.00',
  '-1',
  '0.5',
  '0.0001',
  '999999999999.99',
  '99999999999999999999',
  '1e3',
  'NaN',
  '',
];
const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  Date: DAYS,
  DateTime: [...DAYS.map((day) => `${day}T15:00:00Z`), '2026-06-10T15:00:00+14:00', '-271821-04-20T00:00:00Z'],
  Money: NUMERALS,
  Quantity: NUMERALS,
  Decimal: NUMERALS,
  Int: [0, 1, 2, -1, 13, 50, 201, 2026, 2_147_483_647, -2_147_483_648],
  Float: [0, 1, -1, 1e308],
  Boolean: [true, false],
  TimeZone: ['America/New_York', 'Nowhere/City', '', '+02:00'],
  CurrencyCode: ['USD', 'usd', '', 'XXX'],
};

/** Values of a type, sensible and odd ones. Members that may be left out sometimes are. */
function anyOf(name: string, type: GraphQLInputType, depth = 0): Arbitrary<unknown> {
  if (!isNonNullType(type))
    return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: bareOf(name, type, depth) });
  return bareOf(name, type.ofType, depth);
}

function bareOf(name: string, type: GraphQLInputType, depth: number): Arbitrary<unknown> {
  const bare = getNullableType(type);
  if (isListType(bare)) return fc.array(anyOf(name, bare.ofType, depth + 1), { maxLength: 3 });
  if (isEnumType(bare)) return fc.constantFrom(...bare.getValues().map((value) => value.name));
  if (isInputObjectType(bare)) {
    const members = Object.entries(bare.getFields());
    // Exactly one member is what most of these want; the others are left to chance.
    if (bare.name === 'PeriodInput')
      return fc.constantFrom(
        { month: '2026-06' },
        { range: { from: '2026-05-01', to: '2026-06-30' } },
        { year: 0 },
        {},
      );
    const needed = members.filter(([, field]) => isNonNullType(field.type)).map(([key]) => key);
    return fc.record(Object.fromEntries(members.map(([key, field]) => [key, anyOf(key, field.type, depth + 1)])), {
      requiredKeys: needed,
    });
  }
  if (bare.name === 'ID') {
    if (name === 'clinicId') return fc.constant(clinicIdText(GROUP));
    const noun = name.replace(/Ids?$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const meant = [...records].filter(([table]) => table.endsWith(noun)).flatMap(([, ids]) => ids);
    const others = [...records.values()].flat();
    return fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...(meant.length > 0 ? meant : others)) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
    );
  }
  if (name === 'idempotencyKey') return fc.uuid();
  if (bare.name === 'String')
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant('text') },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
    );
  return fc.constantFrom(...(SCALARS[bare.name] ?? ODD_TEXTS));
}

const rootFields = (kind: 'query' | 'mutation') => {
  const { apiSchema } = graph.composition;
  const type = kind === 'query' ? apiSchema.getQueryType() : apiSchema.getMutationType();
  return Object.values((type as GraphQLObjectType).getFields());
};

async function faultsOf(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): Promise<string[]> {
  const declared = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const query = `${kind} Odd${declared && `(${declared})`} { ${field.name}${given && `(${given})`} ${selectionOf(field.type, 1)} }`;
  const variables = fc.record(
    Object.fromEntries(field.args.map((argument) => [argument.name, anyOf(argument.name, argument.type)])),
  );
  const faults: string[] = [];
  for (const values of fc.sample(variables, { numRuns: RUNS, seed: SEED })) {
    const { errors } = await graph.ask('owner', query, values);
    for (const error of errors ?? [])
      if (['INTERNAL_SERVER_ERROR', 'INCOMPLETE_ANSWER', undefined].includes(error.extensions['code'] as string))
        faults.push(`${field.name} ${JSON.stringify(values).slice(0, 600)}: ${error.message}`);
  }
  return faults;
}

test.each(['query', 'mutation'] as const)(
  'whatever a %s is given, it answers or says what is wrong with it, and never fails inside',
  async (kind) => {
    const faults: string[] = [];
    for (const field of rootFields(kind)) faults.push(...(await faultsOf(kind, field)));

    expect(faults).toEqual([]);
  },
  120_000,
);

test('a text with characters that cannot be kept is refused by its place, and nothing is written', async () => {
  const vendors = () => graph.sql<{ n: number }>('spa-inventory', 'SELECT count(*)::int AS n FROM vendor');
  const before = await vendors();
  for (const name of ['a\u0000b', '\ud800']) {
    const { data, errors } = await graph.ask(
      'owner',
      'mutation ($input: VendorInput!) { vendorSave(input: $input) { vendor { id } } }',
      { input: { clinicId: clinicIdText(GROUP), idempotencyKey: '7bd12f9b-ffe1-8fff-b390-6c5900000010', name } },
    );

    expect(data?.['vendorSave'] ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => [extensions['code'], extensions['argumentPath']])).toEqual([
      ['BAD_USER_INPUT', 'input.name'],
    ]);
  }
  expect(await vendors()).toEqual(before);
});
