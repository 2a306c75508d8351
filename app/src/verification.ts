import { systemViewer, transactFor, verifyAudit, type Comparison, type RunningSubgraph } from '@practice-graph/kit';

export interface Finding extends Comparison {
  readonly subgraph: string;
}

/**
 * Recomputes every balance and slice of every clinic from its ledger and the audit chain from its events. Each clinic is
 * read from one snapshot, so that a graph at work can be verified.
 */
export async function verifySubgraph(subgraph: RunningSubgraph): Promise<readonly Finding[]> {
  const totals = new Map<string, { compared: number; differences: string[] }>();
  const add = (clinicId: string, { what, compared, differences }: Comparison): void => {
    const total = totals.get(what) ?? { compared: 0, differences: [] };
    totals.set(what, total);
    total.compared += compared;
    total.differences.push(...differences.map((difference) => `clinic ${clinicId}: ${difference}`));
  };
  const { database, definition } = subgraph;
  for (const clinicId of await subgraph.worker.clinics()) {
    await transactFor(database, systemViewer(clinicId, 'verify'), [clinicId], async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      for (const verifier of definition.verifiers) {
        for (const comparison of await verifier(tx, clinicId)) add(clinicId, comparison);
      }
    });
    const audit = await verifyAudit(database, clinicId);
    add(clinicId, { what: `audit trail (${String(audit.unsealed)} not yet sealed)`, ...audit });
  }
  return [...totals].map(([what, total]) => ({ subgraph: subgraph.name, what, ...total }));
}

/** One line per comparison and one per difference. */
export const findingLines = (finding: Finding): string[] => [
  `${finding.subgraph}: ${finding.what}: ${String(finding.compared)} compared, ${String(finding.differences.length)} differ`,
  ...finding.differences.map((difference) => `  ${difference}`),
];
