import { recordIdText, recordLoader, type Context } from '@practice-graph/kit';
import { Vendor } from '../directory/directory.types';
import { VendorCopy } from './vendor-copy.entity';

/** Vendors by key; null while their owner has not told of them. */
export const vendorCopies = recordLoader(VendorCopy);

/**
 * The vendor of a lot or offer with its name. Null when none is named, and while its owner has not told of it: the name
 * is promised beside the reference, so a reference without it would not be an answer.
 */
export async function vendorOf(context: Context, clinicId: string, id: string | null): Promise<Vendor | null> {
  const copy = id === null ? null : await context.of(vendorCopies).load({ clinicId, id });
  return copy && Object.assign(new Vendor(), { id: recordIdText(clinicId, copy.id), name: copy.name });
}
