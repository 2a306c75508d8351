/**
 * Lets equal questions that are under way at the same moment share one answer. The answer is text, which every asker
 * parses for himself: objects would be changed by one under the hands of another.
 */
export class Merging {
  private readonly underWay = new Map<string, Promise<string>>();
  private count = 0;

  /** Questions that were answered by the answer to another one. */
  get merged(): number {
    return this.count;
  }

  /** `key` must hold everything that the answer depends on, the caller first of all. */
  async ask(key: string, question: () => Promise<string>): Promise<string> {
    const known = this.underWay.get(key);
    if (known) {
      this.count += 1;
      return known;
    }
    const asked = question().finally(() => this.underWay.delete(key));
    this.underWay.set(key, asked);
    return asked;
  }
}
