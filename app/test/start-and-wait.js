/** A program for a test to kill: starts the server of a folder, prints its address and waits. */
const path = require('node:path');
const { requireSource } = require('../../test/sources');

const { startPostgres } = requireSource(path.join(__dirname, '../../subgraphs/_kit/src/postgres.ts'));
startPostgres({ directory: process.argv[2], durable: false }).then((server) => {
  console.log(server.adminUrl);
  setInterval(() => undefined, 1000);
});
