import { audit, expectVersion, findByKey, insert, rows, type New, type Tx } from '@practice-graph/kit';
import { refuse } from '../refusals';
import { Clinic } from './clinic.entity';
import type { ClinicInput } from './clinic.inputs';
import { announceClinic } from './directory.service';
import { ClinicCapability } from './directory.types';
import { filled, filledIfGiven } from './saving.service';
import { kept, keptOrEmptied } from './saving.rules';

const month = (given: number): number => {
  if (given < 1 || given > 12)
    throw refuse('INVALID', 'The first month of the fiscal year is 1 to 12.', ['input', 'fiscalYearStartMonth']);
  return given;
};

/** Members of a clinic after a save; capabilities stand once each, in the order of the contract. */
const members = (input: ClinicInput, current: Clinic | null) => ({
  externalId: keptOrEmptied(filledIfGiven(input.externalId, 'externalId'), current?.externalId ?? null),
  name: filled(input.name, 'name'),
  kind: input.kind,
  currency: input.currency,
  timeZone: input.timeZone,
  fiscalYearStartMonth: month(kept(input.fiscalYearStartMonth, current?.fiscalYearStartMonth ?? 1)),
  capabilities: Object.values(ClinicCapability).filter((c) =>
    kept(input.capabilities, current?.capabilities ?? Object.values(ClinicCapability)).includes(c),
  ),
});

/** Makes a clinic under an identifier that the server chose. */
export async function createClinic(tx: Tx, clinicId: string, input: ClinicInput): Promise<{ id: string }> {
  const values = { clinicId, id: clinicId, ...members(input, null), version: 1 };
  await insert(tx, Clinic, values as New<Clinic>);
  await announceClinic(tx, values as Clinic);
  await audit(tx, clinicId, { action: 'clinic.create', entityType: 'Clinic', entityId: clinicId });
  return { id: clinicId };
}

/** Changes a clinic. IN_USE when the currency would change although there are entries in the old one. */
export async function changeClinic(tx: Tx, clinicId: string, input: ClinicInput): Promise<{ id: string }> {
  const current = await findByKey(tx, Clinic, { clinicId, id: clinicId }, { lock: 'UPDATE' });
  if (!current) throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'id']);
  expectVersion(current.version, input.expectedVersion);
  const changed = { ...members(input, current), version: current.version + 1 };
  if (changed.currency !== current.currency) {
    const [books] = await rows<{ used: boolean }>(
      tx,
      `SELECT EXISTS (SELECT 1 FROM production_entry WHERE clinic_id = $1)
           OR EXISTS (SELECT 1 FROM production_adjustment WHERE clinic_id = $1) AS used`,
      [clinicId],
    );
    if (books?.used)
      throw refuse('IN_USE', `There are entries in ${current.currency}, so the currency cannot change.`, [
        'input',
        'currency',
      ]);
  }
  await tx.update(Clinic, { clinicId, id: clinicId }, changed);
  await announceClinic(tx, Object.assign(current, changed));
  await audit(tx, clinicId, { action: 'clinic.change', entityType: 'Clinic', entityId: clinicId });
  return { id: clinicId };
}
