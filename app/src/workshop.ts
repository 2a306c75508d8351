import { pino } from 'pino';
import { prepareDatabases } from './databases';
import { readSettings } from './env';
import { requireData } from './folder-copy';
import { openHouse, type House } from './house';
import { openSecrets } from './secrets';
import { shareServer } from './server';
import { definitions } from './definitions';

/**
 * The subgraphs without gateway and without background work, for a command that looks or repairs. Beside a running
 * program the command shares its database server.
 */
export async function inWorkshop<T>(work: (house: House) => Promise<T>): Promise<T> {
  const settings = readSettings();
  if (settings.databaseUrl === undefined) requireData(settings.directory);
  const server = await shareServer(settings);
  try {
    const secrets = openSecrets(settings.directory);
    const databases = await prepareDatabases(server.adminUrl, definitions, secrets.password);
    const house = await openHouse({
      subgraphs: definitions,
      databases,
      secrets,
      clock: settings.clock,
      log: pino({ level: settings.logLevel }),
      runJobs: false,
    });
    try {
      return await work(house);
    } finally {
      await house.stop();
    }
  } finally {
    await server.stop();
  }
}
