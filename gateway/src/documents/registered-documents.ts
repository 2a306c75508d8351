import { createHash } from 'node:crypto';

/** Characters of documents that clients registered by themselves; beyond, the oldest go. */
const REMEMBERED_CHARACTERS_MAX = 10_000_000;

export const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/**
 * Documents by their SHA-256: the trusted ones, which are known from the start and stay, and those that clients
 * registered on the way (automatic persisted queries), which come and go. Has the shape of a cache for the server.
 */
export class RegisteredDocuments {
  private readonly trusted: ReadonlyMap<string, string>;
  private readonly remembered = new Map<string, string>();
  private characters = 0;

  constructor(trusted: readonly string[]) {
    this.trusted = new Map(trusted.map((document) => [hashOf(document), document]));
  }

  isTrusted(hash: string): boolean {
    return this.trusted.has(hash);
  }

  /** Text of a document by its id: its hash, with or without the name of the algorithm before it. */
  byId(id: string): string | undefined {
    const hash = id.replace(/^sha256:/, '');
    return this.trusted.get(hash) ?? this.remembered.get(hash);
  }

  /** The server's keys are prefixed hashes. */
  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.byId(hashIn(key)));
  }

  set(key: string, document: string): Promise<void> {
    const hash = hashIn(key);
    if (!this.trusted.has(hash) && !this.remembered.has(hash)) {
      this.remembered.set(hash, document);
      this.characters += document.length;
      for (const [oldest, text] of this.remembered) {
        if (this.characters <= REMEMBERED_CHARACTERS_MAX) break;
        this.forget(oldest, text);
      }
    }
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    const hash = hashIn(key);
    const text = this.remembered.get(hash);
    if (text === undefined) return Promise.resolve(false);
    this.forget(hash, text);
    return Promise.resolve(true);
  }

  private forget(hash: string, text: string): void {
    this.remembered.delete(hash);
    this.characters -= text.length;
  }
}

const hashIn = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
