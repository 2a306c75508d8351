import { audit, expectVersion, findByKey, newId, noteOf, prepared, type RecordKey, type Tx } from '@practice-graph/kit';
import {
  alertStep,
  clinicOf,
  isAlertMove,
  isWithin,
  type AlertStatusName,
  type AlertUpdateInput,
} from '@practice-graph/practice';
import { refuse } from '../refusals';
import { SupplyAlert } from './supply-alert.entity';
import type { Cause } from './supply-alert.rules';

/** A thing that alerts are about, and what is wrong with it now; null when nothing is. */
export interface Watched {
  readonly key: string;
  readonly itemId: string;
  readonly lotId: string | null;
  readonly locationId: string | null;
  readonly cause: Cause | null;
}

/** An alert that is not resolved. */
export interface OpenRow {
  id: string;
  cause_key: string;
  item_id: string;
  lot_id: string | null;
  location_id: string | null;
  type: Cause['type'];
  severity: Cause['severity'];
  rank: number;
  status: AlertStatusName;
}

export const openOf = (row: OpenRow) => ({
  type: row.type,
  severity: row.severity,
  rank: row.rank,
  status: row.status,
});

/** Columns of an open alert. */
export const OPEN_COLUMNS = 'id, cause_key, item_id, lot_id, location_id, type, severity, rank, status';

const OPEN = `
SELECT ${OPEN_COLUMNS} FROM supply_alert
WHERE clinic_id = $1 AND cause_key = ANY($2::text[]) AND status <> 'RESOLVED' ORDER BY id FOR UPDATE`;

/** The open alerts of these things, locked. */
export const openAlerts = (tx: Tx, clinicId: string, keys: readonly string[]): Promise<OpenRow[]> =>
  prepared<OpenRow>(tx, OPEN, [clinicId, keys]);

const RESOLVE = `
UPDATE supply_alert SET status = 'RESOLVED', handled_by = NULL, handled_at = $3, version = version + 1
WHERE clinic_id = $1 AND id = ANY($2::uuid[])`;

// Whoever comes second to a cause finds its alert there.
const RAISE = `
INSERT INTO supply_alert (clinic_id, id, cause_key, rank, type, severity, status, message, item_id, lot_id, location_id, raised_at)
SELECT $1, x.id, x.cause_key, x.rank, x.type, x.severity, 'ACTIVE', x.message, x.item_id, x.lot_id, x.location_id, $2
FROM unnest($3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::uuid[])
  AS x (id, cause_key, rank, type, severity, message, item_id, lot_id, location_id) ORDER BY x.cause_key
ON CONFLICT (clinic_id, cause_key) WHERE status <> 'RESOLVED' DO NOTHING RETURNING id`;

/**
 * Brings the alerts of these things, of which the open ones are locked, up to what is wrong with them now. Answers the ids
 * of those that were raised.
 */
export async function settleAlerts(
  tx: Tx,
  clinicId: string,
  watched: readonly Watched[],
  locked: readonly OpenRow[],
): Promise<string[]> {
  const open = new Map(locked.map((row) => [row.cause_key, row]));
  const steps = watched.map((each) => {
    const row = open.get(each.key);
    return { ...each, row, step: alertStep(each.cause, row ? openOf(row) : null) };
  });
  const over = steps.flatMap(({ step, row }) => (row && (step === 'RESOLVE' || step === 'REPLACE') ? [row.id] : []));
  if (over.length > 0) await prepared(tx, RESOLVE, [clinicId, over, tx.session.at]);
  const raised = steps.flatMap(({ step, cause, ...of }) =>
    cause && (step === 'RAISE' || step === 'REPLACE') ? [{ ...of, cause, id: newId() }] : [],
  );
  if (raised.length === 0) return [];
  const written = await prepared<{ id: string }>(tx, RAISE, [
    clinicId,
    tx.session.at,
    raised.map((each) => each.id),
    raised.map((each) => each.key),
    raised.map((each) => each.cause.rank),
    raised.map((each) => each.cause.type),
    raised.map((each) => each.cause.severity),
    raised.map((each) => each.cause.message),
    raised.map((each) => each.itemId),
    raised.map((each) => each.lotId),
    raised.map((each) => each.locationId),
  ]);
  return written.map((row) => row.id);
}

/** Moves an alert on by hand: seen, resolved or ignored. */
export async function moveAlert(tx: Tx, key: RecordKey, input: AlertUpdateInput): Promise<{ id: string }> {
  await clinicOf(tx, key.clinicId, 'APPLIANCE_SUPPLY');
  const alert = await findByKey(tx, SupplyAlert, key, { lock: 'UPDATE' });
  if (!alert || (alert.locationId !== null && !isWithin(tx.session.viewer, 'locations', alert.locationId)))
    throw refuse('NOT_FOUND', 'There is no such alert.', ['id']);
  expectVersion(alert.version, input.expectedVersion);
  if (!isAlertMove(alert.status, input.to))
    throw refuse('ILLEGAL_STATE_CHANGE', `An alert that is ${alert.status} does not become ${input.to} by hand.`, [
      'input',
      'to',
    ]);
  const note = noteOf(input.note, ['input', 'note']);
  await prepared(
    tx,
    `UPDATE supply_alert SET status = $3, handled_by = $4, handled_at = $5, note = $6, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, input.to, tx.session.viewer.subject, tx.session.at, note],
  );
  await audit(tx, key.clinicId, {
    action: 'supply_alert.move',
    entityType: 'SupplyAlert',
    entityId: key.id,
    fromState: alert.status,
    toState: input.to,
    note,
  });
  return { id: key.id };
}
