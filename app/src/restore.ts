/** `npm run restore [-- <folder>]`: puts a back-up in the place of the data folder, which is kept beside it. */
import { Command } from 'commander';
import { print, runCommand } from './commands';
import { BACKUPS, newestBackup, requireEmbedded, restoreDataFolder } from './folder-copy';
import { readSettings } from './env';

runCommand(async () => {
  const command = new Command('restore')
    .description('Puts a back-up in the place of the data folder; stop the graph first.')
    .argument('[folder]', 'folder that npm run backup has written; the newest of backups/ when left out')
    .parse();
  const settings = readSettings();
  requireEmbedded(settings, 'psql');
  const folder = command.args[0] ?? newestBackup(BACKUPS);
  const { kept, files } = await restoreDataFolder(settings.directory, folder);
  print(
    `${String(files)} files restored to ${settings.directory} from ${folder}; run npm run -s verify to see that all agrees`,
  );
  if (kept !== undefined) print(`what was there before is kept in ${kept}`);
  return 0;
});
