import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BreakingChangeType,
  buildSchema,
  findBreakingChanges,
  Kind,
  parse,
  validate,
  visit,
  type GraphQLSchema,
} from 'graphql';
import { compose } from './compose';
import * as contract from './contract';

const folder = join(__dirname, '..');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const names = ['revenue', 'adjustments', 'appliance-supply', 'spa-inventory'];
const subgraphs = names.map((name) => ({ name, sdl: read(`subgraphs/${name}.graphql`) }));
const supergraph = read('supergraph.graphql');
const api = buildSchema(read('api.graphql'));

/** Who owns which entity: the domain whose tables hold it. */
const OWNERS: Readonly<Record<string, string>> = {
  Clinic: 'revenue',
  Location: 'revenue',
  Provider: 'revenue',
  Patient: 'revenue',
  TreatmentPlan: 'revenue',
  ProductionEntry: 'revenue',
  Invoice: 'revenue',
  FinancialPeriod: 'revenue',
  PerformanceRow: 'revenue',
  AdjustmentEntry: 'adjustments',
  ReasonCode: 'adjustments',
  SupplyItem: 'appliance-supply',
  SupplyLot: 'appliance-supply',
  ApplianceRecord: 'appliance-supply',
  LotTrace: 'appliance-supply',
  Product: 'spa-inventory',
  InventoryLot: 'spa-inventory',
  Vendor: 'spa-inventory',
  Recall: 'spa-inventory',
};

/** What makes the graph more than four graphs; without orphaned types these would silently be missing. */
const ACROSS = [
  'PerformanceRow.production',
  'PerformanceRow.writeOffs',
  'PerformanceRow.writeOffRates',
  'PerformanceRow.supplies',
  'PerformanceRow.supplyRatios',
  'PerformanceRow.spa',
  'PerformanceRow.spaRatios',
  'PerformanceRow.contribution',
  'LotTrace.supplyLots',
  'LotTrace.applianceUsages',
  'LotTrace.inventoryLots',
  'LotTrace.lotUsages',
  'TreatmentPlan.supplyCosts',
  'TreatmentPlan.writeOffs',
  'ProductionEntry.adjustmentEntries',
];

const fieldsOf = (schema: GraphQLSchema, type: string) => {
  const found = schema.getType(type);
  return found && 'getFields' in found ? Object.keys(found.getFields()) : [];
};

test('the committed supergraph and API are what the committed subgraphs compose to', () => {
  const ports = Object.fromEntries(
    [...supergraph.matchAll(/name: "([a-z-]+)", url: "http:\/\/127\.0\.0\.1:(\d+)\/graphql"/g)].map((m) => [
      m[1],
      Number(m[2]),
    ]),
  );
  const composed = compose(subgraphs, ports);

  expect(Object.keys(ports).sort()).toEqual([...names].sort());
  expect(composed.supergraph).toBe(supergraph);
  expect(composed.api).toBe(read('api.graphql'));
});

test('every type, field, argument, input member and enum value is described', () => {
  expect(contract.undescribed(api)).toEqual([]);
});

test.each(ACROSS)('%s is in the graph', (path) => {
  const [type = '', field = ''] = path.split('.');
  expect(fieldsOf(api, type)).toContain(field);
});

describe.each(subgraphs)('$name', ({ name, sdl }) => {
  test('has no argument inside @requires or @provides', () => {
    expect(contract.argumentsInSelections(sdl)).toEqual([]);
  });
  test('has simple keys, and composite ones only where they are allowed', () => {
    expect(contract.unexpectedKeys(sdl)).toEqual([]);
  });
  test('has nullable root fields, none of them shareable', () => {
    expect(contract.badRootFields(sdl)).toEqual([]);
  });
  test('has scopes on nullable fields only', () => {
    expect(contract.scopedButNotNullable(sdl)).toEqual([]);
  });
  test('adds only nullable fields to the entities of others and refers to them by nullable fields', () => {
    expect(contract.notNullableAcrossDomains(sdl, name, OWNERS)).toEqual([]);
  });
});

test('save inputs have no default values', () => {
  expect(contract.defaultsInSaves(api)).toEqual([]);
});

test('every mutation takes an idempotency key', () => {
  expect(contract.mutationsWithoutKey(api)).toEqual([]);
});

test('nothing is removed or changed that clients may use, unless it was deprecated when it was last released', () => {
  const released = buildSchema(read('released.graphql'));
  const deprecated = new Set<string>();
  visit(parse(read('released.graphql')), {
    ObjectTypeDefinition: (type) => {
      for (const field of type.fields ?? [])
        if (field.directives?.some((d) => d.name.value === 'deprecated'))
          deprecated.add(`${type.name.value}.${field.name.value}`);
    },
  });
  const breaking = findBreakingChanges(released, api).filter(
    (change) =>
      change.type !== BreakingChangeType.FIELD_REMOVED ||
      ![...deprecated].some((field) => change.description.startsWith(`${field} `)),
  );
  expect(breaking.map((change) => change.description)).toEqual([]);
});

test('the changelog speaks of the API as it is', () => {
  const mark = /<!-- api: ([0-9a-f]{12}) -->/.exec(read('CHANGELOG.md'))?.[1];
  const now = createHash('sha256').update(read('api.graphql')).digest('hex').slice(0, 12);
  // A change of api.graphql needs a line in schema/CHANGELOG.md; then set its mark to the value that is expected here.
  expect(mark).toBe(now);
});

const operations = readdirSync(join(folder, 'operations')).filter((file) => file.endsWith('.graphql'));

test.each(operations.length > 0 ? operations : ['none is there'])(
  'saved operation %s is valid and complete',
  (file) => {
    const text = read(`operations/${file}`);
    const document = parse(text);
    const named = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);

    expect(validate(api, document).map((e) => e.message)).toEqual([]);
    expect(named).toHaveLength(1);
    expect(named[0]?.name?.value).toMatch(/^[A-Z]/);
    // The explorer shows the first line as what the operation answers.
    expect(text).toMatch(/^# \S/);
    expect(typeof JSON.parse(read(`operations/${file.replace('.graphql', '.variables.json')}`))).toBe('object');
  },
);
