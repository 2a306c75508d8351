import { systemViewer, transactFor } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { spaInventory } from '../src';
import { CLINIC, CLINIC_ID, key, manager, send } from './story';

export const FIELDS = `lots { id lotNumber status disposition dispositionReason recall { recallNumber recallClass startedBy } recallCase { id } }
  recall { id status lotNumber gtin version outcome closedBy closedAt notifiedCount notifiedOn product { name } traces { lotNumber gtin }
    notice { recallNumber recallClass reason announcedOn startedAt startedBy } lots { lotNumber balance { received used onHand } }
    notifications { status channel notifiedAt notifiedBy note patient { id } } }`;
export const aRecall = (of: Record<string, unknown> = {}) => ({
  clinicId: CLINIC_ID,
  recallNumber: `Z-${key()}`,
  recallClass: 'CLASS_II',
  reason: 'may irritate',
  announcedOn: '2026-06-29',
  ...of,
});
/** The steps of a recall in a spa. */
export function recalling(graph: TestSubgraph) {
  const start = (of: Record<string, unknown>, as = manager()) => send(graph, 'recallStart', aRecall(of), FIELDS, as);
  const step = async (name: string, type: string, recallId: string, input: Record<string, unknown>, as = manager()) =>
    (
      await graph.get(
        as,
        `mutation ($id: ID!, $input: ${type}!) { change: ${name}(id: $id, input: $input) { ${FIELDS} userErrors { code path message } } }`,
        { id: recallId, input: { idempotencyKey: key(), ...input } },
      )
    ).change;
  const tell = (recallId: string, input: Record<string, unknown>, as = manager()) =>
    step('recallPatientUpdate', 'RecallPatientInput', recallId, input, as);
  const close = (recallId: string, input: Record<string, unknown>) =>
    step('recallClose', 'RecallCloseInput', recallId, input);
  const status = async (lotId: string) =>
    (
      await graph.get(
        manager(),
        `query ($id: ID!) { inventoryLot(id: $id) { status disposition recall { recallNumber } recallCase { id } } }`,
        { id: lotId },
      )
    ).inventoryLot;
  const differences = () =>
    transactFor(graph.running.database, systemViewer(CLINIC), [CLINIC], async (tx) =>
      (await Promise.all(spaInventory.verifiers.map((verify) => verify(tx, CLINIC))))
        .flat()
        .flatMap((each) => each.differences),
    );
  return { start, tell, close, status, differences };
}
export type Recalling = ReturnType<typeof recalling>;
