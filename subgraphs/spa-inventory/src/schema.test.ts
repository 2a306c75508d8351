import { filesEnding } from '@practice-graph/kit/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spaInventorySchema } from './schema';

test('every resolver that is written is in the schema', () => {
  const text = readFileSync(join(__dirname, 'schema.ts'), 'utf8');
  const written = filesEnding(__dirname, '.resolver.ts').flatMap((file) =>
    [...readFileSync(join(__dirname, file), 'utf8').matchAll(/^export class (\w+Resolver)/gm)].map(
      (match) => match[1] ?? '',
    ),
  );

  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((name) => !new RegExp(`^ +${name},$`, 'm').test(text))).toEqual([]);
});

test('the committed schema is the one that is built', async () => {
  const { sdl } = await spaInventorySchema();
  const committed = readFileSync(join(__dirname, '../../../schema/subgraphs/spa-inventory.graphql'), 'utf8');

  expect(committed.replace(/\s+/g, ' ')).toBe(sdl.replace(/\s+/g, ' '));
});
