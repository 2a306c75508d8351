import { migrationSource, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import pg from 'pg';
import { applianceSupply } from '../src';
import { aPractice } from './practice';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
});
afterAll(() => graph.stop());

test('entities and migrations agree', async () => {
  const source = await migrationSource(applianceSupply, graph.database.urls.owner).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();

  expect(upQueries.map((q) => q.query)).toEqual([]);
});

test('every tenant table is closed by row-level security, and the service may change only what moves', async () => {
  const tables = await graph.sql<{ line: string }>(
    `SELECT concat_ws(' | ', c.relname, c.relrowsecurity AND c.relforcerowsecurity, exists(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid),
       (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary),
       array_to_string(array(SELECT p FROM unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p WHERE has_table_privilege($1, c.oid, p)), ' '),
       array_to_string(array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         AND has_column_privilege($1, c.oid, a.attnum, 'UPDATE')), ' ')) AS line
     FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'clinic_id'
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
       AND (c.relname LIKE 'supply%' OR c.relname LIKE 'appliance%' OR c.relname LIKE 'kit%') ORDER BY c.relname`,
    ['appliance_supply_app'],
  );

  expect(tables.map((t) => t.line)).toMatchInlineSnapshot(`
   [
     "appliance_record | t | t | clinic_id | INSERT | external_id appliance_type appliance_system patient_id treatment_plan_id provider_id location_id site status ordered_on placed_on removed_on replaces_id version",
     "appliance_usage | t | t | clinic_id | INSERT | ",
     "kit_line | t | t | clinic_id | INSERT | ",
     "kit_template | t | t | clinic_id | INSERT | name appliance_type appliance_system active version",
     "supply_alert | t | t | clinic_id | INSERT | status handled_by handled_at note version",
     "supply_item | t | t | clinic_id | INSERT | sku gtin name category unit whole_units_only lot_tracked reorder_point max_level current_unit_cost active version",
     "supply_lot | t | t | clinic_id | INSERT | gtin serial_number expiration_date unit_cost costed_quantity received_cost uncosted_quantity disposition disposition_reason disposition_by version",
     "supply_offer | t | t | clinic_id | INSERT | vendor_sku pack_price pack_size minimum_packs lead_time_days rank valid_from valid_to version",
     "supply_order | t | t | clinic_id | INSERT | received status close_reason version",
     "supply_order_count | t | t | clinic_id | INSERT | last",
     "supply_presence | t | t | clinic_id | INSERT | uses",
     "supply_recall | t | t | clinic_id | INSERT | recall_id recall_number recall_class reason announced_on gtins started_at started_by called_off lifted_at event_version",
     "supply_recall_lot | t | t | clinic_id | INSERT | ",
     "supply_slice | t | t | clinic_id | INSERT | cost rework_cost waste_cost case_cost bracket_cost wire_cost bonding_cost elastic_cost accessory_cost retainer_cost aligner_cost other_cost usage_count uncosted_usage_count",
     "supply_split_slice | t | t | clinic_id | INSERT | cost rework_cost waste_cost case_cost bracket_cost wire_cost bonding_cost elastic_cost accessory_cost retainer_cost aligner_cost other_cost usage_count uncosted_usage_count quantity",
     "supply_stock | t | t | clinic_id | INSERT | storage_location received_on on_hand value moves",
     "supply_transaction | t | t | clinic_id | INSERT | ",
   ]
  `);
});

test('the service without a tenant sees no row in any table', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem();
  await p.receive(item);
  await p.deduct(await p.aPlaced(), [{ itemId: item }]);
  const client = new pg.Client({ connectionString: graph.database.urls.app });
  await client.connect();
  const { rows } = await client.query<{ relname: string }>(
    `SELECT c.relname FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'clinic_id'
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );

  const seen: string[] = [];
  for (const { relname } of rows) {
    const found = await client.query(`SELECT 1 FROM ${relname} LIMIT 1`);
    if (found.rowCount !== 0) seen.push(relname);
  }
  await client.end();

  expect(rows.length).toBeGreaterThan(12);
  expect(seen).toEqual([]);
  expect(await graph.sql('SELECT 1 FROM appliance_usage WHERE clinic_id = $1', [p.clinicId])).toHaveLength(1);
});

test('facts of the books cannot be changed by the service', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem();
  await p.receive(item);
  await p.deduct(await p.aPlaced(), [{ itemId: item }]);
  const run = (sql: string) => p.within((tx) => tx.query(sql));

  await expect(run(`UPDATE appliance_usage SET quantity = 2`)).rejects.toThrow(/permission denied/);
  await expect(run(`UPDATE supply_transaction SET quantity = 2`)).rejects.toThrow(/permission denied/);
  await expect(run(`DELETE FROM supply_transaction`)).rejects.toThrow(/permission denied/);
  await expect(run(`DELETE FROM supply_stock`)).rejects.toThrow(/permission denied/);
});

test('a restored neighbour is told nothing, since nobody keeps copies of supplies', async () => {
  await graph.running.worker.clinics();
  await aPractice(graph, { clinicId: newId() });

  expect(await graph.events()).toEqual([]);
});
