import {
  audit,
  expectVersion,
  findByKey,
  findByKeys,
  insert,
  nameOf,
  newId,
  reachable,
  rows,
  sqlState,
  type Decimal,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { LINES_MAX } from '../defaults';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import { KitLine, KitTemplate } from './kit-template.entity';
import type { KitTemplateInput } from './kit-template.inputs';

interface NewLine {
  readonly itemId: string;
  readonly quantity: Decimal;
}

/** Lines of a kit, checked; a kit that would take nothing is refused (SUP-46). */
async function checkedLines(tx: Tx, clinicId: string, lines: KitTemplateInput['lines']): Promise<NewLine[]> {
  if (lines.length === 0) throw refuse('EMPTY_KIT', 'A kit without lines would deduct nothing.', ['input', 'lines']);
  if (lines.length > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `A kit takes at most ${String(LINES_MAX)} lines.`, ['input', 'lines']);
  const keys = lines.map((line) => reachable(tx.session.viewer, line.itemId));
  const wanted = keys.flatMap((key) => (key?.clinicId === clinicId ? [key] : []));
  const items = new Map((await findByKeys(tx, SupplyItem, wanted)).map((item) => [item.id, item]));
  const seen = new Set<string>();
  return lines.map(({ quantity }, index) => {
    const path = (member: string) => ['input', 'lines', String(index), member];
    const item = items.get(keys[index]?.id ?? '');
    if (!item) throw refuse('NOT_FOUND', 'There is no such item.', path('itemId'));
    if (seen.has(item.id)) throw refuse('INVALID', `${item.name} stands in the kit already.`, path('itemId'));
    seen.add(item.id);
    if (!quantity.gt(0)) throw refuse('BAD_QUANTITY', 'The quantity must be more than zero.', path('quantity'));
    if (item.wholeUnitsOnly && !quantity.isInteger())
      throw refuse('WHOLE_UNITS_ONLY', `${item.name} is used in whole units only.`, path('quantity'));
    return { itemId: item.id, quantity };
  });
}

const duplicate = (error: unknown): never => {
  if (sqlState(error) === '23505') throw refuse('DUPLICATE', 'Another kit has this name.', ['input', 'name']);
  throw error;
};

const insertLines = (tx: Tx, clinicId: string, kitId: string, kitVersion: number, lines: readonly NewLine[]) =>
  insert(
    tx,
    KitLine,
    lines.map((line, position) => ({ clinicId, kitId, kitVersion, position, ...line })),
  );

/** Creates or changes a kit; its lines are replaced as a whole, and the former ones stay as those of its past version. */
export async function saveKit(tx: Tx, clinicId: string, input: KitTemplateInput): Promise<{ id: string }> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const key = input.id ? reachable(tx.session.viewer, input.id) : null;
  const kept = key?.clinicId === clinicId ? await findByKey(tx, KitTemplate, key, { lock: 'UPDATE' }) : null;
  if (input.id && !kept) throw refuse('NOT_FOUND', 'There is no such kit.', ['input', 'id']);
  if (kept) expectVersion(kept.version, input.expectedVersion);
  const name = input.name.trim();
  if (name === '' || name.length > 200) throw refuse('INVALID', 'name takes 1 to 200 characters.', ['input', 'name']);
  const lines = await checkedLines(tx, clinicId, input.lines);
  const system = input.applianceSystem === undefined ? (kept?.applianceSystem ?? null) : input.applianceSystem;
  const applianceSystem = nameOf(system, ['input', 'applianceSystem']);
  const active = input.active ?? kept?.active ?? true;
  const id = kept?.id ?? newId();
  const version = (kept?.version ?? 0) + 1;
  const { applianceType } = input;
  if (kept)
    await rows(
      tx,
      `UPDATE kit_template SET name = $3, appliance_type = $4, appliance_system = $5, active = $6, version = $7
       WHERE clinic_id = $1 AND id = $2`,
      [clinicId, id, name, applianceType, applianceSystem, active, version],
    ).catch(duplicate);
  else
    await insert(tx, KitTemplate, {
      ...{ clinicId, id, name, applianceType, applianceSystem, active, version },
    } as never).catch(duplicate);
  await insertLines(tx, clinicId, id, version, lines);
  await audit(tx, clinicId, {
    action: kept ? 'kit_template.change' : 'kit_template.create',
    entityType: 'KitTemplate',
    entityId: id,
  });
  return { id };
}

/** A kit as the demo loader gives it. */
export type ImportedKit = Pick<KitTemplate, 'id' | 'name' | 'applianceType' | 'applianceSystem'> & {
  readonly lines: readonly NewLine[];
};

/** Creates many kits of a clinic, under one audit event. */
export async function importKits(tx: Tx, clinicId: string, kits: readonly ImportedKit[]): Promise<void> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  await insert(
    tx,
    KitTemplate,
    kits.map(({ lines: _, ...kit }) => ({ ...kit, clinicId, active: true, version: 1 })) as never,
  );
  await insert(
    tx,
    KitLine,
    kits.flatMap((kit) =>
      kit.lines.map((line, position) => ({ ...{ clinicId, kitId: kit.id, kitVersion: 1, position }, ...line })),
    ),
  );
  await audit(tx, clinicId, { action: 'kit_template.import', entityType: 'KitTemplate', rowCount: kits.length });
}
