/** Builds the explorer into dist/explorer-page, with everything that it needs: nothing is fetched from elsewhere. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'dist', 'explorer-page');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const shared = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file' },
  publicPath: '/graphiql',
  logLevel: 'warning',
  outdir: out,
  absWorkingDir: join(here, '..'),
};

await Promise.all([
  build({ ...shared, entryPoints: { app: join(here, 'main.tsx') }, format: 'esm', splitting: true, jsx: 'automatic' }),
  build({
    ...shared,
    format: 'iife',
    entryPoints: {
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
  }),
]);
cpSync(join(here, 'index.html'), join(out, 'index.html'));
for (const name of readdirSync(out)) {
  if (!/\.(js|css)$/.test(name)) continue;
  writeFileSync(join(out, `${name}.gz`), gzipSync(readFileSync(join(out, name)), { level: 6 }));
}
