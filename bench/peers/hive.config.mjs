/** Configuration of the Hive gateway: its defaults, plus the caller's identity as our gateway would sign it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { CALLER_HEADER, identityOf } = require(fileURLToPath(new URL('../dist/callers.js', import.meta.url)));
const { supergraphFile, port, known, identitySecret } = JSON.parse(readFileSync(process.env.BENCH_PEER, 'utf8'));
const identity = identityOf(known, identitySecret);
const identities = new WeakMap();

export const gatewayConfig = {
  supergraph: supergraphFile,
  host: '127.0.0.1',
  port,
  logging: false,
  propagateHeaders: {
    fromClientToSubgraphs({ request, subgraphName }) {
      let sign = identities.get(request);
      if (sign === undefined) identities.set(request, (sign = identity(request.headers.get(CALLER_HEADER))));
      return sign(subgraphName);
    },
  },
};
