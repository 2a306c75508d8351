import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { savedOperations } from './saved-operations';

/** Where the package's build puts the page; the same from the sources and from the built program. */
const ASSETS = join(__dirname, '..', '..', 'dist', 'explorer-page');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
};

/** The page talks to its own server only and cannot be framed; the editor writes styles of its own. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export interface ExplorerOptions {
  readonly operationsFolder: string | undefined;
  /** Values for variables of saved operations, by name. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** Rejects a caller who may not read the saved operations, which tell about the schema. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

/** `/graphiql`: the explorer, served from the package itself. `/graphiql/operations`: the saved questions. */
export function explorerRoutes(app: FastifyInstance, options: ExplorerOptions): void {
  const files = new Set(existsSync(ASSETS) ? readdirSync(ASSETS) : []);
  const read = new Map<string, Buffer>();

  const send = (name: string, request: FastifyRequest, reply: FastifyReply) => {
    if (!files.has(name)) {
      const message =
        files.size > 0 ? 'There is no such file.' : 'The explorer is not built. Run the build of the package.';
      return reply.code(files.size > 0 ? 404 : 503).send({ message });
    }
    const isPacked = files.has(`${name}.gz`) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const stored = isPacked ? `${name}.gz` : name;
    const content = read.get(stored) ?? readFileSync(join(ASSETS, stored));
    read.set(stored, content);
    if (isPacked) void reply.header('content-encoding', 'gzip');
    const hasHash = /-[A-Z0-9]{8}\.\w+$/.test(name);
    return reply
      .header('content-type', TYPES[extname(name)] ?? 'application/octet-stream')
      .header('cache-control', hasHash ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('vary', 'accept-encoding')
      .send(content);
  };

  app.get('/graphiql', (request, reply) => send('index.html', request, reply));
  app.get('/graphiql/operations', async (request, reply) => {
    await options.admit(request, reply);
    return savedOperations(options.operationsFolder, options.variables);
  });
  app.get<{ Params: { file: string } }>('/graphiql/:file', (request, reply) =>
    send(request.params.file, request, reply),
  );
}
