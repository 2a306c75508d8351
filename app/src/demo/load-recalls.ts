/** The recalls of the demonstration, started once everything that they concern has happened. */
import { applianceSupply } from '@practice-graph/appliance-supply';
import { recordIdText, type GraphEvent } from '@practice-graph/kit';
import { eventsOfRecalls, startRecall, updateRecallPatient } from '@practice-graph/spa-inventory';
import { DAY_MS, dateOf, dayOf } from './days';
import { tell, write, type Target } from './loading';
import { RECALLED_LOT } from './organisation';

/**
 * One lot that a vendor sold to both inventories, of which a part of the patients was told (story 1), and one of a
 * neurotoxin (story 2). The supplies hear of them as they would in service.
 */
export async function loadRecalls(spaTarget: Target, supplyTarget: Target, anchor: string): Promise<void> {
  const { clinic, spa } = spaTarget.rows;
  const lots = new Set(spa.lots.filter((lot) => lot.lotNumber === RECALLED_LOT).map((lot) => lot.id));
  if (lots.size === 0) return;
  const announcedOn = dateOf(dayOf(anchor) - 3);
  const told = [
    ...new Set(
      spa.movements.flatMap((row) => (row.type === 'TREATMENT_USE' && lots.has(row.lotId) ? [row.patientId] : [])),
    ),
  ];
  const events = await write(spaTarget, async (tx): Promise<GraphEvent[]> => {
    const { recallId } = await startRecall(tx, clinic.id, {
      ...{ recallNumber: 'RCL-77120', recallClass: 'CLASS_II', lotNumber: RECALLED_LOT },
      ...{ reason: 'the concentration exceeds the label', announcedOn },
    });
    const key = { clinicId: clinic.id, id: recallId };
    for (const [index, patientId] of told.slice(0, Math.ceil(told.length / 2)).entries())
      await updateRecallPatient(tx, key, {
        patientId: recordIdText(clinic.id, patientId),
        ...(index % 3 === 2 ? { to: 'CLOSED', note: 'no complaint' } : { to: 'NOTIFIED' }),
        ...{ channel: index % 2 === 0 ? 'PHONE' : 'LETTER', at: new Date(tx.session.at.getTime() - DAY_MS / 2) },
      });
    const toxin = latestToxin(spaTarget);
    if (toxin !== undefined)
      await startRecall(tx, clinic.id, {
        ...{ recallNumber: 'RCL-NT-01', recallClass: 'CLASS_I', lotNumber: toxin },
        ...{ reason: 'a vial was found not to be sterile', announcedOn },
      });
    return eventsOfRecalls(tx, clinic.id);
  });
  await tell(supplyTarget, applianceSupply, events);
}

/** Number of the neurotoxin lot that was last used on a patient. */
function latestToxin({ rows: { spa } }: Target): string | undefined {
  const toxins = new Set(spa.products.filter((row) => row.labelStabilityHours !== null).map((row) => row.id));
  const uses = spa.movements.filter((row) => row.type === 'TREATMENT_USE' && toxins.has(row.productId));
  const last = uses.reduce<(typeof uses)[number] | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
  return spa.lots.find((lot) => lot.id === last?.lotId)?.lotNumber;
}
