import { writeFileSync } from 'node:fs';
import { demoClaims, personaNamed, type DemoSize } from '@practice-graph/app';
import { join } from 'node:path';
import { partingOfAnswers, put, type Difference } from './answers';
import { makeCallers, type Callers } from './callers';
import { Child } from './child';
import { startContender, type Contender, type ContenderName } from './contenders';
import { startFleet, type Fleet } from './fleet';
import { gatewayReport } from './gateway-report';
import type { LoadAnswer, LoadOrder } from './load-program';
import { sum } from './numbers';
import { savedQuestions, type Question } from './operations';

export interface GatewayOptions {
  readonly size: DemoSize;
  /** Folder of the saved operations. */
  readonly operations: string;
  readonly contenders: readonly ContenderName[];
  readonly rounds: number;
  /** Seconds of one measurement of the mix. */
  readonly seconds: number;
  /** Seconds of one measurement of a single question. */
  readonly secondsEach: number;
  /** Part of the names of the questions to be asked; all when left out. */
  readonly only: string | undefined;
  /** File of the results; only printed when left out. */
  readonly output: string | undefined;
  readonly command: string;
}

/** What was seen of one gateway under one load. */
export interface Measured {
  readonly contender: string;
  readonly connections: number;
  readonly seconds: number;
  readonly failures: number;
  /** Microseconds of each request. */
  readonly latencies: readonly number[];
  /** Microseconds of processor time of the gateway. */
  readonly cpu: number;
}

export interface GatewayResults {
  readonly questions: readonly Question[];
  readonly contenders: readonly { readonly name: string; readonly version: string }[];
  readonly differences: readonly Difference[];
  /** The mix of all questions, answered by the subgraphs from the database. */
  readonly whole: readonly Measured[];
  /** The same with answers that the subgraphs have kept. */
  readonly alone: readonly Measured[];
  readonly each: readonly (Measured & { readonly question: string })[];
  /** Subgraph requests by question and gateway. */
  readonly fetches: readonly { readonly question: string; readonly contender: string; readonly count: number }[];
  /** Bytes of memory after everything, by gateway. */
  readonly rss: Readonly<Record<string, number>>;
}

const CONNECTIONS = [1, 50];
/** Connections while single questions are measured: enough to keep the gateway busy. */
const CONNECTIONS_EACH = 8;
/** Time in which each gateway's code is compiled and its caches fill. */
const WARM_SECONDS = 5;
const REQUESTS_MAX = 200_000;

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Runs the gateways one after the other over the same subgraphs with the same questions, and reports. */
export async function benchGateways(options: GatewayOptions): Promise<void> {
  const fleet = await startFleet(options.size, tell);
  const running: Contender[] = [];
  const load = new Child({ file: join(__dirname, 'load-program.js') });
  try {
    const owner = personaNamed('owner');
    if (owner === undefined) throw new Error('there is no persona owner');
    const callers = await makeCallers(demoClaims(owner, options.size));
    for (const name of options.contenders) {
      tell(`starting ${name}`);
      running.push(await startContender(name, fleet, callers));
    }
    const results = await measure(options, fleet, running, callers, load);
    const text = gatewayReport(results, options);
    process.stdout.write(text);
    if (options.output !== undefined) writeFileSync(options.output, text);
  } finally {
    await load.stop();
    await Promise.all(running.map((each) => each.stop()));
    await fleet.stop();
  }
}

async function measure(
  options: GatewayOptions,
  fleet: Fleet,
  running: readonly Contender[],
  callers: Callers,
  load: Child,
): Promise<GatewayResults> {
  const caller = callers.headers[0] ?? {};
  const questions = savedQuestions(options.operations).filter(
    ({ name }) => options.only === undefined || name.includes(options.only),
  );
  if (questions.length === 0) throw new Error('there is no question to ask');

  tell('comparing answers');
  const { differences, fetches } = await compare(fleet, running, questions, caller);
  for (const { question, contender, at } of differences) tell(`${question}: ${contender} answers differently at ${at}`);

  const order = { requestsMax: REQUESTS_MAX, headers: callers.headers, first: 0, isEven: true };
  const bodies = questions.map(({ query, variables }) => JSON.stringify({ query, variables }));
  const mixes = async (): Promise<Measured[]> => {
    const seen: Measured[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (const connections of CONNECTIONS) {
        for (const contender of running) {
          tell(`round ${String(round + 1)}: ${contender.name}, ${String(connections)} connections`);
          seen.push(await run(load, contender, { ...order, bodies, connections, seconds: options.seconds }));
        }
      }
    }
    return seen;
  };
  tell('with kept answers');
  await fleet.keepAnswers(true);
  for (const { url } of running) {
    for (const question of questions) await put(url, question, caller);
    await load.ask<LoadAnswer>('run', { ...order, url, bodies, connections: 8, seconds: WARM_SECONDS });
  }
  const alone = await mixes();

  const each: (Measured & { question: string })[] = [];
  for (let round = 0; round < options.rounds && options.secondsEach > 0; round += 1) {
    tell(`round ${String(round + 1)}: each query alone`);
    for (const [at, question] of questions.entries()) {
      for (const contender of running) {
        const single = { ...order, bodies: bodies.slice(at, at + 1), seconds: options.secondsEach };
        const seen = await run(load, contender, { ...single, connections: CONNECTIONS_EACH });
        each.push({ ...seen, question: question.name });
      }
    }
  }
  tell('from the database');
  await fleet.keepAnswers(false);
  const whole = await mixes();

  const rss = Object.fromEntries(
    await Promise.all(running.map(async ({ name, program }) => [name, (await program.usage()).rss] as const)),
  );
  return { questions, contenders: running, differences, whole, alone, each, fetches, rss };
}

/** Puts every question to every gateway once; the first gateway's answer is what the others are compared with. */
async function compare(
  fleet: Fleet,
  running: readonly Contender[],
  questions: readonly Question[],
  caller: Readonly<Record<string, string>>,
): Promise<Pick<GatewayResults, 'differences' | 'fetches'>> {
  const differences: Difference[] = [];
  const fetches: { question: string; contender: string; count: number }[] = [];
  for (const question of questions) {
    const [wanted, ...others] = await Promise.all(
      running.map(async (contender) => ({ contender, answer: await put(contender.url, question, caller) })),
    );
    for (const { contender, answer } of others) {
      const at = wanted === undefined ? undefined : partingOfAnswers(wanted.answer, answer);
      if (at !== undefined) differences.push({ question: question.name, contender: contender.name, at });
    }
    if (wanted?.answer.errors !== undefined)
      tell(`${question.name} answers errors: ${JSON.stringify(wanted.answer.errors).slice(0, 300)}`);
    for (const contender of running) {
      const before = sum(Object.values(await fleet.requests()));
      await put(contender.url, question, caller);
      const count = sum(Object.values(await fleet.requests())) - before;
      fetches.push({ question: question.name, contender: contender.name, count });
    }
  }
  return { differences, fetches };
}

async function run(load: Child, contender: Contender, order: Omit<LoadOrder, 'url'>): Promise<Measured> {
  const before = await contender.program.usage();
  const { seconds, failures, latencies } = await load.ask<LoadAnswer>('run', { ...order, url: contender.url });
  const cpu = (await contender.program.usage()).cpu - before.cpu;
  return { contender: contender.name, connections: order.connections, seconds, failures, latencies, cpu };
}
