import { demoIds } from '@practice-graph/app';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import {
  buildSchema,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type OperationDefinitionNode,
} from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A saved operation with variables that fit the demo data. */
export interface Question {
  /** Name of its file without ending, for example 01-scorecard. */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Left {
  readonly name: string;
  readonly reason: string;
}

/** Where the saved operations of the graph are. */
export const OPERATIONS = join(__dirname, '../../schema/operations');

const CLINIC = demoIds.clinics.group;
const KNOWN: Readonly<Record<string, unknown>> = {
  clinicId: clinicIdText(CLINIC),
  patientId: recordIdText(CLINIC, demoIds.patients.inBothInventories),
  providerId: recordIdText(CLINIC, demoIds.providers.doctor),
  lot: demoIds.recalledLot,
};

/** `$id` is of the record that the operation's only root field names. */
const ID_OF_ROOT: Readonly<Record<string, string>> = { patient: 'patientId', provider: 'providerId' };

/** Asks the graph for values that only the loaded data know. */
export type Asker = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Saved queries that the graph knows, and why others are left out; mutations would change what the next one reads. */
export async function savedQuestions(
  folder: string,
  api: string,
  ask: Asker,
): Promise<{ questions: Question[]; left: Left[] }> {
  const schema = buildSchema(api, { assumeValidSDL: true });
  const questions: Question[] = [];
  const left: Left[] = [];
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.graphql'))) {
    const name = file.replace(/\.graphql$/, '');
    const query = readFileSync(join(folder, file), 'utf8');
    const document = parse(query);
    const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
    const [first] = validate(schema, document);
    if (operation?.operation !== OperationTypeNode.QUERY) left.push({ name, reason: 'not a query' });
    else if (first instanceof GraphQLError) left.push({ name, reason: first.message });
    else {
      const variables = await variablesOf(operation, ask);
      if (typeof variables === 'string') left.push({ name, reason: `no value for $${variables}` });
      else questions.push({ name, query, variables });
    }
  }
  return { questions, left };
}

/** Values for the required variables; the name of the first one that has none. */
async function variablesOf(operation: OperationDefinitionNode, ask: Asker): Promise<Record<string, unknown> | string> {
  const values: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined) continue;
    const name = variable.name.value;
    const value = KNOWN[name] ?? (await valueOf(name, operation, ask));
    if (value === undefined) return name;
    values[name] = value;
  }
  return values;
}

async function valueOf(name: string, operation: OperationDefinitionNode, ask: Asker): Promise<unknown> {
  const [root] = operation.selectionSet.selections;
  const field = root?.kind === Kind.FIELD ? root.name.value : '';
  if (name === 'id' && field in ID_OF_ROOT) return KNOWN[ID_OF_ROOT[field] as string];
  if (name === 'id' && field === 'treatmentPlan') {
    const found = await ask('query ($id: ID!) { patient(id: $id) { treatmentPlans { id } } }', {
      id: KNOWN['patientId'],
    });
    return (found as { patient?: { treatmentPlans?: { id: string }[] } } | null)?.patient?.treatmentPlans?.[0]?.id;
  }
  return undefined;
}
