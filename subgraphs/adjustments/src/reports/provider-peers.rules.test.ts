import { Decimal } from 'decimal.js';
import { peersOfText, peersText, peerZScore } from './provider-peers.rules';

const peer = (amount: string, gross: string | null) => ({
  amount: new Decimal(amount),
  gross: gross === null ? null : new Decimal(gross),
});

test.each([
  // Rates of 1, 2 and 6 %: mean 3 %, deviation sqrt(14 / 3) %.
  ['the highest', ['10/1000', '40/2000', '30/500'], 2, '1.38873'],
  ['the lowest', ['10/1000', '40/2000', '30/500'], 0, '-0.92582'],
  ['one without production counts for nothing', ['10/1000', '40/2000', '30/500', '5/0'], 2, '1.38873'],
  ['one without production has no rate', ['10/1000', '40/2000', '30/500', '5/0'], 3, undefined],
  ['one who granted nothing counts', ['0/1000', '0/1000', '60/1000'], 2, '1.414214'],
  ['fewer than three with production', ['10/1000', '40/2000', '5/0'], 0, undefined],
  ['equal rates', ['1/3', '2/6', '3/9'], 0, undefined],
  ['the production of one is withheld', ['10/1000', '40/2000', '30/500', '5/null'], 0, undefined],
])('where a provider stands among the others: %s', (_, peers, own, expected) => {
  const all = peers.map((text) => {
    const [amount = '', gross = ''] = text.split('/');
    return peer(amount, gross === 'null' ? null : gross);
  });
  expect(peerZScore(all, own)?.toFixed()).toBe(expected);
});

test('amounts of peers come back from their text, and a text without them is none', () => {
  const amounts = [new Decimal('-3.50'), new Decimal('1e12'), new Decimal(0)];
  expect(peersOfText(peersText(1, amounts))).toEqual({ own: 1, amounts });
  expect(peersOfText('none')).toBeNull();
});
