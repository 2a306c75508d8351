import { registerEnumType } from 'type-graphql';
import { WriteOffDateBasis } from './write-off-date-basis.rules';

registerEnumType(WriteOffDateBasis, {
  name: 'WriteOffDateBasis',
  description:
    'Day under which insurance write-offs are counted: the usual reason why two reports disagree. A date that an entry lacks falls back to its adjustment date.',
  valuesConfig: {
    ADJUSTMENT_DATE: { description: 'The day of the entry; the default everywhere.' },
    PROCEDURE_DATE: { description: 'The day of the procedure, on which production counts.' },
    CLAIM_ESTIMATE_THEN_PAYMENT: {
      description: 'The estimate on the day of the claim, its correction on the day of payment.',
    },
    PAYMENT_DATE: { description: "The day of the payer's payment." },
  },
});

export { WriteOffDateBasis };
