import { DefaultNamingStrategy, type NamingStrategyInterface, type Table } from 'typeorm';

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const table = (of: Table | string) => (typeof of === 'string' ? of : of.name).split('.').pop() ?? '';
/** PostgreSQL cuts names at 63 bytes. */
const cut = (name: string) => name.slice(0, 63);

/** The names that PostgreSQL gives by itself, so that plain SQL needs none and entities still agree with it. */
export class SnakeNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override tableName(className: string, given?: string) {
    return given ?? snake(className);
  }
  override columnName(property: string, given: string | undefined, prefixes: string[]) {
    return snake(prefixes.concat(given ?? property).join('_'));
  }
  override joinColumnName(relation: string, referenced: string) {
    return snake(`${relation}_${referenced}`);
  }
  override primaryKeyName(of: Table | string) {
    return cut(`${table(of)}_pkey`);
  }
  override foreignKeyName(of: Table | string, columns: string[]) {
    return cut(`${table(of)}_${columns.join('_')}_fkey`);
  }
  override indexName(of: Table | string, columns: string[]) {
    return cut(`${table(of)}_${columns.join('_')}_idx`);
  }
  override uniqueConstraintName(of: Table | string, columns: string[]) {
    return cut(`${table(of)}_${columns.join('_')}_key`);
  }
  /** PostgreSQL names a check after the first column of its expression. */
  override checkConstraintName(of: Table | string, expression: string) {
    return cut(`${table(of)}_${/[a-z_]+/.exec(expression)?.[0] ?? ''}_check`);
  }
}

export { snake as snakeCase };
