/** Failures in a row after which a subgraph is left alone. */
const FAILURES_MAX = 5;
/** Time for which it is left alone; then one request may try. */
const PAUSE_MS = 5_000;

/** Keeps requests from waiting, one after another, for a subgraph that is known to be away. */
export class Circuit {
  private failures = 0;
  private openUntil = 0;

  constructor(private readonly now: () => number = Date.now) {}

  get isOpen(): boolean {
    return this.openUntil > this.now();
  }

  /** False when the subgraph must not be asked now. When the pause is over, the first caller tries for all. */
  admits(): boolean {
    if (this.failures < FAILURES_MAX) return true;
    if (this.isOpen) return false;
    this.openUntil = this.now() + PAUSE_MS;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.openUntil = 0;
  }

  failed(): void {
    this.failures += 1;
    if (this.failures >= FAILURES_MAX) this.openUntil = this.now() + PAUSE_MS;
  }
}
