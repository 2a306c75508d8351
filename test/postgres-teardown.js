const fs = require('node:fs');

module.exports = async () => {
  const started = globalThis.throwAwayPostgres;
  if (started === undefined) return;
  await started.server.stop();
  fs.rmSync(started.directory, { recursive: true, force: true });
};
