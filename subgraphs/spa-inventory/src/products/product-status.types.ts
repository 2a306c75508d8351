import { registerEnumType } from 'type-graphql';

export const ProductStatus = {
  ACTIVE: 'ACTIVE',
  DISCONTINUED: 'DISCONTINUED',
  OUT_OF_STOCK: 'OUT_OF_STOCK',
  PENDING_APPROVAL: 'PENDING_APPROVAL',
} as const;
export type ProductStatus = (typeof ProductStatus)[keyof typeof ProductStatus];
registerEnumType(ProductStatus, {
  name: 'ProductStatus',
  description: 'Present state of a product.',
  valuesConfig: {
    ACTIVE: { description: 'Can be ordered and used.' },
    DISCONTINUED: { description: 'Can no longer be ordered; what is left may be used up.' },
    OUT_OF_STOCK: { description: 'In use, nothing in stock anywhere; follows from stock.' },
    PENDING_APPROVAL: { description: 'New; cannot be ordered or used yet.' },
  },
});
