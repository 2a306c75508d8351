/** One throw-away PostgreSQL per run of jest; its administrator's address is in PG_ADMIN. A given PG_ADMIN is used as it is. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { requireSource } = require('./sources');

module.exports = async () => {
  if (process.env.PG_ADMIN) return;
  const { startPostgres } = requireSource(path.join(__dirname, '../subgraphs/_kit/src/postgres.ts'));
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'practice-graph-'));
  const server = await startPostgres({ directory, durable: false });
  process.env.PG_ADMIN = server.adminUrl;
  globalThis.throwAwayPostgres = { server, directory };
};
