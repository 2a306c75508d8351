import {
  audit,
  Decimal,
  expectVersion,
  findByKey,
  insert,
  nameOf,
  newId,
  reachable,
  rows,
  sqlState,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import { SupplyOffer } from './supply-offer.entity';
import type { SupplyOfferInput } from './supply-offer.inputs';

type OfferValues = Omit<SupplyOffer, 'clinicId' | 'id' | 'globalId' | 'unitCost' | 'version'>;

const at = (member: string) => ['input', member];

function keyIn(tx: Tx, clinicId: string, opaque: string, member: string, what: string) {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId) throw refuse('NOT_FOUND', `There is no such ${what}.`, at(member));
  return key;
}

function atLeast(value: number | null, least: number, member: string): void {
  if (value !== null && value < least) throw refuse('INVALID', `${member} is at least ${String(least)}.`, at(member));
}

const given = <T>(value: T | null | undefined, kept: T | null): T | null => (value === undefined ? kept : value);

/** Members as they shall be after the save (E-26). */
function valuesOf(input: SupplyOfferInput, item: SupplyItem, vendorId: string, kept: SupplyOffer | null): OfferValues {
  const vendorSku = nameOf(given(input.vendorSku, kept?.vendorSku ?? null), at('vendorSku'));
  const values = {
    ...{ itemId: item.id, vendorId, vendorSku, packPrice: input.packPrice },
    packSize: input.packSize ?? kept?.packSize ?? new Decimal(1),
    minimumPacks: input.minimumPacks ?? kept?.minimumPacks ?? 1,
    leadTimeDays: given(input.leadTimeDays, kept?.leadTimeDays ?? null),
    rank: given(input.rank, kept?.rank ?? null),
    validFrom: input.validFrom,
    validTo: given(input.validTo, kept?.validTo ?? null),
  };
  if (values.packPrice.isNegative()) throw refuse('INVALID', 'A price may not be negative.', at('packPrice'));
  if (!values.packSize.gt(0))
    throw refuse('BAD_QUANTITY', 'The content of a pack must be more than zero.', at('packSize'));
  if (item.wholeUnitsOnly && !values.packSize.isInteger())
    throw refuse('WHOLE_UNITS_ONLY', `${item.name} comes in whole units only.`, at('packSize'));
  atLeast(values.minimumPacks, 1, 'minimumPacks');
  atLeast(values.leadTimeDays, 0, 'leadTimeDays');
  atLeast(values.rank, 1, 'rank');
  if (values.validTo !== null && values.validTo < values.validFrom)
    throw refuse('INVALID', 'The last day lies before the first.', at('validTo'));
  return values;
}

const duplicate = (error: unknown): never => {
  if (sqlState(error) === '23505')
    throw refuse('DUPLICATE', 'The vendor has another price for this pack from that day on.', at('validFrom'));
  throw error;
};

const CHANGE = `
UPDATE supply_offer SET vendor_sku = $3, pack_price = $4, pack_size = $5, minimum_packs = $6, lead_time_days = $7, rank = $8,
  valid_from = $9, valid_to = $10, version = version + 1 WHERE clinic_id = $1 AND id = $2`;

/** Creates or changes a vendor's offer for an item. Answers its row id. */
export async function saveOffer(tx: Tx, clinicId: string, input: SupplyOfferInput): Promise<{ id: string }> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const item = await findByKey(tx, SupplyItem, keyIn(tx, clinicId, input.itemId, 'itemId', 'item'));
  if (!item) throw refuse('NOT_FOUND', 'There is no such item.', at('itemId'));
  const vendor = keyIn(tx, clinicId, input.vendorId, 'vendorId', 'vendor');
  if (input.id === null || input.id === undefined) {
    const id = newId();
    const values = valuesOf(input, item, vendor.id, null);
    await insert(tx, SupplyOffer, { clinicId, id, ...values, version: 1 } as never).catch(duplicate);
    await audit(tx, clinicId, { action: 'supply_offer.create', entityType: 'SupplyOffer', entityId: id });
    return { id };
  }
  const kept = await findByKey(tx, SupplyOffer, keyIn(tx, clinicId, input.id, 'id', 'offer'), { lock: 'UPDATE' });
  if (!kept) throw refuse('NOT_FOUND', 'There is no such offer.', at('id'));
  expectVersion(kept.version, input.expectedVersion);
  if (kept.itemId !== item.id) throw refuse('INVALID', 'An offer stays one of its item.', at('itemId'));
  if (kept.vendorId !== vendor.id) throw refuse('INVALID', 'An offer stays one of its vendor.', at('vendorId'));
  const values = valuesOf(input, item, vendor.id, kept);
  const { vendorSku, packPrice, packSize, minimumPacks, leadTimeDays, rank, validFrom, validTo } = values;
  const terms = [vendorSku, packPrice, packSize, minimumPacks, leadTimeDays, rank, validFrom, validTo];
  await rows(tx, CHANGE, [clinicId, kept.id, ...terms]).catch(duplicate);
  await audit(tx, clinicId, { action: 'supply_offer.change', entityType: 'SupplyOffer', entityId: kept.id });
  return { id: kept.id };
}

/** An offer as the demo loader gives it. */
export type ImportedOffer = OfferValues & { readonly id: string };

/** Creates many offers of a clinic with one statement, under one audit event. */
export async function importOffers(tx: Tx, clinicId: string, offers: readonly ImportedOffer[]): Promise<void> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  await insert(tx, SupplyOffer, offers.map((offer) => ({ ...offer, clinicId, version: 1 })) as never);
  await audit(tx, clinicId, { action: 'supply_offer.import', entityType: 'SupplyOffer', rowCount: offers.length });
}
