/** Lots and receipts that cover a list of demands: first expired, first out, never short, never below zero. */
import { dateOf, instantMs } from './days';
import type { Ledger } from './ledger';
import { vendorId, type Place } from './organisation';
import type { Random } from './random';
import type { LotRow, ReceiptRow } from './rows.types';

/** An item or product as far as stock is concerned. */
export interface Good {
  readonly id: string;
  readonly letter: string;
  readonly index: number;
  readonly packSize: number;
  /** Price of one unit in whole cents, so that a pack divides without a rest. */
  readonly unitCents: number;
  /** Days from receipt to the last day of use; null for goods that do not expire. */
  readonly shelfLifeDays: number | null;
  readonly vendor: number;
  /** Number on all its lots; null numbers them one after the other. */
  readonly lotNumber: string | null;
}

export interface Demand {
  readonly good: Good;
  readonly place: Place;
  readonly day: number;
  readonly quantityMilli: number;
}

/** A part of a demand that one lot covers. */
export interface Piece<D extends Demand> {
  readonly demand: D;
  readonly lot: LotRow;
  readonly quantityMilli: number;
  /** False for the second and later pieces of a demand that one lot could not cover. */
  readonly isFirst: boolean;
}

interface Holding {
  readonly lot: LotRow;
  leftMilli: number;
}

/** Amount of a quantity at a cost, in cents, rounded half-up once. */
export const costCents = (quantityMilli: number, unitCostMicros: number): number =>
  Math.round((quantityMilli * unitCostMicros) / 1e7);

export class Stock {
  readonly lots: LotRow[] = [];
  readonly receipts: ReceiptRow[] = [];
  private readonly random: Random;

  constructor(
    private readonly ledger: Ledger,
    label: string,
    private readonly lotDays: number,
  ) {
    this.random = ledger.random.fork(label);
  }

  /** Receives what the demands need, one lot of each good per stretch of days, and takes each demand from the oldest. */
  cover<D extends Demand>(demands: readonly D[]): Piece<D>[] {
    const needs = this.needs(demands);
    const held = new Map<string, Holding[]>();
    const received = new Set<string>();
    const lots = new Map<string, LotRow>();
    const pieces: Piece<D>[] = [];
    for (const demand of demands) {
      const { good, place } = demand;
      const stretch = this.stretchOf(demand.day);
      const at = `${good.id} ${place.key}`;
      const key = `${at} ${String(stretch)}`;
      const holdings = held.get(at) ?? [];
      held.set(at, holdings);
      if (!received.has(key)) {
        received.add(key);
        const lot = this.lot(lots, good, stretch);
        holdings.push({ lot, leftMilli: this.receive(lot, good, place, stretch, needs.get(key) ?? 0) });
      }
      pieces.push(...this.take(demand, holdings));
    }
    return pieces;
  }

  private stretchOf(day: number): number {
    return Math.floor((day - this.ledger.scale.firstDay) / this.lotDays);
  }

  private needs(demands: readonly Demand[]): Map<string, number> {
    const needs = new Map<string, number>();
    for (const { good, place, day, quantityMilli } of demands) {
      const key = `${good.id} ${place.key} ${String(this.stretchOf(day))}`;
      needs.set(key, (needs.get(key) ?? 0) + quantityMilli);
    }
    return needs;
  }

  private dayOfStretch(stretch: number): number {
    return this.ledger.scale.firstDay + stretch * this.lotDays;
  }

  private lot(lots: Map<string, LotRow>, good: Good, stretch: number): LotRow {
    // A good with a number of its own has one lot, whenever it comes in.
    const key = good.lotNumber === null ? `${good.id} ${String(stretch)}` : good.id;
    const known = lots.get(key);
    if (known) return known;
    const day = this.dayOfStretch(stretch);
    const { clinicId, of } = this.ledger;
    // Prices creep up a little from lot to lot.
    const unitCents = Math.max(1, Math.round(good.unitCents * (1 + stretch * 0.004)));
    const lot: LotRow = {
      clinicId,
      id: this.ledger.idOn(day),
      ofId: good.id,
      vendorId: vendorId(of.key, good.vendor),
      lotNumber:
        good.lotNumber ?? `${good.letter}${String(100 + good.index)}-${dateOf(day).slice(2).replaceAll('-', '')}`,
      expirationDate: good.shelfLifeDays === null ? null : dateOf(day + good.shelfLifeDays - this.random.int(0, 40)),
      receivedOn: dateOf(day),
      packSize: good.packSize,
      packPriceCents: unitCents * good.packSize,
      unitCostMicros: unitCents * 10_000,
    };
    lots.set(key, lot);
    this.lots.push(lot);
    return lot;
  }

  private receive(lot: LotRow, good: Good, place: Place, stretch: number, needMilli: number): number {
    const packMilli = good.packSize * 1_000;
    const packs =
      good.lotNumber === null ? Math.ceil((needMilli * 1.03) / packMilli) + 1 : Math.ceil(needMilli / packMilli);
    const day = this.dayOfStretch(stretch);
    const ms = instantMs(place.timeZone, day, 7 * 60);
    this.receipts.push({
      clinicId: lot.clinicId,
      id: this.ledger.idAt(ms),
      lotId: lot.id,
      ofId: good.id,
      locationId: this.ledger.location(place),
      date: dateOf(day),
      at: new Date(ms).toISOString(),
      packs,
      quantityMilli: packs * packMilli,
      totalCents: packs * lot.packPriceCents,
    });
    return packs * packMilli;
  }

  private take<D extends Demand>(demand: D, holdings: Holding[]): Piece<D>[] {
    const pieces: Piece<D>[] = [];
    let missing = demand.quantityMilli;
    while (missing > 0) {
      const first = holdings[0];
      if (!first) throw new Error('a demand is larger than what was received for it');
      const quantityMilli = Math.min(missing, first.leftMilli);
      if (quantityMilli > 0) pieces.push({ demand, lot: first.lot, quantityMilli, isFirst: pieces.length === 0 });
      first.leftMilli -= quantityMilli;
      missing -= quantityMilli;
      if (first.leftMilli === 0) holdings.shift();
    }
    return pieces;
  }
}
