import { definitions, loadDemo, prepareDatabases, secretsFrom, type DemoSize } from '@practice-graph/app';
import { startPostgres } from '@practice-graph/kit/postgres';
import { compose } from '@practice-graph/schema';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child';
import type { SubgraphStart } from './subgraph-program';

/** Business time of all measurements; the day's own business has not happened yet. */
const CLOCK = '2026-06-30T16:00:00Z';

/** The four subgraphs as programs of their own on a throw-away database with demo data. */
export interface Fleet {
  /** Folder of the fleet; goes when it stops. */
  readonly folder: string;
  /** Supergraph that names the programs' real addresses. */
  readonly supergraphFile: string;
  readonly identitySecret: string;
  /** Requests that each subgraph has been sent so far. */
  requests(): Promise<Readonly<Record<string, number>>>;
  /** While `isKept`, the subgraphs give kept answers, so that the gateway is what is slow. */
  keepAnswers(isKept: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the fleet; `tell` hears of each step. */
export async function startFleet(size: DemoSize, tell: (text: string) => void): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-graph-bench-'));
  const programs = new Map<string, Child>();
  const stops: (() => unknown)[] = [
    () => {
      rmSync(folder, { recursive: true, force: true });
    },
  ];
  const stop = async (): Promise<void> => {
    await Promise.all([...programs.values()].map((program) => program.stop()));
    for (const each of stops.toReversed()) await each();
  };
  try {
    tell('database');
    const postgres = await startPostgres({ directory: join(folder, 'database'), durable: false });
    stops.push(() => postgres.stop());
    const secrets = secretsFrom('the bench only, thrown away with its database');
    const databases = await prepareDatabases(postgres.adminUrl, definitions, secrets.password);
    tell(`demo data (${size})`);
    await loadDemo({ size, anchor: CLOCK.slice(0, 10), databases, auditKey: secrets.audit });

    tell('subgraphs');
    const sdls = await Promise.all(definitions.map(async ({ name, schema }) => ({ name, sdl: (await schema()).sdl })));
    const ports: Record<string, number> = {};
    for (const { name } of definitions) {
      const urls = databases[name];
      if (urls === undefined) throw new Error(`there is no database for ${name}`);
      const program = new Child({ file: join(__dirname, 'subgraph-program.js') });
      programs.set(name, program);
      const start: SubgraphStart = {
        ...{ name, url: urls.app, workerUrl: urls.worker, clock: CLOCK },
        ...{ identitySecret: secrets.identity, eventSecret: secrets.events, auditKey: secrets.audit },
      };
      ports[name] = Number(new URL(await program.ask<string>('start', start)).port);
    }
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, compose(sdls, ports).supergraph);
    return {
      ...{ folder, supergraphFile, stop, identitySecret: secrets.identity },
      keepAnswers: async (isKept) => {
        await Promise.all([...programs.values()].map((program) => program.ask('keep', isKept)));
      },
      requests: async () =>
        Object.fromEntries(
          await Promise.all(
            [...programs].map(async ([name, program]) => [name, await program.ask<number>('requests')] as const),
          ),
        ),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
