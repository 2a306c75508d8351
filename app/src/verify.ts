/** `npm run -s verify`: recomputes everything that is derived, in all databases; exits 1 on any difference. */
import { print, runCommand } from './commands';
import { findingLines, verifySubgraph } from './verification';
import { inWorkshop } from './workshop';

runCommand(
  async () =>
    await inWorkshop(async (house) => {
      let differences = 0;
      let compared = 0;
      for (const subgraph of house.running.values()) {
        for (const finding of await verifySubgraph(subgraph)) {
          print(...findingLines(finding));
          differences += finding.differences.length;
          compared += finding.compared;
        }
      }
      print(`${String(compared)} values compared, ${String(differences)} differ`);
      return differences === 0 ? 0 : 1;
    }),
);
