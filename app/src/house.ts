import {
  fixedClock,
  openSubgraph,
  systemClock,
  type RunningSubgraph,
  type SubgraphDefinition,
  type Transport,
} from '@practice-graph/kit';
import type { Logger } from 'pino';
import type { Databases } from './databases';
import type { Secrets } from './secrets';

export interface HouseOptions {
  readonly subgraphs: readonly SubgraphDefinition[];
  readonly databases: Databases;
  readonly secrets: Secrets;
  readonly clock: string | undefined;
  readonly log: Logger;
  /** False for commands that only look: events stay where they are. */
  readonly runJobs?: boolean;
}

export interface House {
  readonly running: ReadonlyMap<string, RunningSubgraph>;
  stop(): Promise<void>;
}

/** Opens the subgraphs in this process; they reach one another through the same signed deliveries as over HTTP. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const running = new Map<string, RunningSubgraph>();
  let announce: () => void = () => undefined;
  const allOpen = new Promise<void>((done) => (announce = done));
  const transport: Transport = async (subscriber, headers, body) => {
    // Jobs of an earlier run start at once; their receiver may still be opening.
    await allOpen;
    const receiver = running.get(subscriber);
    if (receiver === undefined) throw new Error(`there is no subgraph ${subscriber}`);
    return await receiver.receive(headers, body);
  };

  const opened = await Promise.allSettled(
    options.subgraphs.map(async (definition) => {
      const urls = options.databases[definition.name];
      if (urls === undefined) throw new Error(`there is no database for ${definition.name}`);
      running.set(
        definition.name,
        await openSubgraph(definition, {
          url: urls.app,
          workerUrl: urls.worker,
          identitySecret: options.secrets.identity,
          eventSecret: options.secrets.events,
          auditKey: options.secrets.audit,
          clock: options.clock === undefined ? systemClock : fixedClock(options.clock),
          log: options.log,
          transport,
          ...(options.runJobs === false ? { runJobs: false, sealEveryMs: 0 } : {}),
        }),
      );
    }),
  );
  announce();
  const stop = async (): Promise<void> => {
    // Deliveries under way need their receivers, so all senders end first.
    await Promise.all([...running.values()].map((each) => each.worker.stop()));
    await Promise.all([...running.values()].map((each) => each.stop()));
  };
  const failure = opened.find((each) => each.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return { running, stop };
}
