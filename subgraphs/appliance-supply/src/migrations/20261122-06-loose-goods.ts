/** Goods without lots that the end of a recall left in quarantine, where nobody could release them. */
export class LooseGoods17637800000061 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(
      `UPDATE supply_lot SET disposition = 'AVAILABLE', version = version + 1 WHERE lot_number = '' AND disposition = 'QUARANTINE'`,
    );
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
