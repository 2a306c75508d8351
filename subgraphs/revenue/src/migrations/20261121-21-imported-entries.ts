/** Entries brought in from an older system say so. */
export class ImportedEntries17636900000211 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    // The default is for the rows of before; from now on every writer says it.
    await runner.query(`
ALTER TABLE production_entry ADD COLUMN is_imported boolean NOT NULL DEFAULT false;
ALTER TABLE production_entry ALTER COLUMN is_imported DROP DEFAULT`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
