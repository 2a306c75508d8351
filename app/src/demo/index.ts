/** Loads the demonstration into the four databases, by the use cases that serve other systems' data too. */
import { adjustments } from '@practice-graph/adjustments';
import { applianceSupply } from '@practice-graph/appliance-supply';
import { fixedClock, openDatabase, type Database, type SubgraphDefinition } from '@practice-graph/kit';
import { revenue } from '@practice-graph/revenue';
import { spaInventory } from '@practice-graph/spa-inventory';
import { Client } from 'pg';
import { pino } from 'pino';
import { generateDemo } from './generation';
import { loadAdjustments } from './load-adjustments';
import { loadRecalls } from './load-recalls';
import { loadPeriods } from './load-periods';
import { loadChairs, loadDirectory, loadGoals, loadNetProduction, loadPayments, loadProduction } from './load-revenue';
import { loadSpa } from './load-spa';
import { loadSupplies } from './load-supplies';
import { tell, type Target } from './loading';
import type { DemoSize } from './organisation';
import { LoadProgress } from './progress';
import type { ClinicRows } from './rows.types';

export { generateDemo } from './generation';
export { demoIds, type DemoSize } from './organisation';

export interface LoadOptions {
  readonly size: DemoSize;
  /** Day before which everything happened, YYYY-MM-DD. */
  readonly anchor: string;
  /** Addresses of the databases by subgraph name. */
  readonly databases: Readonly<
    Record<string, { readonly owner: string; readonly app: string; readonly worker: string }>
  >;
  /** Key of the hashes under which the audit trail knows a person, as the subgraphs have it. */
  readonly auditKey: string;
  readonly onProgress?: ((text: string) => void) | undefined;
}

const DEFINITIONS: readonly SubgraphDefinition[] = [revenue, adjustments, applianceSupply, spaInventory];

/** Rows that a clinic brings, for the display: adjustments are written twice, in their ledger and in production. */
const sizeOf = ({
  patients,
  plans,
  entries,
  payments,
  goals,
  chairs,
  adjustments: granted,
  requests,
  vendors,
  supplies,
  spa,
}: ClinicRows) =>
  [
    patients,
    plans,
    entries,
    payments,
    goals,
    chairs,
    granted,
    granted,
    requests,
    vendors,
    supplies.items,
    supplies.receipts,
    supplies.appliances,
  ].reduce(
    (sum, list) => sum + list.length,
    supplies.usages.length + spa.products.length + spa.receipts.length + spa.movements.length,
  );

/**
 * Loads the demonstration into migrated, empty databases. An interrupted load leaves a part behind: the caller empties
 * the databases and begins again. What the load writes is dated in the first hour of the anchor day.
 */
export async function loadDemo(options: LoadOptions): Promise<void> {
  const clinics = generateDemo(options);
  const progress = new LoadProgress(
    clinics.reduce((sum, rows) => sum + sizeOf(rows), 0),
    options.onProgress ?? (() => undefined),
  );
  const opened = new Map<string, Database>();
  try {
    for (const definition of DEFINITIONS) opened.set(definition.name, await open(definition, options));
    for (const rows of clinics) await loadClinic(opened, rows, progress, options.anchor);
  } finally {
    await Promise.all([...opened.values()].map((database) => database.close()));
  }
  options.onProgress?.('gathering statistics');
  await Promise.all(DEFINITIONS.map(({ name }) => tidy(addressOf(options, name).owner)));
}

function addressOf(options: LoadOptions, name: string) {
  const address = options.databases[name];
  if (!address) throw new Error(`there is no database for ${name}`);
  return address;
}

const open = (definition: SubgraphDefinition, options: LoadOptions): Promise<Database> =>
  openDatabase({
    name: definition.name,
    url: addressOf(options, definition.name).app,
    workerUrl: addressOf(options, definition.name).worker,
    entities: definition.entities,
    clock: fixedClock(`${options.anchor}T01:00:00Z`),
    auditKey: options.auditKey,
    publishes: definition.publishes,
    log: pino({ level: 'silent' }),
    connections: 2,
  });

async function loadClinic(
  databases: ReadonlyMap<string, Database>,
  rows: ClinicRows,
  progress: LoadProgress,
  anchor: string,
): Promise<void> {
  const target = (definition: SubgraphDefinition): Target => ({
    database: databases.get(definition.name) as Database,
    ...{ rows, progress },
  });
  const directory = await loadDirectory(target(revenue));
  for (const other of [adjustments, applianceSupply, spaInventory]) await tell(target(other), other, directory);

  // Each database has one writer at a time, so that no two batches meet at the same slices.
  const [granted, earned] = await Promise.all([
    loadAdjustments(target(adjustments)),
    loadProduction(target(revenue)),
    loadSupplies(target(applianceSupply)),
    loadSpa(target(spaInventory)),
  ]);
  const loadRest = async () => {
    await loadGoals(target(revenue));
    await loadChairs(target(revenue));
    await loadNetProduction(target(revenue), granted);
    return await loadPayments(target(revenue));
  };
  const [paid] = await Promise.all([loadRest(), tell(target(adjustments), adjustments, earned)]);
  const [closed] = await Promise.all([
    loadPeriods(target(revenue), anchor),
    tell(target(adjustments), adjustments, paid),
    loadRecalls(target(spaInventory), target(applianceSupply), anchor),
  ]);
  for (const other of [adjustments, applianceSupply, spaInventory]) await tell(target(other), other, closed);
}

/** Statistics and visibility for the planner: the first reports should be as quick as the later ones. */
async function tidy(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
