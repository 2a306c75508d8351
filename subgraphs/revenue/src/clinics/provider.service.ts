import { audit, expectVersion, findByKey, insert, newId, prepared, rows, type New, type Tx } from '@practice-graph/kit';
import { refuse } from '../refusals';
import { Clinic } from './clinic.entity';
import type { ProviderInput } from './clinic.inputs';
import { announceProviders } from './directory.service';
import { Provider } from './provider.entity';
import { filled, filledIfGiven, keyInClinic, lockName, requireWithin } from './saving.service';
import { kept, keptOrEmptied } from './saving.rules';

const members = (input: ProviderInput, current: Provider | null) => ({
  externalId: keptOrEmptied(input.externalId, current?.externalId ?? null),
  name: filled(input.name, 'name'),
  role: filled(input.role, 'role'),
  active: kept(input.active, current?.active ?? true),
  isStub: false,
});

/** The record that a save is about: by its id, else by its external id; null when the save makes one. */
async function subject(tx: Tx, clinicId: string, input: ProviderInput): Promise<Provider | null> {
  filledIfGiven(input.externalId, 'externalId');
  if (input.externalId) await lockName(tx, clinicId, `provider:${input.externalId}`);
  const known = input.externalId ? await tx.findOneBy(Provider, { clinicId, externalId: input.externalId }) : null;
  if (!input.id) return known && findByKey(tx, Provider, known, { lock: 'UPDATE' });
  const key = keyInClinic(clinicId, input.id, ['input', 'id']);
  const current = await findByKey(tx, Provider, key, { lock: 'UPDATE' });
  if (!current) throw refuse('NOT_FOUND', 'The provider does not exist or is outside your reach.', ['input', 'id']);
  if (known && known.id !== current.id)
    throw refuse('DUPLICATE', 'Another provider has this external id.', ['input', 'externalId']);
  return current;
}

/** Makes or changes a provider; a stub that an unknown reference left becomes a whole record. */
export async function saveProvider(tx: Tx, clinicId: string, input: ProviderInput): Promise<{ id: string }> {
  if (!(await findByKey(tx, Clinic, { clinicId, id: clinicId })))
    throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  const current = await subject(tx, clinicId, input);
  if (current) {
    requireWithin(tx, 'providers', current.id, ['input', 'id']);
    expectVersion(current.version, input.expectedVersion);
    const changed = { ...members(input, current), version: current.version + 1 };
    await tx.update(Provider, { clinicId, id: current.id }, changed);
    await announceProviders(tx, clinicId, [Object.assign(current, changed)]);
    await audit(tx, clinicId, { action: 'provider.change', entityType: 'Provider', entityId: current.id });
    return { id: current.id };
  }
  const values = { clinicId, id: newId(), ...members(input, null), version: 1 };
  await insert(tx, Provider, values as New<Provider>);
  await announceProviders(tx, clinicId, [values as Provider]);
  await audit(tx, clinicId, { action: 'provider.create', entityType: 'Provider', entityId: values.id });
  return { id: values.id };
}

const STUBS = `
INSERT INTO provider (clinic_id, id, name, role, active, is_stub, version)
SELECT $1::uuid, id, 'Unknown provider', 'unknown', true, true, 1 FROM unnest($2::uuid[]) AS ref (id) ORDER BY id
ON CONFLICT (clinic_id, id) DO NOTHING RETURNING id`;

// A provider never goes away, so that who was found once is there until the transaction ends.
const found = new WeakMap<object, Set<string>>();

/** Looks for providers that are about to be referred to; answers those that the transaction knows. */
export async function lookForProviders(tx: Tx, clinicId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = found.get(tx.session) ?? new Set<string>();
  found.set(tx.session, known);
  const wanted = [...new Set(ids)].filter((id) => !known.has(id));
  if (wanted.length === 0) return known;
  const there = await prepared<{ id: string }>(
    tx,
    'SELECT id FROM provider WHERE clinic_id = $1 AND id = ANY($2::uuid[])',
    [clinicId, wanted],
  );
  for (const { id } of there) known.add(id);
  return known;
}

/** Keeps a stub for each provider that is referred to and not known yet, and tells the other domains (REV-61). */
export async function ensureProviders(tx: Tx, clinicId: string, ids: readonly string[]): Promise<void> {
  const known = await lookForProviders(tx, clinicId, ids);
  const missing = [...new Set(ids)].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  const made = await rows<{ id: string }>(tx, STUBS, [clinicId, missing]);
  const stubs = made.map(
    ({ id }) =>
      ({ clinicId, id, name: 'Unknown provider', role: 'unknown', active: true, isStub: true, version: 1 }) as Provider,
  );
  await announceProviders(tx, clinicId, stubs);
}
