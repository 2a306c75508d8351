import { print } from './commands';

/** Something that takes time; `tell` says how far it is, and its answer completes the title. */
export interface Step {
  readonly title: string;
  readonly run: (tell: (text: string) => void) => Promise<string | undefined>;
}

/** Between two lines about the same step where lines stay, as in a log. */
const QUIET_MS = 5_000;

/** Runs steps one after another, with a live display on a terminal and plain lines elsewhere; a failure ends them. */
export async function runSteps(steps: readonly Step[], abandoned: AbortSignal): Promise<void> {
  if (process.stdout.isTTY) {
    await runLive(steps, abandoned);
    return;
  }
  for (const { title, run } of steps) {
    if (abandoned.aborted) return;
    const started = Date.now();
    let told = started;
    const done = await run((text) => {
      if (Date.now() - told < QUIET_MS) return;
      told = Date.now();
      print(`  ${title}: ${text}`);
    });
    print(`${titled(title, done)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
}

async function runLive(steps: readonly Step[], abandoned: AbortSignal): Promise<void> {
  // listr2 is published as an ES module only.
  const { Listr } = await import('listr2');
  const list = new Listr(
    steps.map(({ title, run }) => ({
      title,
      skip: () => abandoned.aborted,
      task: async (_: unknown, task: { title: string }) => {
        const done = await run((text) => (task.title = titled(title, text)));
        task.title = titled(title, done);
      },
    })),
    { registerSignalListeners: false },
  );
  await list.run();
}

const titled = (title: string, text: string | undefined): string => (text === undefined ? title : `${title}: ${text}`);
