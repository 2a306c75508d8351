/** `npm run -s events`: lists events that could not be delivered; `-- --replay` gives them another round of attempts. */
import { Command } from 'commander';
import { print, runCommand } from './commands';
import { inWorkshop } from './workshop';

interface Options {
  readonly replay?: boolean | readonly string[];
}

runCommand(async () => {
  const options = new Command('events')
    .description('Lists the events that could not be delivered, or replays them.')
    .option('--replay [id...]', 'deliver these again (all when no id is given); ids are <subgraph>/<number> as listed')
    .parse()
    .opts<Options>();
  return await inWorkshop(async (house) => {
    let dead = 0;
    let replayed = 0;
    for (const { name, worker } of house.running.values()) {
      const chosen = Array.isArray(options.replay) ? idsOf(name, options.replay) : undefined;
      if (options.replay !== undefined) {
        if (chosen?.length !== 0) replayed += await worker.replay(chosen);
        continue;
      }
      print(`${name}: ${String(await worker.waiting())} events wait or have failed`);
      for (const letter of await worker.deadLetters()) {
        dead += 1;
        const { id, type, clinicId } = letter.event;
        print(
          `  ${name}/${letter.id} ${type} ${id} of clinic ${clinicId} to ${letter.subscriber}, ${String(letter.attempts)} attempts: ${letter.lastError ?? 'no reason kept'}`,
        );
      }
    }
    print(
      options.replay === undefined
        ? `${String(dead)} could not be delivered`
        : `${String(replayed)} are delivered again by the running graph, or by its next start`,
    );
    return 0;
  });
});

const idsOf = (subgraph: string, ids: readonly string[]): string[] =>
  ids.filter((id) => id.startsWith(`${subgraph}/`)).map((id) => id.slice(subgraph.length + 1));
