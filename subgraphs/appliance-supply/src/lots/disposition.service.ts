import { audit, expectVersion, findByKey, noteOf, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { watchEverywhere } from '../alerts/stock-watch.service';
import { refuse } from '../refusals';
import { SupplyLot } from './supply-lot.entity';
import type { LotDispositionInput } from './supply-lot.inputs';
import { dispositionProblem } from './supply-lot.rules';

/** True when a lot lies, or lay, at a place that the viewer is not narrowed away from. */
async function liesWithin(tx: Tx, { clinicId, id }: SupplyLot): Promise<boolean> {
  const only = tx.session.viewer.restrictions['locations'];
  if (!only) return true;
  const found = await rows(
    tx,
    'SELECT 1 FROM supply_stock WHERE clinic_id = $1 AND lot_id = $2 AND location_id = ANY($3::uuid[]) LIMIT 1',
    [clinicId, id, only],
  );
  return found.length > 0;
}

/** Puts a lot into quarantine, releases it, or marks it as damaged. A release needs another person (G-20). */
export async function setDisposition(tx: Tx, key: RecordKey, input: LotDispositionInput): Promise<{ id: string }> {
  await clinicOf(tx, key.clinicId, 'APPLIANCE_SUPPLY');
  const lot = await findByKey(tx, SupplyLot, key, { lock: 'UPDATE' });
  if (!lot || lot.lotNumber === '' || !(await liesWithin(tx, lot)))
    throw refuse('NOT_FOUND', 'There is no such lot.', ['id']);
  expectVersion(lot.version, input.expectedVersion);
  const reason = noteOf(input.reason, ['input', 'reason']);
  if (reason === null) throw refuse('REASON_REQUIRED', 'Say why.', ['input', 'reason']);
  const problem = dispositionProblem(lot.disposition, input.to);
  if (problem) throw refuse('ILLEGAL_STATE_CHANGE', problem, ['input', 'to']);
  const { subject } = tx.session.viewer;
  if (lot.disposition === 'QUARANTINE' && input.to === 'AVAILABLE' && lot.dispositionBy === subject)
    throw refuse('SELF_APPROVAL', 'Another person must release what you put into quarantine.', ['input', 'to']);
  await rows(
    tx,
    `UPDATE supply_lot SET disposition = $3, disposition_reason = $4, disposition_by = $5, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, input.to, reason, subject],
  );
  await watchEverywhere(tx, key.clinicId, { lotIds: [key.id] });
  await audit(tx, key.clinicId, {
    action: 'supply_lot.disposition',
    entityType: 'SupplyLot',
    entityId: key.id,
    fromState: lot.disposition,
    toState: input.to,
    note: reason,
  });
  return { id: key.id };
}
