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
import { likeText } from '../vendors/vendor.loader';
import { rowsOf } from '../directory/reference.service';
import { ProductBarcode } from './product-barcode.entity';
import { Product } from './product.entity';
import type { ProductFilter } from './product.inputs';

export const products = recordLoader(Product);

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/** Barcodes of products: one statement for all products of a fetch. */
export const barcodesOfProducts = batchLoader<RecordKey, ProductBarcode[]>(async (tx, keys) => {
  const found = hydrate(
    tx,
    ProductBarcode,
    await prepared(
      tx,
      `SELECT b.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN product_barcode b ON b.clinic_id = k.clinic_id AND b.product_id = k.id ORDER BY b.units_per_pack, b.gtin`,
      [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
    ),
  );
  return keys.map((key) => found.filter((code) => code.clinicId === key.clinicId && code.productId === key.id));
}, keyText);

/** The state that follows from what was decided and from stock; the same as `productStatus`, for filters. */
const STATUS = `CASE WHEN p.stored_status = 'ACTIVE' AND p.track_inventory
  AND NOT EXISTS (SELECT 1 FROM lot_stock s WHERE s.clinic_id = p.clinic_id AND s.product_id = p.id AND s.on_hand > 0)
  THEN 'OUT_OF_STOCK' ELSE p.stored_status END`;

export interface ProductSearch {
  readonly filter: ProductFilter | null | undefined;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Products of a clinic by name. */
export function productPage(tx: Tx, clinicId: string, search: ProductSearch): Promise<Page<Product>> {
  const params: unknown[] = [clinicId];
  const where = ['p.clinic_id = $1'];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const { filter } = search;
  if (filter?.search) {
    const words = bind(likeText(filter.search));
    where.push(`(p.name ILIKE ${words} OR p.brand ILIKE ${words} OR p.sku ILIKE ${words} OR EXISTS (
      SELECT 1 FROM product_barcode b WHERE b.clinic_id = p.clinic_id AND b.product_id = p.id AND b.gtin LIKE ${words}))`);
  }
  if (filter?.categories) where.push(`p.category = ANY(${bind(filter.categories)}::text[])`);
  if (filter?.statuses) where.push(`${STATUS} = ANY(${bind(filter.statuses)}::text[])`);
  if (filter?.brands) where.push(`p.brand = ANY(${bind(filter.brands)}::text[])`);
  if (filter?.vendorIds) where.push(`p.preferred_vendor_id = ANY(${bind(rowsOf(clinicId, filter.vendorIds))}::uuid[])`);
  return readPage<object, Product>(tx, {
    select: 'p.*',
    from: 'product p',
    where,
    params,
    order: [
      { expression: 'p.name', type: 'text', direction: 'ASC' },
      { expression: 'p.id', type: 'uuid', direction: 'ASC' },
    ],
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, Product, found),
  });
}
