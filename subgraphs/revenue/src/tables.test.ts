import { cloneDatabase, testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { migrationSource } from '@practice-graph/kit';
import pg from 'pg';
import { aPractice, record } from '../test/practice';
import { revenue } from '.';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());

test('the entities and the migrations describe the same tables', async () => {
  const database = await cloneDatabase(revenue);
  const source = await migrationSource(revenue, database.urls.owner).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  await database.drop();
  expect(upQueries.map((query) => query.query)).toEqual([]);
});

test('every table of a clinic is behind forced row-level security, led by the clinic, with these privileges', async () => {
  const tables = await graph.sql<{
    name: string;
    forced: boolean;
    policy: boolean;
    first: string;
    may: string;
    updates: string;
  }>(
    `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
       exists(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') AS policy,
       (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary) AS first,
       array_to_string(array(SELECT p FROM unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p WHERE has_table_privilege('revenue_app', c.oid, p)), ' ') AS may,
       array_to_string(array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege('revenue_app', c.oid, a.attnum, 'UPDATE')), ' ') AS updates
     FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'clinic_id'
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  expect(tables.filter((t) => !t.forced || !t.policy || t.first !== 'clinic_id')).toEqual([]);
  expect(tables.map((t) => `${t.name}: ${t.may} | ${t.updates}`)).toMatchSnapshot();
});

test('the role of the service sees no row of any table without a tenant', async () => {
  const of = await aPractice(graph);
  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: of.id(of.plans[0] ?? '') });
  const tables = await graph.sql<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'clinic_id'
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND has_table_privilege('revenue_app', c.oid, 'SELECT')`,
  );
  const app = new pg.Client({ connectionString: graph.database.urls.app });
  await app.connect();
  const seen = [];
  for (const { name } of tables) {
    const { rows } = await app.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`);
    if (rows[0]?.n !== 0) seen.push(name);
  }
  await app.end();
  expect(tables.length).toBeGreaterThan(15);
  expect(seen).toEqual([]);
});
