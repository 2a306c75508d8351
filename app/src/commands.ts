import { SetupError } from '@practice-graph/kit/postgres';

/** Runs a command-line program: its answer becomes the exit code, and a failure one line that says what to do. */
export function runCommand(work: () => Promise<number>): void {
  work().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${told(error)}\n`);
      process.exit(1);
    },
  );
}

/** A condition that the person can change is told in its own line; a fault of ours with its stack. */
export function told(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Writes lines to the standard output. */
export const print = (...lines: string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};
