import { migrationSource } from '@practice-graph/kit';
import { cloneDatabase } from '@practice-graph/kit/testing';
import { adjustments } from '..';

test('entities and migrations agree, and each table gives the service exactly these rights', async () => {
  const database = await cloneDatabase(adjustments);
  const source = await migrationSource(adjustments, database.urls.owner).initialize();
  try {
    const drift = await source.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);

    const tables: {
      relname: string;
      forced: boolean;
      policy: boolean;
      pk_first: string;
      may: string;
      may_update: string;
    }[] = await source.query(`
      SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced, exists(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS policy,
        (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary) AS pk_first,
        array_to_string(array(SELECT p FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p WHERE has_table_privilege('adjustments_app', c.oid, p)), ' ') AS may,
        array_to_string(array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege('adjustments_app', c.oid, a.attnum, 'UPDATE') ORDER BY a.attnum), ' ') AS may_update
      FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'migrations' ORDER BY c.relname`);
    expect(tables.filter((t) => !t.forced || !t.policy || t.pk_first !== 'clinic_id')).toEqual([]);
    expect(tables.map((t) => [t.relname, t.may, t.may_update].join(' | '))).toEqual([
      'adjustment_detail_slice | SELECT INSERT | amount absolute effect entries facts expected contracted contracts',
      'adjustment_entry | SELECT INSERT | adjustment_date original_adjustment_date approval_status decided_by decided_at reversed_by_id version',
      'adjustment_policy | SELECT INSERT | approval_rules cumulative_window_days separation_of_duties small_balance_limit min_collection_efforts max_backdate_days categories benchmarks watch_margin set_by set_at version',
      'adjustment_review | SELECT INSERT | ',
      'adjustment_slice | SELECT INSERT | amount absolute effect unlinked_effect entries pending pending_effect pending_entries',
      'audit_event | SELECT INSERT | ',
      'audit_seal | SELECT | ',
      'audit_subject | SELECT INSERT | ',
      'audit_unsealed | SELECT INSERT | ',
      'bad_debt_effort | SELECT INSERT | ',
      'clinic_copy | SELECT INSERT | name kind currency time_zone fiscal_year_start_month capabilities version',
      'collection_effort | SELECT INSERT | ',
      'idempotency | SELECT INSERT | result',
      'inbox | SELECT INSERT | ',
      'location_copy | SELECT INSERT | name kind time_zone chair_count working_weekdays closed_dates active version',
      'payer_fee | SELECT INSERT | usual_fee contracted_fee effective_to version',
      'posting_month | SELECT INSERT | status version',
      'production_entry_balance | SELECT INSERT | collected stands version',
      'promotion_campaign | SELECT INSERT | code name starts_on ends_on budget version',
      'provider_copy | SELECT INSERT | name role active is_stub version',
      'reason_code | SELECT INSERT | label category requires_documentation requires_approval active version',
    ]);
  } finally {
    await source.destroy();
    await database.drop();
  }
});
