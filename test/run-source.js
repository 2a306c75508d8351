/** `node test/run-source.js <file.ts> ...`: runs a program from its sources in plain node. */
require('reflect-metadata');
require('./sources').useSources();

process.argv.splice(1, 1);
require(process.argv[1]);
