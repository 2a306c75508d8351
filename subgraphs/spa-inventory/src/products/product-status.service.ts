import { audit, expectVersion, findByKey, refuseKit, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { refuse } from '../refusals';
import { Product } from './product.entity';
import { isProductStep } from './product.rules';

/** The product of a change, locked. Refuses NOT_FOUND. */
export async function productToChange(tx: Tx, key: RecordKey, path: readonly string[]): Promise<Product> {
  const product = await findByKey(tx, Product, key, { lock: 'UPDATE' });
  if (!product) throw refuseKit('NOT_FOUND', 'The product does not exist or is outside your reach.', path);
  return product;
}

export interface ProductStep {
  readonly key: RecordKey;
  readonly to: string;
  readonly expectedVersion?: number | null | undefined;
  readonly reason?: string | null | undefined;
}

/** Approves a product, discontinues one or takes it up again. Refuses NOT_FOUND, STALE_VERSION, ILLEGAL_STATE_CHANGE. */
export async function setProductStatus(tx: Tx, step: ProductStep): Promise<string> {
  const { key, to } = step;
  await clinicOf(tx, key.clinicId, 'SPA_INVENTORY');
  const product = await productToChange(tx, key, ['id']);
  expectVersion(product.version, step.expectedVersion);
  if (!isProductStep(product.storedStatus, to))
    throw refuse('ILLEGAL_STATE_CHANGE', `A product that is ${product.storedStatus} cannot become ${to}.`, ['to']);
  await rows(
    tx,
    'UPDATE product SET stored_status = $3, updated_at = $4, updated_by = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2',
    [key.clinicId, key.id, to, tx.session.at, tx.session.viewer.subject],
  );
  await audit(tx, key.clinicId, {
    action: 'product.status',
    entityType: 'Product',
    entityId: key.id,
    fromState: product.storedStatus,
    toState: to,
    note: step.reason ?? null,
  });
  return key.id;
}
