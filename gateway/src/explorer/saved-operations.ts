import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Kind, parse, type VariableDefinitionNode } from 'graphql';

/** A question that was saved with the schema. */
export interface SavedOperation {
  /** Name of the file without its ending. */
  readonly name: string;
  /** The comment in the first line: what is asked. */
  readonly title: string;
  readonly query: string;
  /** Names of the operations in it. */
  readonly operationNames: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Operations of a folder in the order of their names: `x.graphql`, with its variables in `x.variables.json`. A
 * variable that the file leaves out is taken from `defaults` by its name.
 */
export async function savedOperations(
  folder: string | undefined,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<SavedOperation[]> {
  if (!folder) return [];
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.graphql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -'.graphql'.length);
      const query = await readFile(join(folder, file), 'utf8');
      const own = await readFile(join(folder, `${name}.variables.json`), 'utf8').catch(() => '{}');
      const title = /^#\s*(.*)/.exec(query)?.[1] ?? name;
      const { variableNames, operationNames } = namesIn(query);
      const variables = { ...pick(defaults, variableNames), ...(JSON.parse(own) as Record<string, unknown>) };
      return { name, title, query, operationNames, variables };
    }),
  );
}

function namesIn(query: string): { variableNames: string[]; operationNames: string[] } {
  const operations = parse(query).definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  const all: readonly VariableDefinitionNode[] = operations.flatMap((o) => o.variableDefinitions ?? []);
  return {
    variableNames: all.map((definition) => definition.variable.name.value),
    operationNames: operations.flatMap((o) => o.name?.value ?? []),
  };
}

const pick = (values: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
