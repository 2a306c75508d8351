import { adjustments } from '@practice-graph/adjustments';
import { applianceSupply } from '@practice-graph/appliance-supply';
import type { SubgraphDefinition } from '@practice-graph/kit';
import { revenue } from '@practice-graph/revenue';
import { spaInventory } from '@practice-graph/spa-inventory';

/** The four domains, in the order in which they start. */
export const definitions: readonly SubgraphDefinition[] = [revenue, adjustments, applianceSupply, spaInventory];
