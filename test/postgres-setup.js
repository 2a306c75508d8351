/** One throw-away PostgreSQL per run of jest; its administrator's address is in PG_ADMIN. A given PG_ADMIN is used as it is. */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { requireSource } = require('./sources');

module.exports = async () => {
  if (process.env.PG_ADMIN) return;
  const { clusterDirectory, startPostgres } = requireSource(path.join(__dirname, '../subgraphs/_kit/src/postgres.ts'));
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'practice-graph-'));
  const server = await startPostgres({ directory, durable: false });
  process.env.PG_ADMIN = server.adminUrl;
  globalThis.throwAwayPostgres = { server, directory };
  endWithThisProcess(directory, path.join(clusterDirectory(directory), 'postmaster.pid'));
};

/** A run that is killed or interrupted has no teardown: its end closes the pipe to this watcher, which cleans up. */
function endWithThisProcess(directory, pidFile) {
  const watcher = spawn(process.execPath, [path.join(__dirname, 'postgres-watcher.js'), directory, pidFile], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  watcher.stdin.unref();
}
