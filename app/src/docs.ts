/** Part of `npm run schema`: writes the pages of docs/ that are printed from code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands';
import { personaPage } from './persona-page';

runCommand(async () => {
  // Formatted like every other page, so that the check of formats and the check of freshness agree.
  const { format } = await import('prettier');
  const page = await format(personaPage(), { parser: 'markdown', singleQuote: true, printWidth: 120 });
  writeFileSync(join(__dirname, '../../docs/personas.md'), page);
  return 0;
});
