/** `npm start`: the whole graph in one process on an embedded PostgreSQL, with demo data. */
import closeWithGrace from 'close-with-grace';
import { told } from './commands';
import { readSettings } from './env';
import { startGraph } from './start';

/** Time for requests and jobs that run when the program is asked to stop. */
const DRAIN_MS = 20_000;

async function main(): Promise<void> {
  const graph = startGraph(readSettings());
  let isStopping = false;
  closeWithGrace({ delay: DRAIN_MS }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`${told(err)}\n`);
    isStopping = true;
    await graph.stop();
  });
  await graph.ready.catch((error: unknown) => {
    // Whoever stops a start does not want to hear that it did not get to its end.
    if (!isStopping) throw error;
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
});
