import { adjustments } from '@practice-graph/adjustments';
import { applianceSupply } from '@practice-graph/appliance-supply';
import type { SubgraphDefinition } from '@practice-graph/kit';
import { revenue } from '@practice-graph/revenue';
import { spaInventory } from '@practice-graph/spa-inventory';

/** The parts of the graph; the directory of clinics comes first, since the others hear of it. */
export const SUBGRAPHS: readonly SubgraphDefinition[] = [revenue, adjustments, applianceSupply, spaInventory];

export function subgraphNamed(name: string): SubgraphDefinition | undefined {
  return SUBGRAPHS.find((each) => each.name === name);
}
