import { ApiField, Money, type Decimal } from '@practice-graph/kit';
import { ObjectType, registerEnumType } from 'type-graphql';

export const PaymentMethod = {
  CASH: 'CASH',
  CARD: 'CARD',
  WALLET: 'WALLET',
  INSURANCE: 'INSURANCE',
  BANK_TRANSFER: 'BANK_TRANSFER',
  MIXED: 'MIXED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type PaymentMethod = keyof typeof PaymentMethod;
registerEnumType(PaymentMethod, {
  name: 'PaymentMethod',
  description: 'How money came in.',
  valuesConfig: {
    CASH: { description: 'Notes and coins.' },
    CARD: { description: 'Debit or credit card.' },
    WALLET: { description: "Taken from the patient's prepaid wallet." },
    INSURANCE: { description: 'Paid by an insurer.' },
    BANK_TRANSFER: { description: 'Transfer from a bank account.' },
    MIXED: { description: 'Two or more tenders in one payment; only as a filter and on the payment itself.' },
    UNKNOWN: { description: 'The source did not say.' },
  },
});

@ObjectType('PaymentTender', { simpleResolvers: true, description: 'One tender of a payment.' })
export class PaymentTender {
  @ApiField(() => PaymentMethod, { description: 'How this part was paid.' })
  method: PaymentMethod;

  @ApiField(() => Money, { description: 'Amount of this part.' })
  amount: Decimal;
}
