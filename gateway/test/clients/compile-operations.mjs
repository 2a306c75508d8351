/** Compiles operations into types as a client's build does: node compile-operations.mjs <schema file> <folder of operations> <folder for the code> */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { parse } from 'graphql';

const [schemaFile, operations, out] = process.argv.slice(2);
const schema = parse(readFileSync(schemaFile, 'utf8'));
const documents = readdirSync(operations)
  .filter((name) => name.endsWith('.graphql'))
  .map((location) => {
    const rawSDL = readFileSync(join(operations, location), 'utf8');
    return { location, rawSDL, document: parse(rawSDL) };
  });
const sections = await preset.buildGeneratesSection({
  baseOutputDir: `${out}/`,
  schema,
  documents,
  config: { useTypeImports: true, scalars: { Money: 'string', Quantity: 'string', Decimal: 'string' } },
  presetConfig: {},
  plugins: [],
  pluginMap: {},
});
for (const section of sections) {
  mkdirSync(dirname(section.filename), { recursive: true });
  writeFileSync(section.filename, await codegen(section));
}
