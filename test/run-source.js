/** `node test/run-source.js <file.ts> ...`: runs a program from its sources in plain node. */
const Module = require('node:module');
const { resolve } = require('node:path');
require('reflect-metadata');
require('./sources').useSources();

process.argv.splice(1, 1);
process.argv[1] = resolve(process.argv[1]);
// As the main module, so that a file which is both a library and a program knows which one it is now.
Module._load(process.argv[1], null, true);
