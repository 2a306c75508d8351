import { parse, Kind, OperationTypeNode } from 'graphql';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A saved operation with its saved variables, which fit the demo data. */
export interface Question {
  /** Name of its file without ending, for example 01-scorecard. */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where the saved operations of the graph are. */
export const OPERATIONS = join(__dirname, '../../schema/operations');

/** The audit trail tells of every read, so no second gateway can be told the same. */
const CHANGES_BY_READING = /AuditEvents\b/;

/** Saved queries of a folder; what would answer the next gateway otherwise than the first is left out, mutations too. */
export function savedQuestions(folder: string): Question[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const name = file.replace(/\.graphql$/, '');
      const variables = join(folder, `${name}.variables.json`);
      return {
        name,
        query: readFileSync(join(folder, file), 'utf8'),
        variables: existsSync(variables)
          ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>)
          : {},
      };
    })
    .filter(({ query }) => !CHANGES_BY_READING.test(query))
    .filter(({ query }) =>
      parse(query).definitions.every(
        (each) => each.kind !== Kind.OPERATION_DEFINITION || each.operation === OperationTypeNode.QUERY,
      ),
    );
}
