import type { Viewer } from '@practice-graph/kit';
import { clinicIdText, recordIdOf, recordIdText } from '@practice-graph/kit/identity';
import type { GraphQLObjectType } from 'graphql';
import { personaNamed } from '../../../app/src';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import { ANCHOR, openGraph, type Graph } from './graph';
import { leavesOf, operationFor, type Identifiers } from './walking';

const NOBODY = '016f5e66-0000-7000-8000-0000000000ff';
const { group: GROUP, foreign: FOREIGN } = demoIds.clinics;

let graph: Graph;
/** One row of every table of the group, and the same identifiers under a clinic that does not exist. */
let theirs: Identifiers;
let nobodys: Identifiers;
/** Texts that must not reach an outsider: identifiers, names and references of the group. */
let secrets: Set<string>;

/** A row of each table of each database that has the clinic's rows, read as the owner, who sees all clinics. */
async function recordsOf(clinicId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const subgraph of graph.running.values())
    for (const { table } of await graph.sql<{ table: string }>(subgraph.name, TABLES_WITH_ID)) {
      const [row] = await graph.sql<{ id: string }>(
        subgraph.name,
        `SELECT id FROM ${table} WHERE clinic_id = '${clinicId}' ORDER BY id LIMIT 1`,
      );
      if (row) found[table] ??= table === 'clinic' ? clinicIdText(clinicId) : recordIdText(clinicId, row.id);
    }
  return found;
}
const TABLES_WITH_ID = `
  SELECT table_name AS table FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'
  AND table_name IN (SELECT table_name FROM information_schema.columns WHERE column_name = 'clinic_id') ORDER BY 1`;

const TENANT_TABLES = `
  SELECT DISTINCT table_name AS table FROM information_schema.columns
  WHERE table_schema = 'public' AND column_name = 'clinic_id' ORDER BY 1`;

beforeAll(async () => {
  graph = await openGraph();
  const records = await recordsOf(GROUP);
  theirs = { clinicId: clinicIdText(GROUP), records };
  nobodys = {
    clinicId: clinicIdText(NOBODY),
    records: Object.fromEntries(
      Object.entries(records).map(([table, id]) => {
        const key = recordIdOf(id);
        return [table, key ? recordIdText(NOBODY, key.id) : clinicIdText(NOBODY)];
      }),
    ),
  };
  const [rows] = generateDemo({ size: 'tiny', anchor: ANCHOR });
  secrets = new Set([
    GROUP,
    ...Object.values(records).flatMap((id) => [id, recordIdOf(id)?.id ?? id]),
    ...(rows
      ? [rows.clinic.name, ...rows.locations.map((place) => place.name), ...rows.providers.map((who) => who.name)]
      : []),
  ]);
});
afterAll(async () => {
  await graph.stop();
});

/** The answer without the identifiers that the question itself named. */
const withoutEcho = (answer: unknown, ids: Identifiers): string => {
  let text = JSON.stringify(answer);
  for (const id of [ids.clinicId, ...Object.values(ids.records)])
    text = text.replaceAll(id, '*').replaceAll(recordIdOf(id)?.id ?? id, '*');
  return text;
};

const isEmptyHanded = (value: unknown): boolean => {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.every(isEmptyHanded);
  return typeof value === 'object' && leavesOf(value).length === 0;
};

/** Root fields of the composed schema, by kind. */
const rootFields = (kind: 'query' | 'mutation') => {
  const { apiSchema } = graph.composition;
  const type = kind === 'query' ? apiSchema.getQueryType() : apiSchema.getMutationType();
  return Object.values((type as GraphQLObjectType).getFields());
};

/** Identifiers to try for a field: its own kind of record, and every other kind. */
const tablesFor = (field: { args: readonly { name: string }[] }): readonly string[] =>
  field.args.some((argument) => argument.name === 'id') ? Object.keys(theirs.records) : ['location'];

describe('those who may see the clinic', () => {
  test('get something at every root field by the same questions, so that the silence below means something', async () => {
    const silent: string[] = [];
    for (const field of rootFields('query')) {
      let leaves = 0;
      for (const table of tablesFor(field)) {
        const asked = operationFor('query', field, theirs, theirs.records[table]);
        leaves += leavesOf((await graph.ask('owner', asked.query, asked.variables)).data).length;
      }
      if (leaves === 0) silent.push(field.name);
    }

    expect(silent).toEqual([]);
  });
});

describe('an outsider with the identifiers of another clinic', () => {
  test('finds no row at any root field of the graph, and the same answer as for a clinic that does not exist', async () => {
    const told: string[] = [];
    for (const field of rootFields('query')) {
      for (const table of tablesFor(field)) {
        const asked = operationFor('query', field, theirs, theirs.records[table]);
        const answer = await graph.ask('outsider', asked.query, asked.variables);
        const blank = operationFor('query', field, nobodys, nobodys.records[table]);
        const other = await graph.ask('outsider', blank.query, blank.variables);
        const leaked = leavesOf(answer).filter((leaf) => secrets.has(leaf) && leaf !== theirs.records[table]);
        if (leaked.length > 0) told.push(`${field.name} shows ${leaked.join(', ')}`);
        if (withoutEcho(answer, theirs) !== withoutEcho(other, nobodys))
          told.push(
            `${field.name} (${table}): ${JSON.stringify(answer).slice(0, 300)} but ${JSON.stringify(other).slice(0, 300)}`,
          );
      }
    }

    expect(told).toEqual([]);
  });

  test('changes nothing by any mutation, and is refused as for a clinic that does not exist', async () => {
    const before = await graph.counts(GROUP);
    const told: string[] = [];
    for (const field of rootFields('mutation')) {
      for (const table of tablesFor(field)) {
        const asked = operationFor('mutation', field, theirs, theirs.records[table]);
        const answer = await graph.ask('outsider', asked.query, asked.variables);
        const blank = operationFor('mutation', field, nobodys, nobodys.records[table]);
        const other = await graph.ask('outsider', blank.query, blank.variables);
        const payload = (answer.data as Record<string, { userErrors?: unknown[] } | null> | null)?.[field.name];
        const isRefused = (payload?.userErrors?.length ?? 0) > 0 || (answer.errors?.length ?? 0) > 0;
        if (!isRefused) told.push(`${field.name} was not refused: ${JSON.stringify(answer)}`);
        if (withoutEcho(answer, theirs) !== withoutEcho(other, nobodys))
          told.push(
            `${field.name} (${table}): ${JSON.stringify(answer).slice(0, 300)} but ${JSON.stringify(other).slice(0, 300)}`,
          );
      }
    }

    expect(told).toEqual([]);
    expect(await graph.counts(GROUP)).toEqual(before);
  });

  test('gets null for every entity reference of every subgraph', async () => {
    const told: string[] = [];
    let reached = 0;
    for (const [name, entity] of await graph.entities()) {
      const representations =
        entity.keys.join(' ') === 'id'
          ? [theirs.clinicId, ...Object.values(theirs.records)].map((id) => ({ __typename: entity.type, id }))
          : [composite(entity.type, entity.keys)];
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${entity.type} ${entity.selection} } }`;
      const outside = await graph.reference(name, asViewer('outsider', [FOREIGN]), query, { of: representations });
      const inside = await graph.reference(name, asViewer('owner', [GROUP]), query, { of: representations });
      const found = (outside.data?._entities ?? []) as unknown[];
      for (const [at, value] of found.entries())
        if (!isEmptyHanded(stripped(value, entity.keys)))
          told.push(
            `${name} ${entity.type} ${JSON.stringify(representations[at])}: ${JSON.stringify(value).slice(0, 200)}`,
          );
      if (((inside.data?._entities ?? []) as unknown[]).some((value) => value !== null)) reached += 1;
    }

    expect(told).toEqual([]);
    // The same references answer to those who may see them; otherwise this test would prove nothing.
    expect(reached).toBeGreaterThan(8);
  });
});

describe('the role of a service without a tenant', () => {
  test('sees no row in any table of any database', async () => {
    const seen: string[] = [];
    let filled = 0;
    for (const subgraph of graph.running.values()) {
      for (const { table } of await graph.sql<{ table: string }>(subgraph.name, TENANT_TABLES)) {
        const count = `SELECT count(*)::int AS n FROM ${table}`;
        const [all] = await graph.sql<{ n: number }>(subgraph.name, count);
        if ((all?.n ?? 0) > 0) filled += 1;
        const rows = await subgraph.database.read
          .query<{ n: number }[]>(count)
          // A table that the role may not even read is closed as well.
          .catch((error: unknown) =>
            /permission denied/.test(String(error)) ? [{ n: 0 }] : Promise.reject(error as Error),
          );
        if (rows[0]?.n !== 0) seen.push(`${subgraph.name}.${table}`);
      }
    }

    expect(seen).toEqual([]);
    expect(filled).toBeGreaterThan(20);
  });
});

const asViewer = (persona: string, clinicIds: readonly string[]): Viewer => ({
  ...{ subject: `test-${persona}`, role: 'ADMIN', scopes: personaNamed(persona)?.scopes ?? [], clinicIds },
  ...{ restrictions: {}, aggregateOnly: false, purpose: null, ip: null, requestId: 'walk' },
});

/** A key of several parts for the group. */
function composite(type: string, keys: readonly string[]): Record<string, unknown> {
  const parts: Record<string, unknown> = {
    ...{ clinicId: theirs.clinicId, locationId: null, providerId: null, from: '2026-05-01', to: '2026-06-30' },
    ...{ lotNumber: demoIds.recalledLot, gtin: null, type: 'MONTH' },
  };
  return { __typename: type, ...Object.fromEntries(keys.map((key) => [key, parts[key] ?? null])) };
}

/** What a reference answers besides the key that the caller sent. */
function stripped(value: unknown, keys: readonly string[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !keys.includes(name) && name !== '__typename'));
}
