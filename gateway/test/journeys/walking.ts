/** Writes an operation for any root field of a schema, so that a test reaches all of them and none is forgotten. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';

/** Identifiers of one clinic by the kind of record, as the API shows them. */
export interface Identifiers {
  readonly clinicId: string;
  /** By the name of the table, for example production_entry. */
  readonly records: Readonly<Record<string, string>>;
}

const PLAIN: Readonly<Record<string, unknown>> = {
  Date: '2026-06-10',
  DateTime: '2026-06-10T15:00:00Z',
  Money: '10.00',
  Quantity: '1',
  Decimal: '1',
  Float: 1,
  Boolean: false,
  TimeZone: 'America/New_York',
  CurrencyCode: 'USD',
};

const TEXTS: Readonly<Record<string, string>> = {
  lotNumber: 'RC-77120',
  scanned: '01095011015300031017123110RC-77120',
  month: '2026-06',
  reasonCode: 'CRT-PREPAID',
};

const NUMBERS: Readonly<Record<string, number>> = { year: 2026 };

/** Tables that an argument of this name may mean, most likely first. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  locationId: ['location'],
  providerId: ['provider'],
  patientId: ['patient'],
  treatmentPlanId: ['treatment_plan'],
  productionEntryId: ['production_entry'],
  itemId: ['supply_item'],
  lotId: ['inventory_lot', 'supply_lot'],
  productId: ['product'],
  vendorId: ['vendor'],
  preferredVendorId: ['vendor'],
  applianceId: ['appliance_record'],
};

/** A value for an argument or input member that names records of a clinic wherever it can. */
export function valueOf(name: string, type: GraphQLInputType, ids: Identifiers, record?: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [valueOf(name.replace(/s$/, ''), bare.ofType, ids, record)];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (isInputObjectType(bare)) {
    if (bare.name === 'PeriodInput') return { range: { from: '2026-05-01', to: '2026-06-30' } };
    const fields = Object.values(bare.getFields()).filter(
      // What is optional may stay out, unless it names a record: those are what an outsider would try.
      (field) => isNonNullType(field.type) || (/Id$/.test(field.name) && getNamedType(field.type).name === 'ID'),
    );
    return Object.fromEntries(fields.map((field) => [field.name, valueOf(field.name, field.type, ids, record)]));
  }
  if (bare.name === 'ID') {
    if (name === 'clinicId') return ids.clinicId;
    if (name === 'id') return record ?? ids.clinicId;
    const table = TABLES[name]?.find((each) => ids.records[each] !== undefined);
    return table === undefined ? (record ?? ids.records['location']) : ids.records[table];
  }
  if (bare.name === 'String')
    return TEXTS[name] ?? (name === 'idempotencyKey' ? `walk-${String(Math.random())}` : 'text');
  return bare.name === 'Int' ? (NUMBERS[name] ?? 1) : PLAIN[bare.name];
}

/** All leaf fields of a type and of what it holds, down to a depth; fields that need arguments are left out. */
export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    if (depth === 0 || field.name === 'edges') return [];
    const inner = selectionOf(field.type, depth - 1);
    return inner === '' ? [] : [`${field.name} ${inner}`];
  });
  return parts.length === 0 ? '' : `{ ${parts.join(' ')} }`;
}

/** An operation for one root field with a value for each of its arguments. */
export function operationFor(
  kind: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  ids: Identifiers,
  record?: string,
): { query: string; variables: Record<string, unknown> } {
  const used = field.args.filter(
    (argument) => isNonNullType(argument.type) || ['input', 'first'].includes(argument.name),
  );
  const declared = used.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const given = used.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const depth = kind === 'mutation' ? 1 : 2;
  return {
    query: `${kind} Walk${declared && `(${declared})`} { ${field.name}${given && `(${given})`} ${selectionOf(field.type, depth)} }`,
    variables: Object.fromEntries(
      used.map((argument) => [argument.name, valueOf(argument.name, argument.type, ids, record)]),
    ),
  };
}

/** Every text and number in an answer. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
