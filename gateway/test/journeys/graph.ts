/** The whole graph for one test file: four subgraphs on databases of their own, the gateway before them, demo data in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSubgraph } from '@practice-graph/kit';
import { cloneDatabase, TEST_NOW, type TestDatabase } from '@practice-graph/kit/testing';
import { compose, type Composition } from '@practice-graph/schema';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { pino } from 'pino';
import { definitions, demoClaims, openHouse, personaNamed, secretsFrom } from '../../../app/src';
import { loadDemo } from '../../../app/src/demo';
import { startGateway, type GraphRequest } from '../../src';
import { insightOf, type Insight } from './insight';

const secrets = secretsFrom('the secret of the journeys only');
/** Set to `error` to see why something failed. */
const log = pino({ level: 'silent' });
const ISSUER = 'https://tests.practice-graph.invalid';
const AUDIENCE = 'practice-graph';

/** Day before which everything of the demo data happened. */
export const ANCHOR = TEST_NOW.slice(0, 10);

export interface Answer {
  // Answers have many shapes; each test knows the one that it asked for.

  readonly data: any;
  readonly errors:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly extensions: Readonly<Record<string, unknown>>;
      }[]
    | undefined;
}

export interface Graph extends Omit<Insight, 'close'> {
  /** Address of the gateway. */
  readonly url: string;
  readonly composition: Composition;
  readonly databases: Readonly<Record<string, TestDatabase>>;
  readonly running: ReadonlyMap<string, RunningSubgraph>;
  /** Asks the gateway over HTTP as a persona. */
  ask(persona: string, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Asks and expects no errors. */
  get(persona: string, query: string, variables?: Record<string, unknown>): Promise<Answer['data']>;
  /** While `work` runs, this subgraph does not answer. */
  without(subgraph: string, work: () => Promise<void>): Promise<void>;
  /** Waits until no event is on its way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

async function tokens() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'tests' }] };
  const kept = new Map<string, string>();
  const sign = async (name: string, key: CryptoKey): Promise<string> => {
    const persona = personaNamed(name);
    if (!persona) throw new Error(`there is no persona ${name}`);
    return await new SignJWT(demoClaims(persona, 'tiny'))
      .setProtectedHeader({ alg: 'ES256', kid: 'tests' })
      .setSubject(`test-${name}`)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key);
  };
  return {
    jwks,
    tokenOf: async (name: string): Promise<string> => {
      const token = kept.get(name) ?? (await sign(name, privateKey));
      kept.set(name, token);
      return token;
    },
  };
}

/** Starts the graph with the tiny demo data; a test file does so once. With personas it offers them in the explorer. */
export async function openGraph({ personas = [] as readonly string[] } = {}): Promise<Graph> {
  const databases: Record<string, TestDatabase> = {};
  for (const definition of definitions) databases[definition.name] = await cloneDatabase(definition);
  const urls = Object.fromEntries(Object.entries(databases).map(([name, database]) => [name, database.urls]));
  await loadDemo({ size: 'tiny', anchor: ANCHOR, databases: urls, auditKey: secrets.audit });

  const house = await openHouse({ subgraphs: definitions, databases: urls, secrets, clock: TEST_NOW, log });
  const { running } = house;
  const sdls = await Promise.all(definitions.map(async ({ name, schema }) => ({ name, sdl: (await schema()).sdl })));
  const composition = compose(sdls, (definitions[0] as (typeof definitions)[number]).ports);
  const folder = mkdtempSync(join(tmpdir(), 'journey-'));
  const supergraphFile = join(folder, 'supergraph.graphql');
  writeFileSync(supergraphFile, composition.supergraph);

  const { jwks, tokenOf } = await tokens();
  const stopped = new Set<string>();
  const service = (subgraph: RunningSubgraph) => async (request: GraphRequest) => {
    if (stopped.has(subgraph.name)) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return await subgraph.execute(request);
  };
  const gateway = await startGateway({
    ...{ supergraphFile, port: 0, identitySecret: secrets.identity, production: false, log },
    issuer: { issuer: ISSUER, audience: AUDIENCE, jwks, algorithms: ['ES256'] },
    operationsFolder: join(__dirname, '../../../schema/operations'),
    demo:
      personas.length > 0 ? { personas: personas.map((name) => ({ name, title: name })), token: tokenOf } : undefined,
    services: Object.fromEntries([...running].map(([name, subgraph]) => [name, service(subgraph)])),
  });

  const ask = async (persona: string, query: string, variables?: Record<string, unknown>): Promise<Answer> => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(persona)}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
  const insight = insightOf(running, databases, secrets.identity);
  return {
    ...insight,
    ...{ url: gateway.url, composition, databases, running, ask },
    get: async (persona, query, variables) => {
      const answer = await ask(persona, query, variables);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 1));
      return answer.data as unknown;
    },
    without: async (subgraph, work) => {
      stopped.add(subgraph);
      try {
        await work();
      } finally {
        stopped.delete(subgraph);
      }
    },
    settled: async () => {
      for (const deadline = Date.now() + 10_000; Date.now() < deadline; await new Promise((go) => setTimeout(go, 20))) {
        const waiting = await Promise.all([...running.values()].map((each) => each.worker.waiting()));
        if (waiting.every((count) => count === 0)) return;
      }
      throw new Error('events are still on their way after ten seconds');
    },
    stop: async () => {
      await gateway.stop();
      await insight.close();
      await house.stop();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
