import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Question, Reply } from './control';
import type { Usage } from './meter';

export interface ChildOptions {
  /** Path of the program. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Another Node to run it with. */
  readonly runtime?: string;
}

/** Lines of a program's complaints that are kept for the message when it fails. */
const KEPT_CHARACTERS = 2_000;
const STOP_MS = 10_000;

/** A program of its own that answers questions and is ended by its process id. */
export class Child {
  private readonly program: ChildProcess;
  private readonly waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  private asked = 0;
  private said = '';

  constructor(options: ChildOptions) {
    this.program = fork(options.file, [...(options.args ?? [])], {
      execArgv: ['--require', join(__dirname, 'meter.js')],
      // Nothing of the caller's environment reaches a measured program.
      env: { NODE_ENV: 'production', ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.runtime === undefined ? {} : { execPath: options.runtime }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.program.stdout, this.program.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.said = (this.said + text).slice(-KEPT_CHARACTERS);
      });
    }
    this.program.on('message', (message) => {
      const reply = message as Reply;
      const asker = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) asker?.fail(new Error(reply.error));
      else asker?.done(reply.value);
    });
    this.program.once('exit', (code) => {
      for (const { fail } of this.waiting.values())
        fail(new Error(`${options.file} ended with ${String(code)}: ${this.said}`));
      this.waiting.clear();
    });
  }

  /** Whether it still runs; what it said last otherwise. */
  get ended(): string | undefined {
    return this.program.exitCode === null && this.program.signalCode === null ? undefined : this.said || 'no word';
  }

  /** Rejects when the program refuses or ends. The caller names what it expects. */

  async ask<T>(ask: string, value?: unknown): Promise<T> {
    if (this.ended !== undefined) throw new Error(`the program has ended: ${this.ended}`);
    const question: Question = { id: ++this.asked, ask, value };
    return await new Promise<T>((done, fail) => {
      this.waiting.set(question.id, { done: done as (value: unknown) => void, fail });
      this.program.send(question);
    });
  }

  usage(): Promise<Usage> {
    return this.ask<Usage>('usage');
  }

  /** Asks the program to end, and makes it end when it does not listen. */
  async stop(): Promise<void> {
    if (this.ended !== undefined) return;
    const gone = new Promise<void>((done) =>
      this.program.once('exit', () => {
        done();
      }),
    );
    const late = setTimeout(() => this.program.kill('SIGKILL'), STOP_MS);
    this.program.kill('SIGTERM');
    await gone;
    clearTimeout(late);
  }
}
