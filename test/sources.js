/** Lets plain node run TypeScript sources: jest's set-up and programs of their own run outside jest's transform. */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');
const { moduleNameMapper } = require('../jest.config.js');
const options = require('../swc.json');

const ROOT = path.join(__dirname, '..');
const MAPPED = Object.entries(moduleNameMapper).map(([pattern, target]) => [new RegExp(pattern), target]);

function compile(module, filename) {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
  module._compile(code, filename);
}

/** From here on, every require of this process takes sources, also of our own packages. */
exports.useSources = () => {
  const resolve = Module._resolveFilename;
  Module._extensions['.ts'] = compile;
  Module._resolveFilename = (request, ...rest) => {
    for (const [pattern, target] of MAPPED) {
      const found = pattern.exec(request);
      if (found) return resolve(target.replace('<rootDir>', ROOT).replace('$1', found[1]), ...rest);
    }
    return resolve(request, ...rest);
  };
};

/** One source file, without touching what the process requires later. */
exports.requireSource = (file) => {
  const before = Module._extensions['.ts'];
  Module._extensions['.ts'] = compile;
  try {
    return require(file);
  } finally {
    if (before === undefined) delete Module._extensions['.ts'];
    else Module._extensions['.ts'] = before;
  }
};
