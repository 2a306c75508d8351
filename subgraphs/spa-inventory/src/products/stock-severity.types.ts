import { registerEnumType } from 'type-graphql';

export const StockSeverity = { OK: 'OK', LOW: 'LOW', CRITICAL: 'CRITICAL', OUT: 'OUT' } as const;
export type StockSeverity = (typeof StockSeverity)[keyof typeof StockSeverity];
registerEnumType(StockSeverity, {
  name: 'StockSeverity',
  description: 'How scarce a supply is.',
  valuesConfig: {
    OK: { description: 'Above the reorder point.' },
    LOW: { description: 'At or below the reorder point.' },
    CRITICAL: { description: 'At or below a tenth of the reorder point.' },
    OUT: { description: 'Nothing available.' },
  },
});
