import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What demo data a data folder holds. */
export interface DemoState {
  readonly size: 'demo' | 'tiny';
  /** Day on which the demo data ends, YYYY-MM-DD. */
  readonly anchor: string;
  /** Identity of the database server that holds it: a folder may be used with another server later. */
  readonly server: string;
  /** False from the first row on until the last: an interrupted load is thrown away and done again. */
  readonly isComplete: boolean;
}

const fileOf = (directory: string): string => join(directory, 'demo.json');

export function readState(directory: string): DemoState | undefined {
  const file = fileOf(directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}

export function writeState(directory: string, state: DemoState): void {
  const file = fileOf(directory);
  writeFileSync(`${file}.new`, `${JSON.stringify(state)}\n`);
  renameSync(`${file}.new`, file);
}
