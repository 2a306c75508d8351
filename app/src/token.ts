/** `npm run -s token -- --as <persona>`: prints a token and nothing else. */
import { makeDirectory } from '@practice-graph/kit/postgres';
import { Command } from 'commander';
import { print, runCommand } from './commands';
import { readState } from './demo-state';
import { readSettings } from './env';
import { openIssuer } from './issuer';
import { PERSONAS } from './personas';

runCommand(async () => {
  const command = new Command('token')
    .description('Prints a token of a demo persona.')
    .requiredOption('--as <persona>', `one of ${PERSONAS.map((persona) => persona.name).join(', ')}`)
    .parse();
  const settings = readSettings();
  makeDirectory(settings.directory);
  const size = readState(settings.directory)?.size ?? (settings.demo === 'tiny' ? 'tiny' : 'demo');
  const issuer = await openIssuer({ directory: settings.directory, isProduction: settings.isProduction, size });
  print(await issuer.token(command.opts<{ as: string }>().as));
  return 0;
});
