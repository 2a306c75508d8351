import { migrationSource } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { spaInventory } from '..';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(spaInventory);
});
afterAll(() => graph.stop());

test('entities and migrations agree', async () => {
  const source = await migrationSource(spaInventory, graph.database.urls.owner).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();

  expect(upQueries.map((each) => each.query)).toEqual([]);
});
