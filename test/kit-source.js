/** Lets plain node require the kit's TypeScript sources: jest's set-up runs outside its own transform. */
const fs = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');
const options = require('../swc.json');

exports.requireSource = (file) => {
  const before = Module._extensions['.ts'];
  Module._extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
    module._compile(code, filename);
  };
  try {
    return require(file);
  } finally {
    Module._extensions['.ts'] = before;
  }
};
