/**
 * A procedure has one entry that stands. One whose entry was reversed because it was not done after all, or voided, may
 * be done later; before, it would have answered the entry that counts no more, and earned nothing. One index guards this
 * and finds all entries of a procedure.
 */
export class ProceduresDoneAgain17636900000161 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
DROP INDEX production_entry_clinic_id_procedure_id_idx;
CREATE UNIQUE INDEX production_entry_procedure ON production_entry (clinic_id, procedure_id,
  (CASE WHEN status IN ('REVERSED', 'VOIDED') THEN id ELSE '00000000-0000-0000-0000-000000000000' END))
  WHERE procedure_id IS NOT NULL;`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
