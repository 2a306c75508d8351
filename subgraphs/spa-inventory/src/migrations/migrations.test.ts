import { migrationSource } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import pg from 'pg';
import { spaInventory } from '..';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(spaInventory);
});
afterAll(() => graph.stop());

test('entities and migrations agree', async () => {
  const source = await migrationSource(spaInventory, graph.database.urls.owner).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();

  expect(upQueries.map((each) => each.query)).toEqual([]);
});

interface TableRow {
  relname: string;
  forced: boolean;
  policies: string;
  pk_first: string;
  may: string;
  may_update: string;
}

const TABLES = `
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
  (SELECT string_agg(p.polname, ' ' ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
  (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary) AS pk_first,
  array_to_string(array(SELECT p FROM unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p WHERE has_table_privilege('spa_inventory_app', c.oid, p)), ' ') AS may,
  array_to_string(array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege('spa_inventory_app', c.oid, a.attnum, 'UPDATE') ORDER BY a.attname), ' ') AS may_update
FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'clinic_id'
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`;

test('every tenant table has forced row-level security and a key that begins with the clinic', async () => {
  const tables = await graph.sql<TableRow>(TABLES);

  expect(tables.length).toBeGreaterThan(15);
  expect(tables.filter((t) => !t.forced || t.policies !== 'maintenance tenant' || t.pk_first !== 'clinic_id')).toEqual(
    [],
  );
});

test('the service can change what moves and nothing else: facts are insert-only (G-09)', async () => {
  const tables = await graph.sql<TableRow>(TABLES);
  const own = tables.filter((t) => !/^(audit_|idempotency|inbox|.*_copy$)/.test(t.relname));

  expect(Object.fromEntries(own.map((t) => [t.relname, [t.may, t.may_update].filter(Boolean).join(': ')]))).toEqual({
    inventory_lot:
      'INSERT: batch_number disposition disposition_at disposition_by disposition_reason gtin initial_quantity manufactured_on received_on serial_number unit_cost updated_at updated_by version',
    inventory_transaction: 'INSERT',
    lot_stock: 'INSERT: movements on_hand reserved storage_location value',
    lot_usage: 'INSERT',
    posting_month: 'INSERT: status version',
    product:
      'INSERT: brand category commission_rate description injectable lead_time_days max_level min_level min_remaining_shelf_life_days name over_receipt_tolerance preferred_vendor_id reorder_point reorder_quantity require_expiration_date retail_price sku storage stored_status track_by_lot track_by_serial track_inventory unit_cost unit_type units_per_package updated_at updated_by version',
    product_barcode: 'INSERT DELETE',
    recall: 'INSERT: close_note closed_at closed_by outcome status supply_lot_numbers version',
    recall_lot: 'INSERT',
    recall_patient: 'INSERT: channel note notified_at notified_by status',
    received_item: 'INSERT',
    receiving_record: 'INSERT',
    spa_presence: 'INSERT: uses',
    spa_slice: 'INSERT: expired_cost revenue use_count used_cost used_quantity waste_cost wasted_quantity',
    vendor:
      'INSERT: account_number address categories contact_name email name payment_terms phone preferred tax_id updated_at updated_by version',
    waste_record: 'INSERT',
  });
});

test('as the role of the service without a tenant no table shows a row', async () => {
  const clinic = '01890000-0000-7000-8000-0000000000c1';
  await graph.sql(
    `INSERT INTO vendor (clinic_id, id, name, preferred, categories, created_at, created_by, updated_at, updated_by) VALUES ($1, $1, 'V', false, '{}', '2026-01-01', 'x', '2026-01-01', 'x')`,
    [clinic],
  );
  const client = new pg.Client({ connectionString: graph.database.urls.app });
  await client.connect();
  try {
    for (const { relname } of await graph.sql<TableRow>(TABLES)) {
      const { rowCount } = await client.query(`SELECT 1 FROM ${relname} LIMIT 1`);
      expect([relname, rowCount]).toEqual([relname, 0]);
    }
    await client.query(`BEGIN; SET LOCAL app.clinic_ids = '${clinic}'`);
    expect((await client.query('SELECT name FROM vendor')).rows).toEqual([{ name: 'V' }]);
    await expect(client.query('DELETE FROM vendor')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
});
