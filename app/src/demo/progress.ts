/** Tells how far a load is: rows that are in, of all rows. */
export class LoadProgress {
  private done = 0;
  private last = -1;

  constructor(
    private readonly total: number,
    private readonly tell: (text: string) => void,
  ) {}

  /** So many rows more are in. Tells at whole percents only, so that a display is not flooded. */
  add(count: number, what: string): void {
    this.done += count;
    const percent = Math.floor((this.done * 100) / this.total);
    if (percent === this.last) return;
    this.last = percent;
    this.tell(`${String(percent)} % of ${this.total.toLocaleString('en-US')} rows (${what})`);
  }
}
