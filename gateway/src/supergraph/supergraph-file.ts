import { readFile } from 'node:fs/promises';

import type { Logger } from 'pino';

import { withoutSecurityPurpose } from './graph';

/** The supergraph could not be loaded at start; the message says what to do. */
export class SupergraphUnusable extends Error {}

/** Text of the supergraph as the gateway can load it. Nothing else is ever fetched. */
export async function readSupergraph(file: string): Promise<string> {
  try {
    return withoutSecurityPurpose(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SupergraphUnusable(`The supergraph cannot be read (${reason}). Compose it first, or set SUPERGRAPH.`);
  }
}

/** Looks at the file again and again; `accept` throws when the new text cannot be used. Answers how to stop. */
export function watchSupergraph(
  file: string,
  current: string,
  everyMs: number,
  log: Logger,
  accept: (sdl: string) => void,
): () => void {
  let seen = current;
  let isReading = false;
  // Reading is more dependable than file events: mounted volumes and atomic renames often report none.
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    readSupergraph(file)
      .then((sdl) => {
        if (sdl === seen) return;
        seen = sdl;
        accept(sdl);
        log.info({ file }, 'a new supergraph is in force');
      })
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.error({ file, reason }, 'the new supergraph cannot be used; the old one stays');
      })
      .finally(() => {
        isReading = false;
      });
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
