import { findByKey, hydrate, prepared, reachable, recordIdText, type Tx } from '@practice-graph/kit';
import type { ApplianceRecord } from '../placements/appliance-record.entity';
import type { DeductLineInput } from '../placements/appliance-record.inputs';
import { refuse } from '../refusals';
import { KitLine, KitTemplate } from './kit-template.entity';
import { fittingKits } from './kit-template.rules';

const PATH = ['input', 'kitTemplateId'];

/** The kit that a placement names; it must be in use and made for the kind of appliance. */
async function namedKit(tx: Tx, appliance: ApplianceRecord, opaque: string): Promise<KitTemplate> {
  const key = reachable(tx.session.viewer, opaque);
  const kit = key?.clinicId === appliance.clinicId ? await findByKey(tx, KitTemplate, key, { lock: 'SHARE' }) : null;
  if (!kit) throw refuse('NOT_FOUND', 'There is no such kit.', PATH);
  if (!kit.active) throw refuse('ILLEGAL_STATE_CHANGE', `The kit ${kit.name} is no longer used.`, PATH);
  if (kit.applianceType !== appliance.applianceType)
    throw refuse('INVALID', `The kit ${kit.name} is for ${kit.applianceType}.`, PATH);
  return kit;
}

/** The one kit that fits an appliance; several are a choice that the caller must make. */
async function fittingKit(tx: Tx, appliance: ApplianceRecord): Promise<KitTemplate> {
  const { clinicId, applianceType } = appliance;
  const found = await prepared(
    tx,
    'SELECT * FROM kit_template WHERE clinic_id = $1 AND appliance_type = $2 AND active ORDER BY id FOR SHARE',
    [clinicId, applianceType],
  );
  const [kit, ...others] = fittingKits(hydrate(tx, KitTemplate, found), appliance);
  if (!kit)
    throw refuse('EMPTY_KIT', 'No kit fits the appliance and no lines are given, so nothing would be deducted.', PATH);
  if (others.length > 0)
    throw refuse('INVALID', `Several kits fit the appliance: ${[kit, ...others].map((k) => k.name).join(', ')}.`, PATH);
  return kit;
}

/** Lines of the kit that a placement takes: the named one, or the one of its kind and system (SUP-46). */
export async function kitLinesFor(
  tx: Tx,
  appliance: ApplianceRecord,
  kitTemplateId: string | null | undefined,
): Promise<DeductLineInput[]> {
  const kit = kitTemplateId ? await namedKit(tx, appliance, kitTemplateId) : await fittingKit(tx, appliance);
  const found = await prepared(
    tx,
    'SELECT * FROM kit_line WHERE clinic_id = $1 AND kit_id = $2 AND kit_version = $3 ORDER BY position',
    [kit.clinicId, kit.id, kit.version],
  );
  const lines = hydrate(tx, KitLine, found);
  if (lines.length === 0) throw refuse('EMPTY_KIT', `The kit ${kit.name} has no lines.`, PATH);
  return lines.map(({ clinicId, itemId, quantity }) => ({ itemId: recordIdText(clinicId, itemId), quantity }));
}
