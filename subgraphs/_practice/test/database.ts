import { buildFederatedSchema, kitTables, rolesOf, tenantTable, type SubgraphDefinition } from '@practice-graph/kit';
import { Query, Resolver } from 'type-graphql';
import {
  DIRECTORY_ENTITIES,
  directoryHandlers,
  directoryTables,
  PERIOD_PUBLISHES,
  periodHandlers,
  postingMonthTable,
  sliceTable,
} from '../src';

const roles = rolesOf('practice_check');

class Tables20261121010000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(kitTables(roles));
    await runner.query(directoryTables(roles));
    await runner.query(postingMonthTable(roles));
    await runner.query(
      sliceTable(roles, {
        table: 'sale_slice',
        dims: ['T', 'L', 'P', 'LP'],
        measures: { net_amount: 'numeric(16,2)', entry_count: 'integer' },
      }),
    );
    await runner.query(`
CREATE TABLE sale (clinic_id uuid NOT NULL, id uuid NOT NULL, location_id uuid, provider_id uuid, day date NOT NULL, amount numeric(14,2) NOT NULL, PRIMARY KEY (clinic_id, id));
${tenantTable(roles, 'sale', 'SELECT, INSERT')}`);
  }
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

@Resolver()
class NothingResolver {
  @Query(() => String, { nullable: true })
  nothing(): string | null {
    return null;
  }
}

/** A subgraph that has nothing but the copies of the directory, the months of the books and one table of slices. */
export const checkDefinition: SubgraphDefinition = {
  name: 'practice-check',
  database: 'practice_check',
  roles,
  entities: DIRECTORY_ENTITIES,
  ports: {},
  migrations: [Tables20261121010000],
  schema: () => buildFederatedSchema({ resolvers: [NothingResolver], references: {} }),
  publishes: { ...PERIOD_PUBLISHES, 'adjustment.posted': ['revenue'] },
  handlers: { ...directoryHandlers, ...periodHandlers('practice-check') },
  verifiers: [],
  resync: () => Promise.resolve(),
};
