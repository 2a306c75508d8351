/** `npm run backup [-- <folder>]`: a copy of the data folder, taken while nothing runs on it, and checked. */
import { join } from 'node:path';
import { Command } from 'commander';
import { BACKUPS, copyDataFolder, requireEmbedded } from './folder-copy';
import { print, runCommand } from './commands';
import { readSettings } from './env';

runCommand(async () => {
  const command = new Command('backup')
    .description('Copies the data of the embedded server; stop the graph first.')
    .argument('[folder]', 'new folder for the copy; backups/<instant> when left out')
    .parse();
  const settings = readSettings();
  requireEmbedded(settings, 'pg_dump');
  const target = command.args[0] ?? join(BACKUPS, new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  const copy = await copyDataFolder(settings.directory, target);
  print(`${String(copy.files)} files, ${(copy.bytes / 2 ** 20).toFixed(1)} MB copied to ${copy.target} and compared`);
  return 0;
});
