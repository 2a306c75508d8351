import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Kind, parse } from 'graphql';

import type { RunningGateway } from '../src';
import { makeWorld, type World } from './fixtures/orders';

const run = promisify(execFile);
const CLIENTS = join(__dirname, 'clients');
const SCHEMA = join(__dirname, '../../schema');

let world: World;
let gateway: RunningGateway;
let env: NodeJS.ProcessEnv;
let folder: string;
let operation: string;

beforeAll(async () => {
  world = await makeWorld();
  gateway = await world.start();
  env = { PATH: '/usr/bin:/bin', GRAPH_URL: gateway.url, GRAPH_TOKEN: await world.token({ scope: 'money:read' }) };
  folder = await mkdtemp(join(tmpdir(), 'clients-'));
  operation = join(folder, 'pages.graphql');
  await writeFile(
    operation,
    'query Pages($after: String) { shopPage(after: $after) { nodes { name revenue owner { name } } pageInfo { hasNextPage endCursor } } }',
  );
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

it.each(['apollo-client.mjs', 'urql.mjs'])('%s fetches a page and the next ones', async (client) => {
  const { stdout } = await run(process.execPath, [join(CLIENTS, client), operation, 'shopPage'], { env });

  expect(JSON.parse(stdout)).toEqual([['Shop 1', 'Shop 2'], ['Shop 3', 'Shop 4'], ['Shop 5']]);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
(hasPython ? it : it.skip)('a Python script with plain HTTP reads the rows as CSV', async () => {
  const { stdout, stderr } = await run('python3', [join(CLIENTS, 'read_rows.py'), operation, 'shopPage.nodes'], {
    env,
  });

  expect(stdout).toBe('name,revenue,owner.name\nShop 1,100,O\nShop 2,100,O\n');
  expect(stderr).toBe('');
});

describe('the client preset of graphql-codegen', () => {
  const compile = (schema: string, operations: string) =>
    run(process.execPath, [join(CLIENTS, 'compile-operations.mjs'), schema, operations, join(folder, 'code')], { env });
  const saved = join(SCHEMA, 'operations');

  it('compiles all saved operations into types', async () => {
    await compile(join(SCHEMA, 'api.graphql'), saved);
    const code = readFileSync(join(folder, 'code', 'graphql.ts'), 'utf8');

    for (const file of readdirSync(saved).filter((name) => name.endsWith('.graphql'))) {
      const document = parse(readFileSync(join(saved, file), 'utf8'));
      const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
      expect(code).toContain(`export const ${operation?.name?.value ?? ''}Document`);
    }
  });

  it('refuses an operation that does not fit the schema', async () => {
    await writeFile(join(folder, 'schema.graphql'), 'type Query { a: Int }');

    await expect(compile(join(folder, 'schema.graphql'), folder)).rejects.toThrow('Cannot query field');
  });
});
