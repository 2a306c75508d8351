/** `node test/run-source.js <file.ts>`: runs a program from its sources in plain node. */
require('reflect-metadata');
require('./sources').useSources();
require(process.argv[2]);
