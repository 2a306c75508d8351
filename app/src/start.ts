import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeDirectory, SetupError } from '@practice-graph/kit/postgres';
import { startGateway, type GraphRequest, type RunningGateway } from '@practice-graph/gateway';
import { pino, type Logger } from 'pino';
import { print } from './commands';
import { prepareDatabases, type Databases } from './databases';
import type { DemoSize } from './demo/organisation';
import { prepareDemo } from './demo-load';
import type { Settings } from './env';
import { openHouse, type House } from './house';
import { ALGORITHM, AUDIENCE, ISSUER, openIssuer } from './issuer';
import { PERSONAS } from './personas';
import { runSteps, type Step } from './progress';
import { openSecrets, type Secrets } from './secrets';
import { openServer, type Server } from './server';
import { definitions } from './definitions';

const ROOT = join(__dirname, '../..');

export interface Graph {
  /** Address of the graph, once it answers; rejects with what stands in the way. */
  readonly ready: Promise<string>;
  /** Ends everything in order, also when the start is still under way. */
  stop(): Promise<void>;
}

/** What has been opened so far, in order; closed in reverse, also when a later step fails. */
interface Opened {
  server?: Server | undefined;
  databases?: Databases;
  house?: House | undefined;
  gateway?: RunningGateway | undefined;
}

/** Starts everything and prints where it is. */
export function startGraph(settings: Settings): Graph {
  const opened: Opened = {};
  const abandoned = new AbortController();
  const ready = start(settings, opened, abandoned.signal).catch(async (error: unknown) => {
    await close(opened);
    throw error;
  });
  return {
    ready,
    stop: async () => {
      abandoned.abort();
      await close(opened);
      // A step that is under way fails without its server, or hands over what it has just opened to be closed.
      await ready.catch(() => undefined);
    },
  };
}

async function close(opened: Opened): Promise<void> {
  const { gateway, house, server } = opened;
  Object.assign(opened, { gateway: undefined, house: undefined, server: undefined });
  await gateway?.stop();
  await house?.stop();
  await server?.stop();
}

async function start(settings: Settings, opened: Opened, abandoned: AbortSignal): Promise<string> {
  if (settings.isProduction) {
    throw new SetupError(
      'npm start is for trying the graph out and refuses NODE_ENV=production: run the programs of docker-compose.yml instead.',
    );
  }
  await requireFreePort(settings);
  makeDirectory(settings.directory);
  const log = pino({ level: settings.logLevel });
  await runSteps(stepsOf(settings, opened, openSecretsOnce(settings), log), abandoned);
  if (opened.gateway === undefined) throw new SetupError('Stopped before the graph was ready.');
  const { url } = opened.gateway;
  print(
    '',
    `  Graph      ${url}`,
    `  Explorer   ${new URL('/graphiql', url).href}`,
    '  Token      npm run -s token -- --as owner',
    '  Stop       Ctrl-C',
    '',
  );
  return url;
}

/** Read late: the folder is only known to be ours once its server has been started. */
function openSecretsOnce(settings: Settings): () => Secrets {
  let secrets: Secrets | undefined;
  return () => (secrets ??= openSecrets(settings.directory));
}

/** The steps of a start; each leaves what it opened in `opened`, so that a failure closes exactly that. */
function stepsOf(settings: Settings, opened: Opened, secrets: () => Secrets, log: Logger): Step[] {
  let size: DemoSize = 'demo';
  return [
    {
      title: settings.databaseUrl === undefined ? 'PostgreSQL' : 'PostgreSQL (own server)',
      run: async (tell) => {
        opened.server = await openServer(settings, tell);
        return undefined;
      },
    },
    {
      title: 'Databases',
      run: async () => {
        opened.databases = await prepareDatabases(need(opened.server).adminUrl, definitions, secrets().password);
        return undefined;
      },
    },
    {
      title: 'Demo data',
      run: async (tell) => {
        const state = await prepareDemo({
          settings,
          adminUrl: need(opened.server).adminUrl,
          databases: need(opened.databases),
          secrets: secrets(),
          onProgress: tell,
        });
        size = state?.size ?? size;
        return state === undefined ? 'none' : `${state.size}, of the days before ${state.anchor}`;
      },
    },
    {
      title: 'Subgraphs',
      run: async () => {
        const databases = need(opened.databases);
        opened.house = await openHouse({
          subgraphs: definitions,
          databases,
          secrets: secrets(),
          clock: settings.clock,
          log,
        });
        return undefined;
      },
    },
    {
      title: 'Gateway',
      run: async () => {
        opened.gateway = await openGateway(settings, need(opened.house), secrets(), size, log);
        return undefined;
      },
    },
  ];
}

async function openGateway(
  settings: Settings,
  house: House,
  secrets: Secrets,
  size: DemoSize,
  log: Logger,
): Promise<RunningGateway> {
  const issuer = await openIssuer({ directory: settings.directory, isProduction: settings.isProduction, size });
  const entries = [...house.running.values()];
  return await startGateway({
    supergraphFile: join(ROOT, 'schema/supergraph.graphql'),
    operationsFolder: join(ROOT, 'schema/operations'),
    host: settings.host,
    port: settings.port,
    identitySecret: secrets.identity,
    issuer: { issuer: ISSUER, audience: AUDIENCE, algorithms: [ALGORITHM], jwks: issuer.jwks },
    services: Object.fromEntries(entries.map((each) => [each.name, (request: GraphRequest) => each.execute(request)])),
    readiness: Object.fromEntries(entries.map((each) => [each.name, () => each.ready()])),
    demo: { personas: PERSONAS.map(({ name, title }) => ({ name, title })), token: (name) => issuer.token(name) },
    production: false,
    log,
  });
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a step was left out');
  return value;
}

/** Asked before anything slow happens. */
async function requireFreePort({ host, port }: Settings): Promise<void> {
  await new Promise<void>((done, fail) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'is in use: stop the program that uses it or choose another'
          : `cannot be used (${error.message}): choose another`;
      fail(
        new SetupError(`Port ${String(port)} of ${host} ${reason}, for example PORT=${String(port + 1)} npm start.`),
      );
    });
    probe.listen(port, host, () =>
      probe.close(() => {
        done();
      }),
    );
  });
}
