import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { pendingOf, stateAfter } from './supply-order.rules';

test('what is pending and where an order stands follow from its quantities (C-S11)', () => {
  const quantity = fc.integer({ min: 1, max: 1_000 });
  fc.assert(
    fc.property(quantity, fc.array(quantity, { maxLength: 5 }), (ordered, receipts) => {
      let received = new Decimal(0);
      for (const receipt of receipts) if (received.plus(receipt).lte(ordered)) received = received.plus(receipt);
      const order = { ordered: new Decimal(ordered), received };
      const status = stateAfter(order);
      expect(
        pendingOf({ ...order, status })
          .plus(received)
          .eq(ordered),
      ).toBe(true);
      expect(pendingOf({ ...order, status: 'CLOSED_SHORT' }).isZero()).toBe(true);
      expect(status).toBe(received.isZero() ? 'OPEN' : received.eq(ordered) ? 'RECEIVED' : 'PARTIAL_RECEIVED');
    }),
  );
});
