import {
  batchLoader,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { Product } from '../products/product.entity';
import { Vendor } from './vendor.entity';

export const vendors = recordLoader(Vendor);

export interface VendorSearch {
  readonly search: string | null | undefined;
  readonly preferredOnly: boolean;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Text for ILIKE that finds the words as they are. */
export const likeText = (words: string): string => `%${words.trim().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/** Vendors of a clinic, preferred first, then by name. */
export function vendorPage(tx: Tx, clinicId: string, search: VendorSearch): Promise<Page<Vendor>> {
  const params: unknown[] = [clinicId];
  const where = ['v.clinic_id = $1'];
  if (search.preferredOnly) where.push('v.preferred');
  if (search.search) {
    params.push(likeText(search.search));
    where.push(`(v.name ILIKE $${String(params.length)} OR v.account_number ILIKE $${String(params.length)})`);
  }
  return readPage<object, Vendor>(tx, {
    select: 'v.*',
    from: 'vendor v',
    where,
    params,
    order: [
      { expression: '(NOT v.preferred)::int', type: 'integer', direction: 'ASC' },
      { expression: 'v.name', type: 'text', direction: 'ASC' },
      { expression: 'v.id', type: 'uuid', direction: 'ASC' },
    ],
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, Vendor, found),
  });
}

/** Products for which each vendor is preferred, by name: one statement for all vendors of a fetch. */
export const productsOfVendors = batchLoader<RecordKey, Product[]>(
  async (tx, keys) => {
    const found = hydrate(
      tx,
      Product,
      await prepared(
        tx,
        `SELECT p.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
         JOIN product p ON p.clinic_id = k.clinic_id AND p.preferred_vendor_id = k.id ORDER BY p.name, p.id`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
      ),
    );
    return keys.map((key) =>
      found.filter((product) => product.clinicId === key.clinicId && product.preferredVendorId === key.id),
    );
  },
  (key) => `${key.clinicId}/${key.id}`,
);
