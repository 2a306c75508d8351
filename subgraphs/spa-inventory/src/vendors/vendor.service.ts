import {
  audit,
  expectVersion,
  findByKey,
  newId,
  prepared,
  refuseKit,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { rowOf } from '../directory/reference.service';
import { refuse } from '../refusals';
import type { Address } from './address.types';
import { announceVendors } from './vendor-facts.service';
import { Vendor } from './vendor.entity';
import type { AddressInput, VendorInput } from './vendor.inputs';
import { addressProblem, isEmail } from './vendor.rules';

const LONG_TEXT_MAX = 200;

function checked(input: VendorInput): void {
  if (input.name.trim() === '' || input.name.length > LONG_TEXT_MAX)
    throw refuse('INVALID', 'The name must have 1 to 200 characters.', ['input', 'name']);
  if (typeof input.email === 'string' && !isEmail(input.email))
    throw refuse('INVALID', `"${input.email}" does not have the form of an e-mail address.`, ['input', 'email']);
  const problem = input.address ? addressProblem(input.address) : null;
  if (problem) throw refuse('INVALID', problem.message, ['input', 'address', problem.member]);
}

const addressOf = (input: AddressInput): Address => ({
  street: input.street,
  street2: input.street2 ?? null,
  city: input.city,
  state: input.state ?? null,
  zipCode: input.zipCode ?? null,
  country: input.country,
});

/** A member left out keeps its value; an explicit null empties it (E-26). */
const kept = <T>(given: T | null | undefined, present: T | null): T | null => (given === undefined ? present : given);

const UPDATE = `
UPDATE vendor SET name = $3, contact_name = $4, email = $5, phone = $6, address = $7, account_number = $8, payment_terms = $9,
  tax_id = $10, preferred = $11, categories = $12, updated_at = $13, updated_by = $14, version = version + 1
WHERE clinic_id = $1 AND id = $2`;

const INSERT = `
INSERT INTO vendor (clinic_id, id, name, contact_name, email, phone, address, account_number, payment_terms, tax_id, preferred,
  categories, updated_at, updated_by, created_at, created_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13, $14, 1)`;

/** Creates a vendor or changes one. Refuses NOT_FOUND, STALE_VERSION and INVALID. Answers its row. */
export async function saveVendor(tx: Tx, clinicId: string, input: VendorInput): Promise<string> {
  checked(input);
  await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  const { viewer, at } = tx.session;
  const present = input.id
    ? await vendorToChange(tx, { clinicId, id: rowOf(clinicId, input.id, ['input', 'id']) })
    : null;
  if (present) expectVersion(present.version, input.expectedVersion);
  const id = present?.id ?? newId();
  const address = kept(input.address && addressOf(input.address), present?.address ?? null);
  await rows(tx, present ? UPDATE : INSERT, [
    clinicId,
    id,
    input.name.trim(),
    kept(input.contactName, present?.contactName ?? null),
    kept(input.email, present?.email ?? null),
    kept(input.phone, present?.phone ?? null),
    address && JSON.stringify(address),
    kept(input.accountNumber, present?.accountNumber ?? null),
    kept(input.paymentTerms, present?.paymentTerms ?? null),
    kept(input.taxId, present?.storedTaxId ?? null),
    input.preferred ?? present?.preferred ?? false,
    input.categories ?? present?.categories ?? [],
    at,
    viewer.subject,
  ]);
  await announceVendors(tx, clinicId, [id]);
  await audit(tx, clinicId, {
    action: present ? 'vendor.change' : 'vendor.create',
    entityType: 'Vendor',
    entityId: id,
  });
  return id;
}

async function vendorToChange(tx: Tx, key: RecordKey): Promise<Vendor> {
  const vendor = await findByKey(tx, Vendor, key, { lock: 'UPDATE' });
  if (!vendor) throw refuseKit('NOT_FOUND', 'The vendor does not exist or is outside your reach.', ['input', 'id']);
  return vendor;
}

/** Refuses NOT_FOUND unless the vendor is one of the clinic. */
export async function requireVendor(tx: Tx, key: RecordKey, path: readonly string[]): Promise<void> {
  const found = await prepared(tx, 'SELECT 1 FROM vendor WHERE clinic_id = $1 AND id = $2', [key.clinicId, key.id]);
  if (found.length === 0) throw refuseKit('NOT_FOUND', 'The vendor does not exist or is outside your reach.', path);
}
