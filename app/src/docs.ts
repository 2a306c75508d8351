/** Part of `npm run schema`: writes the pages of docs/ that are printed from code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { personaPage } from './persona-page';

writeFileSync(join(__dirname, '../../docs/personas.md'), personaPage());
