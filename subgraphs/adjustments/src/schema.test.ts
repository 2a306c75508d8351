import { filesEnding } from '@practice-graph/kit/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from './schema';

test('every resolver of every file is in the schema, since one that is forgotten would drop its fields silently', () => {
  const text = readFileSync(join(__dirname, 'schema.ts'), 'utf8');
  const classes = filesEnding(__dirname, '.resolver.ts').flatMap((file) =>
    [...readFileSync(join(__dirname, file), 'utf8').matchAll(/^export class (\w+Resolver)/gm)].map(([, name]) => name),
  );

  expect(classes.length).toBeGreaterThan(8);
  const listed = text.slice(text.indexOf('resolvers: ['), text.indexOf('orphanedTypes'));
  expect(classes.filter((name) => !listed.includes(`${name ?? ''},`))).toEqual([]);
});

test('each of the contributed fields stands in the schema', async () => {
  const { sdl } = await schema();
  const fields = (type: string) =>
    [
      ...(new RegExp(`^type ${type} [^{]*\\{([^}]*(?:\\{[^}]*\\}[^}]*)*)^\\}`, 'm').exec(sdl)?.[1] ?? '').matchAll(
        /^ {2}(\w+)[(:]/gm,
      ),
    ].map(([, name]) => name);

  expect(fields('PerformanceRow')).toEqual(expect.arrayContaining(['writeOffs', 'writeOffRates', 'grossToNet']));
  for (const type of ['Clinic', 'Location', 'Provider', 'Patient', 'TreatmentPlan'])
    expect([type, fields(type)]).toEqual([type, expect.arrayContaining(['id', 'writeOffs'])]);
  for (const type of ['Patient', 'ProductionEntry', 'Invoice'])
    expect([type, fields(type)]).toEqual([type, expect.arrayContaining(['id', 'adjustmentEntries'])]);
});
