/** The stock gateway with its defaults; only the caller's identity is added to what it sends. */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { readFileSync } from 'node:fs';
import { CALLER_HEADER, identityOf, type KnownCaller } from './callers';
import { answer } from './control';

export interface PeerStart {
  readonly supergraphFile: string;
  readonly known: readonly KnownCaller[];
  readonly identitySecret: string;
}

interface PeerContext {
  readonly identity: (subgraph: string) => Record<string, string>;
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

answer({
  start: async ({ supergraphFile, known, identitySecret }: PeerStart): Promise<string> => {
    const identity = identityOf(known, identitySecret);
    const gateway = new ApolloGateway({
      // It refuses to start on permissions that it cannot enforce; here nobody relies on it to do so.
      supergraphSdl: readFileSync(supergraphFile, 'utf8').replaceAll(', for: SECURITY', ''),
      logger: SILENT,
      buildService: ({ name, url }) =>
        new RemoteGraphQLDataSource<PeerContext>({
          url: url ?? '',
          willSendRequest: ({ request, context }) => {
            // Asking for the schema at the start has no caller.
            const { identity: sign } = context as Partial<PeerContext>;
            for (const [header, value] of Object.entries(sign?.(name) ?? {})) request.http?.headers.set(header, value);
          },
        }),
    });
    const server = new ApolloServer<PeerContext>({ gateway, logger: SILENT });
    const { url } = await startStandaloneServer(server, {
      listen: { host: '127.0.0.1', port: 0 },
      context: ({ req }) => {
        const caller = req.headers[CALLER_HEADER];
        return Promise.resolve({ identity: identity(typeof caller === 'string' ? caller : undefined) });
      },
    });
    return url;
  },
});
process.once('SIGTERM', () => process.exit(0));
