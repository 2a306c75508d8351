/**
 * `npm run migrate`: roles, databases and tables, then out. With DATABASE_URL (an administrator's address) and
 * ROLE_SECRET it prepares an own server; otherwise it prepares the data folder's.
 */
import { SetupError } from '@practice-graph/kit/postgres';
import { print, runCommand } from './commands';
import { prepareDatabases } from './databases';
import { readMigrateSettings, readSettings } from './env';
import { openSecrets, secretsFrom } from './secrets';
import { openServer } from './server';
import { definitions } from './definitions';

const SECRET_MIN = 16;

runCommand(async () => {
  const settings = readSettings();
  const { roleSecret, rolePassword } = readMigrateSettings();
  if (roleSecret !== undefined && roleSecret.length < SECRET_MIN) {
    throw new SetupError(`ROLE_SECRET must have at least ${String(SECRET_MIN)} characters.`);
  }
  const server = await openServer(settings);
  try {
    const derived = (roleSecret === undefined ? openSecrets(settings.directory) : secretsFrom(roleSecret)).password;
    await prepareDatabases(
      server.adminUrl,
      definitions,
      (role) => rolePassword(role) ?? derived(role),
      (name) => {
        print(`${name}: ready`);
      },
    );
  } finally {
    await server.stop();
  }
  return 0;
});
