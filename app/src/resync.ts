/** `npm run resync -- <subgraph>`: the others send their current state again, to a new or restored subgraph. */
import { SetupError } from '@practice-graph/kit/postgres';
import { Command } from 'commander';
import { print, runCommand } from './commands';
import { definitions } from './definitions';
import { inWorkshop } from './workshop';

runCommand(async () => {
  const names = definitions.map((each) => each.name).join(', ');
  const command = new Command('resync')
    .description('Has the others send their current state again, to a new or restored subgraph.')
    .argument('<subgraph>', `one of ${names}`)
    .parse();
  const [name = ''] = command.args;
  if (!definitions.some((each) => each.name === name))
    throw new SetupError(`There is no subgraph ${name}: choose one of ${names}.`);
  return await inWorkshop(async (house) => {
    for (const sender of house.running.values()) {
      const hears = Object.values(sender.definition.publishes).some((subscribers) => subscribers.includes(name));
      if (sender.name === name || !hears) continue;
      const clinics = await sender.worker.resync(sender.definition.resync);
      print(`${sender.name}: current state of ${String(clinics)} clinics is on its way`);
    }
    print('It is delivered by the running graph, or by its next start.');
    return 0;
  });
});
