import type { Databases } from './databases';
import { dropDatabases, isEmpty, prepareDatabases, serverIdentity } from './databases';
import { loadDemo } from './demo';
import { readState, writeState, type DemoState } from './demo-state';
import type { Settings } from './env';
import { definitions } from './definitions';
import type { Secrets } from './secrets';

export interface DemoPreparation {
  readonly settings: Settings;
  readonly adminUrl: string;
  readonly databases: Databases;
  readonly secrets: Secrets;
  readonly onProgress: (text: string) => void;
}

/**
 * Loads demo data into new databases, once. What an interrupted load has left is thrown away first; databases that hold
 * anything else are never touched.
 */
export async function prepareDemo(preparation: DemoPreparation): Promise<DemoState | undefined> {
  const { settings, databases, onProgress } = preparation;
  const server = await serverIdentity(preparation.adminUrl);
  const kept = readState(settings.directory);
  // A note about another server says nothing about this one, and never allows to drop its databases.
  const known = kept?.server === server ? kept : undefined;
  if (known?.isComplete === true) return known;
  if (known !== undefined) {
    onProgress('removing what an interrupted first start has left');
    await dropDatabases(preparation.adminUrl, definitions);
    await prepareDatabases(preparation.adminUrl, definitions, preparation.secrets.password);
  } else if (settings.demo === 'none' || !(await isEmpty(databases))) {
    return undefined;
  }
  const size = known?.size ?? (settings.demo === 'tiny' ? 'tiny' : 'demo');
  const anchor = known?.anchor ?? (settings.clock ?? new Date().toISOString()).slice(0, 10);
  writeState(settings.directory, { size, anchor, server, isComplete: false });
  await loadDemo({ size, anchor, databases, auditKey: preparation.secrets.audit, onProgress });
  const done = { size, anchor, server, isComplete: true };
  writeState(settings.directory, done);
  return done;
}
