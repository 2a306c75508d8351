import { freePort } from '@practice-graph/kit/postgres';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALGORITHM, AUDIENCE, ISSUER, type Callers } from './callers';
import { Child } from './child';
import type { Fleet } from './fleet';
import { OPERATIONS } from './operations';
import { BENCH, installedVersion, installPeers } from './peers';

const READY_MS = 60_000;

/** A gateway in a program of its own, in front of the fleet. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly program: Child;
  stop(): Promise<void>;
}

export type ContenderName = 'ours' | 'stock' | 'hive';
export const CONTENDERS: readonly ContenderName[] = ['ours', 'stock', 'hive'];

/** Starts one gateway and waits until it answers. */
export async function startContender(name: ContenderName, fleet: Fleet, callers: Callers): Promise<Contender> {
  switch (name) {
    case 'ours':
      return await startOurs(fleet, callers);
    case 'stock':
      return await startStock(fleet, callers);
    case 'hive':
      return await startHive(fleet, callers);
  }
}

async function startOurs(fleet: Fleet, callers: Callers): Promise<Contender> {
  const keys = await serveKeys(callers);
  const port = await freePort();
  const program = new Child({
    file: require.resolve('@practice-graph/gateway').replace(/index\.js$/, 'main.js'),
    env: {
      PORT: String(port),
      SUPERGRAPH: fleet.supergraphFile,
      IDENTITY_SECRET: fleet.identitySecret,
      TOKEN_ISSUER: ISSUER,
      TOKEN_AUDIENCE: AUDIENCE,
      TOKEN_ALGORITHMS: ALGORITHM,
      TOKEN_JWKS_URL: `http://127.0.0.1:${String((keys.address() as AddressInfo).port)}/`,
      LOG_LEVEL: 'error',
      OPERATIONS,
      // Counted as always, and never used up.
      RATE_LIMIT_POINTS: '1000000000000',
    },
  });
  const stop = async (): Promise<void> => {
    await program.stop();
    keys.close();
  };
  await ready(program, `http://127.0.0.1:${String(port)}/health/ready`, stop);
  const url = `http://127.0.0.1:${String(port)}/graphql`;
  return { name: 'practice-graph', version: commit(), url, program, stop };
}

function commit(): string {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: BENCH, encoding: 'utf8' });
  return stdout.trim() === '' ? 'unknown commit' : `commit ${stdout.trim()}`;
}

async function serveKeys({ jwks }: Callers): Promise<Server> {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks)),
  );
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return server;
}

async function startStock(fleet: Fleet, { known }: Callers): Promise<Contender> {
  const program = new Child({
    file: join(__dirname, 'stock-program.js'),
    env: { APOLLO_TELEMETRY_DISABLED: 'true' },
  });
  const { supergraphFile, identitySecret } = fleet;
  try {
    const url = await program.ask<string>('start', { supergraphFile, identitySecret, known });
    const version = `@apollo/gateway ${versionOf('@apollo/gateway')}, @apollo/server ${versionOf('@apollo/server')}`;
    return { name: 'stock', version, url, program, stop: () => program.stop() };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

const versionOf = (name: string): string => installedVersion(BENCH, name);

async function startHive(fleet: Fleet, { known }: Callers): Promise<Contender> {
  const peers = installPeers('.', '500 MB');
  const hive = join(peers, 'node_modules/@graphql-hive/gateway');
  const port = await freePort();
  const settings = join(fleet.folder, 'hive.json');
  const { supergraphFile, identitySecret } = fleet;
  writeFileSync(settings, JSON.stringify({ supergraphFile, identitySecret, known, port }));
  const program = new Child({
    file: join(hive, 'dist/bin.js'),
    args: ['supergraph', '--jit', '--fork', '1', '--config-path', join(BENCH, 'peers/hive.config.mjs')],
    env: { BENCH_PEER: settings },
    cwd: peers,
  });
  const stop = () => program.stop();
  await ready(program, `http://127.0.0.1:${String(port)}/readiness`, stop);
  const version = installedVersion(peers, '@graphql-hive/gateway');
  const url = `http://127.0.0.1:${String(port)}/graphql`;
  return { name: 'Hive', version: `@graphql-hive/gateway ${version} --jit`, url, program, stop };
}

async function ready(program: Child, url: string, stop: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + READY_MS; Date.now() < until;) {
    if (program.ended !== undefined) break;
    const answer = await fetch(url).catch(() => undefined);
    await answer?.text();
    if (answer?.ok === true) return;
    await sleep(100);
  }
  const reason = program.ended ?? 'it is not ready after a minute';
  await stop();
  throw new Error(`${url}: ${reason}`);
}
