/** What a test sees that no caller can: rows as the owner of the tables, and references asked without the gateway. */
import { quietPool, signIdentity, type RunningSubgraph, type Viewer } from '@practice-graph/kit';
import type { TestDatabase } from '@practice-graph/kit/testing';
import {
  isLeafType,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { pino } from 'pino';
import { definitions } from '../../../app/src';
import { selectionOf } from './walking';

export interface EntityType {
  readonly type: string;
  /** Fields of its key. */
  readonly keys: readonly string[];
  /** Its leaf fields. */
  readonly selection: string;
}

export interface Insight {
  /** Runs SQL on a subgraph's database as the owner, who sees all clinics. */
  sql<R extends object>(subgraph: string, text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Rows per table of a clinic, the trail of reads aside. */
  counts(clinicId: string): Promise<Record<string, number>>;
  /** Every entity of every subgraph whose references it answers. */
  entities(): Promise<readonly (readonly [string, EntityType])[]>;
  /** Asks a subgraph itself, with the signature of the gateway. */

  reference(
    subgraph: string,
    viewer: Viewer,
    query: string,
    variables: Record<string, unknown>,
  ): Promise<{ data: any }>;
  close(): Promise<void>;
}

const TENANT_TABLES = `
  SELECT DISTINCT table_name AS table FROM information_schema.columns
  WHERE table_schema = 'public' AND column_name = 'clinic_id' AND table_name NOT LIKE 'audit%' ORDER BY 1`;

/** Opens it over running subgraphs. */
export function insightOf(
  running: ReadonlyMap<string, RunningSubgraph>,
  databases: Readonly<Record<string, TestDatabase>>,
  identitySecret: string,
): Insight {
  const log = pino({ level: 'silent' });
  const owners = new Map(
    Object.entries(databases).map(([name, { urls }]) => [
      name,
      quietPool({ connectionString: urls.owner, max: 2 }, log),
    ]),
  );
  const sql = async <R extends object>(name: string, text: string, values: readonly unknown[] = []): Promise<R[]> => {
    const owner = owners.get(name);
    if (!owner) throw new Error(`there is no database of ${name}`);
    return (await owner.query<R & Record<string, unknown>>(text, [...values])).rows;
  };
  return {
    sql,
    counts: async (clinicId) => {
      const counts: Record<string, number> = {};
      for (const name of owners.keys())
        for (const { table } of await sql<{ table: string }>(name, TENANT_TABLES)) {
          const [row] = await sql<{ n: number }>(name, `SELECT count(*)::int AS n FROM ${table} WHERE clinic_id = $1`, [
            clinicId,
          ]);
          counts[`${name}.${table}`] = row?.n ?? 0;
        }
      return counts;
    },
    entities: async () => {
      const found: (readonly [string, EntityType])[] = [];
      for (const { name, schema } of definitions) {
        const built = await schema();
        for (const entity of entitiesIn(built.sdl, built.schema)) found.push([name, entity]);
      }
      return found;
    },
    reference: async (name, viewer, query, variables) => {
      const answer = await running.get(name)?.execute({
        ...{ query, variables },
        identity: signIdentity(viewer, name, identitySecret),
      });
      return JSON.parse(JSON.stringify(answer)) as { data: unknown };
    },
    close: async () => {
      await Promise.all([...owners.values()].map((owner) => owner.end()));
    },
  };
}

/** Types with a key in a subgraph's own words. */
function entitiesIn(sdl: string, schema: GraphQLSchema): EntityType[] {
  return parse(sdl)
    .definitions.filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .flatMap((node) => {
      const key = node.directives?.find(({ name }) => name.value === 'key')?.arguments?.[0]?.value;
      const type = schema.getType(node.name.value);
      if (key?.kind !== Kind.STRING || !isObjectType(type)) return [];
      const external = new Set(
        (node.fields ?? [])
          .filter((field) => field.directives?.some(({ name }) => ['external', 'requires'].includes(name.value)))
          .map((field) => field.name.value),
      );
      const fields = Object.values(type.getFields()).flatMap((field) => {
        if (external.has(field.name) || field.args.length > 0) return [];
        if (isLeafType(getNamedType(field.type))) return [field.name];
        const inner = selectionOf(field.type, 0);
        return inner === '' ? [] : [`${field.name} ${inner}`];
      });
      return [{ type: node.name.value, keys: key.value.split(/\s+/), selection: `{ __typename ${fields.join(' ')} }` }];
    });
}
