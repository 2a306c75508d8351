import { audit, Decimal, findByKey, findByKeys, newId, Refused, type Refusal, type Tx } from '@practice-graph/kit';
import { Location } from '../clinics/location.entity';
import { monthsAt, postingDay } from '../clinics/posting-day.service';
import { filledIfGiven, keyInClinic, requireWithin } from '../clinics/saving.service';
import { Patient } from '../patients/patient.entity';
import { ProductionEntry } from '../production/production-entry.entity';
import { requireProduction } from '../production/production-lines.service';
import { refuse } from '../refusals';
import { writePayment, type Collection } from './payment-ledger.service';
import type { PaymentRecordInput } from './payment.inputs';
import { isPayable, isWithinBalance, methodOf, total } from './payment.rules';

const at = (list: 'tenders' | 'productionEntries', index: number, member: string) => [
  'input',
  list,
  String(index),
  member,
];

/** The tenders, each more than zero; answers their sum. */
function requireTenders({ tenders }: PaymentRecordInput): Decimal {
  if (tenders.length === 0) throw refuse('INVALID', 'A payment needs at least one tender.', ['input', 'tenders']);
  const wrong = tenders.flatMap(({ method, amount }, index): Refusal[] => [
    ...(amount.lte(0)
      ? [{ code: 'BAD_AMOUNT', message: 'A tender must be more than zero.', path: at('tenders', index, 'amount') }]
      : []),
    ...(method === 'MIXED'
      ? [{ code: 'INVALID', message: 'A tender has one method.', path: at('tenders', index, 'method') }]
      : []),
  ]);
  if (wrong.length > 0) throw new Refused(wrong);
  return total(tenders.map((tender) => tender.amount));
}

/** What the payment collects, entry by entry; the entries are locked. */
async function collectionsOf(tx: Tx, clinicId: string, input: PaymentRecordInput): Promise<Collection[]> {
  const parts = input.productionEntries ?? [];
  if (parts.length === 0)
    throw refuse('INVALID', 'Name the production entries that it settles.', ['input', 'productionEntries']);
  const keys = parts.map((part, index) =>
    keyInClinic(clinicId, part.productionEntryId, at('productionEntries', index, 'productionEntryId')),
  );
  const found = new Map(
    (await findByKeys(tx, ProductionEntry, keys, { lock: 'UPDATE' })).map((entry) => [entry.id, entry]),
  );
  const wrong: Refusal[] = [];
  const collections = parts.flatMap((part, index): Collection[] => {
    const id = keys[index]?.id ?? '';
    const path = at('productionEntries', index, 'productionEntryId');
    const entry = found.get(id);
    const refused = entry ? problemOf(tx, entry, part) : { code: 'NOT_FOUND', message: NOT_THERE };
    if (keys.findIndex((key) => key.id === id) !== index)
      wrong.push({ code: 'INVALID', message: 'The entry is named twice.', path });
    else if (refused)
      wrong.push({ ...refused, path: refused.member ? at('productionEntries', index, refused.member) : path });
    return entry ? [{ entry, amount: part.amount }] : [];
  });
  if (wrong.length > 0) throw new Refused(wrong.map(({ code, message, path }) => ({ code, message, path })));
  return collections;
}

const NOT_THERE = 'The entry does not exist or is outside your reach.';

function problemOf(
  tx: Tx,
  entry: ProductionEntry,
  part: { readonly amount: Decimal; readonly allowCredit?: boolean | null | undefined },
): { code: string; message: string; member?: string } | null {
  const { locations, providers } = tx.session.viewer.restrictions;
  if ((locations && !locations.includes(entry.locationId)) || (providers && !providers.includes(entry.providerId)))
    return { code: 'NOT_FOUND', message: NOT_THERE };
  if (part.amount.lte(0))
    return { code: 'BAD_AMOUNT', message: 'The amount must be more than zero.', member: 'amount' };
  if (!isPayable(entry))
    return { code: 'ILLEGAL_STATE_CHANGE', message: 'Only an entry that counts and stands can be paid.' };
  if (!part.allowCredit && !isWithinBalance(part.amount, entry.net, entry.collected))
    return {
      code: 'EXCEEDS_BALANCE',
      message: `Only ${Decimal.max(entry.outstanding, 0).toFixed(2)} is outstanding; allowCredit lifts the limit.`,
      member: 'amount',
    };
  return null;
}

/** Where the payment was received: the place named, else that of the first entry. */
async function placeOf(tx: Tx, clinicId: string, input: PaymentRecordInput, first: ProductionEntry | undefined) {
  const path = ['input', 'locationId'];
  const id = input.locationId == null ? first?.locationId : keyInClinic(clinicId, input.locationId, path).id;
  requireWithin(tx, 'locations', id ?? null, path);
  const location = id === undefined ? null : await findByKey(tx, Location, { clinicId, id });
  if (!location) throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', path);
  return location;
}

async function payerOf(tx: Tx, clinicId: string, input: PaymentRecordInput, collections: readonly Collection[]) {
  const concerned = [...new Set(collections.map(({ entry }) => entry.patientId))];
  if (input.patientId == null) return { id: concerned.length === 1 ? (concerned[0] ?? null) : null, concerned };
  const key = keyInClinic(clinicId, input.patientId, ['input', 'patientId']);
  if (!(await findByKey(tx, Patient, key)))
    throw refuse('NOT_FOUND', 'The patient does not exist or is outside your reach.', ['input', 'patientId']);
  return { id: key.id, concerned: [...new Set([...concerned, key.id])] };
}

/**
 * Records money received on production entries. It counts as collected on the day of the payment; what of it settles
 * nothing is kept as credit of the patient.
 */
export async function recordPayment(tx: Tx, clinicId: string, input: PaymentRecordInput): Promise<{ id: string }> {
  await requireProduction(tx, clinicId);
  const amount = requireTenders(input);
  const collections = await collectionsOf(tx, clinicId, input);
  const applied = total(collections.map((part) => part.amount));
  if (applied.gt(amount))
    throw refuse('AMOUNT_MISMATCH', `The entries take ${applied.toFixed(2)}, but ${amount.toFixed(2)} was paid.`, [
      'input',
      'productionEntries',
    ]);
  const location = await placeOf(tx, clinicId, input, collections[0]?.entry);
  const payer = await payerOf(tx, clinicId, input, collections);
  const months = await monthsAt(tx, clinicId, [{ location, at: input.paidAt }]);
  const id = newId();
  await writePayment(
    tx,
    {
      clinicId,
      id,
      locationId: location.id,
      patientId: payer.id,
      amount,
      method: methodOf(input.tenders),
      paidAt: input.paidAt,
      businessDate: postingDay(tx, location, input.paidAt, months, ['input', 'paidAt']),
      refundOfId: null,
      settlementId: filledIfGiven(input.settlementId, 'settlementId') ?? null,
      unappliedCredit: amount.minus(applied),
    },
    input.tenders,
    collections,
  );
  await audit(tx, clinicId, {
    action: 'payment.record',
    entityType: 'Payment',
    entityId: id,
    subjects: payer.concerned,
  });
  return { id };
}
