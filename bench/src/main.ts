/** `npm run bench -- gateways`, `npm run bench -- slices` and `npm run bench -- writes`. */
import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName } from './contenders';
import { benchGateways } from './gateways';
import { OPERATIONS } from './operations';
import { benchSlices } from './slices';
import { benchWrites } from './writes';

const RESULTS = join(__dirname, '../results');

const USAGE = `npm run bench -- gateways   our gateway, the stock one and Hive over the same subgraphs
  --size tiny|demo     demo data (demo)
  --operations folder  saved operations (schema/operations)
  --only text          questions whose name has this text
  --gateways a,b       of ${CONTENDERS.join(', ')} (all)
  --rounds n           rounds of every measurement (2)
  --seconds n          seconds per measurement of all questions (8)
  --seconds-each n     seconds per measurement of a single question; 0 leaves it out (1)
  --dry                print the results without writing them to bench/results

npm run bench -- slices     reports of a clinic-year in clinics of different size
  --entries a,b        sizes of the clinics, rising (100000,1000000)
  --only text          ledgers whose name has this text
  --without-peers      leaves PostGraphile out
  --dry                print the results without writing them to bench/results

npm run bench -- writes     how fast entries are recorded, one by one and 500 a call
  --writers n          callers at once (16); single entries also with four times as many
  --clinics n          clinics over which they write (10)
  --entries n          entries that each clinic holds before (2000)
  --seconds n          seconds per measurement (4)
  --dry                print the results without writing them to bench/results
`;

async function gateways(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: 'demo' },
      operations: { type: 'string', default: OPERATIONS },
      only: { type: 'string' },
      gateways: { type: 'string', default: CONTENDERS.join(',') },
      rounds: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '4' },
      'seconds-each': { type: 'string', default: '1' },
      dry: { type: 'boolean', default: false },
    },
  });
  await benchGateways({
    size: values.size === 'tiny' ? 'tiny' : 'demo',
    contenders: values.gateways.split(',').filter((name): name is ContenderName => CONTENDERS.includes(name as never)),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    secondsEach: Number(values['seconds-each']),
    operations: values.operations,
    only: values.only,
    output: values.dry ? undefined : resultFile('gateways'),
    command: ['npm run bench -- gateways', ...args].join(' '),
  });
}

async function slices(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      entries: { type: 'string', default: '100000,1000000' },
      only: { type: 'string' },
      'without-peers': { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
    },
  });
  await benchSlices({
    hasPeers: !values['without-peers'],
    entries: values.entries.split(',').map(Number),
    only: values.only,
    output: values.dry ? undefined : (ledger) => resultFile(`slices-${ledger}`),
    command: ['npm run bench -- slices', ...args].join(' '),
  });
}

async function writes(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      writers: { type: 'string', default: '16' },
      clinics: { type: 'string', default: '10' },
      entries: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '4' },
      dry: { type: 'boolean', default: false },
    },
  });
  await benchWrites({
    writers: Number(values.writers),
    clinics: Number(values.clinics),
    entries: Number(values.entries),
    seconds: Number(values.seconds),
    output: values.dry ? undefined : resultFile('writes'),
    command: ['npm run bench -- writes', ...args].join(' '),
  });
}

function resultFile(name: string): string {
  mkdirSync(RESULTS, { recursive: true });
  return join(RESULTS, `${name}.md`);
}

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = { gateways, slices, writes };

async function main(): Promise<void> {
  const [command = '', ...args] = process.argv.slice(2);
  const run = COMMANDS[command];
  if (run === undefined) {
    process.stdout.write(USAGE);
    process.exitCode = command === '' ? 0 : 1;
    return;
  }
  await run(args);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
