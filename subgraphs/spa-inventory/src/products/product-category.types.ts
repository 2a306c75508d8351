import { registerEnumType } from 'type-graphql';

export const ProductCategoryCode = {
  NEUROTOXIN: 'NEUROTOXIN',
  FILLER: 'FILLER',
  SKINCARE: 'SKINCARE',
  DEVICE: 'DEVICE',
  CONSUMABLE: 'CONSUMABLE',
  SUPPLEMENT: 'SUPPLEMENT',
  OTHER: 'OTHER',
} as const;
export type ProductCategoryCode = (typeof ProductCategoryCode)[keyof typeof ProductCategoryCode];
registerEnumType(ProductCategoryCode, {
  name: 'ProductCategoryCode',
  description: 'Fixed category of a product.',
  valuesConfig: {
    NEUROTOXIN: { description: 'Botulinum toxins.' },
    FILLER: { description: 'Dermal fillers.' },
    SKINCARE: { description: 'Skin care sold or used.' },
    DEVICE: { description: 'Devices and their parts.' },
    CONSUMABLE: { description: 'Needles, gauze and the like.' },
    SUPPLEMENT: { description: 'Food supplements.' },
    OTHER: { description: 'Anything else.' },
  },
});
