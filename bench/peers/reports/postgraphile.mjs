/** PostGraphile over the tables of a subgraph: its own preset, sums, filters, and the tenant that the caller names. */
import { createServer } from 'node:http';
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { grafserv } from 'postgraphile/grafserv/node';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { postgraphile } from 'postgraphile';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';

const { url, port } = JSON.parse(process.env.BENCH_PEER);

const server = createServer();
const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PgAggregatesPreset, PostGraphileConnectionFilterPreset],
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ connectionString: url, schemas: ['public'] })],
  grafserv: { port, graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: {
    explain: false,
    context: ({ node }) => ({ pgSettings: { 'app.clinic_ids': node?.req.headers['x-clinic-ids'] } }),
  },
});
await instance.createServ(grafserv).addTo(server);
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
