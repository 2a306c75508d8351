import { Decimal } from 'decimal.js';

/** Fewest providers with production among whom one can stand out. */
const PEERS_MIN = 3;
const ZERO = new Decimal(0);

/** What one of a clinic's providers granted, over what. */
export interface Peer {
  readonly amount: Decimal;
  /** Gross production; null where it is unknown or withheld. */
  readonly gross: Decimal | null;
}

/**
 * Deviations of a provider's rate over production from the mean of the clinic's providers (ADJ-88). Each counts alike,
 * whatever his production; those without any have no rate. Nothing is known when one of them is not, when fewer than
 * three have a rate, or when all rates are equal. The deviation is that of the population, as in the trend.
 */
export function peerZScore(peers: readonly Peer[], own: number): Decimal | null {
  if (peers.some(({ gross }) => gross === null)) return null;
  const rates = peers.map(({ amount, gross }) => (gross?.gt(0) ? amount.div(gross) : null));
  const known = rates.flatMap((rate) => (rate ? [rate] : []));
  const rate = rates[own];
  if (!rate || known.length < PEERS_MIN) return null;
  const mean = Decimal.sum(...known).div(known.length);
  const deviation = known
    .reduce((sum, one) => sum.plus(one.minus(mean).pow(2)), ZERO)
    .div(known.length)
    .sqrt();
  return known.every((one) => one.equals(rate))
    ? null
    : rate.minus(mean).div(deviation).toDecimalPlaces(6, Decimal.ROUND_HALF_UP);
}

/** The amounts of all providers and the position of the own one as a text, and back. */
export const peersText = (own: number, amounts: readonly Decimal[]): string =>
  `${String(own)}:${amounts.map((amount) => amount.toFixed()).join(',')}`;

export function peersOfText(text: string): { own: number; amounts: Decimal[] } | null {
  const [own, amounts] = text.split(':');
  return amounts ? { own: Number(own), amounts: amounts.split(',').map((amount) => new Decimal(amount)) } : null;
}
