/** The medical spa: visits of injectors, what they take out of stock, what is wasted and what is booked. */
import { dose, kept, priceOf, PRODUCT_FAMILIES, variantName, type ProductFamily } from './catalogue';
import { monthOf, weekdayOf, instantMs, dateOf } from './days';
import type { Ledger } from './ledger';
import { patientId, RECALLED_LOT, vendorId, type Place, type Post } from './organisation';
import type { Random } from './random';
import type { ClinicRows, MovementRow, ProductRow, WasteReason } from './rows.types';
import { Stock, type Demand, type Good } from './stock';

interface Movement extends Demand {
  readonly provider: string;
  readonly minute: number;
  /** What it was: a use on a patient or waste. */
  readonly what:
    | { readonly type: 'TREATMENT_USE'; patientId: string; revenueCents: number | null; serviceName: string }
    | { readonly type: 'WASTE'; patientId: null; wasteReason: WasteReason };
}

interface Stocked {
  readonly good: Good;
  readonly retailCents: number;
}

/** Year's end and spring are the high seasons: share of a mean month, January first. */
const SEASON = [0.8, 0.8, 1, 1.2, 1.2, 1, 0.95, 0.9, 0.95, 1, 1.35, 1.35];

/** One injector wastes about twice as much as the others. */
const WASTEFUL = 'IN-09';
const VENDORS = 6;

const WASTE_REASONS = [
  ['DRAW_UP_LOSS', 46],
  ['STABILITY_EXCEEDED', 27],
  ['EXPIRED_UNUSED', 9],
  ['PATIENT_NO_SHOW', 8],
  ['TRAINING', 4],
  ['CONTAMINATION', 3],
  ['DAMAGED', 3],
] as const;

export class Spa {
  private readonly random: Random;
  private readonly products: ProductRow[] = [];
  private readonly stocked = new Map<string, Stocked[]>();
  private readonly movements: Movement[] = [];
  private readonly known = new Map<string, string[]>();
  private treated = 0;

  constructor(private readonly ledger: Ledger) {
    this.random = ledger.random.fork('spa');
    for (const family of ledger.of.kind === 'HOSPITAL' ? [] : PRODUCT_FAMILIES) {
      const variants = kept(family.variants, ledger.scale.catalogue);
      for (let variant = 0; variant < variants; variant++) this.stock(family, variant, variants);
    }
    if (ledger.scale.recalled.treatments > 0) {
      const gauze = PRODUCT_FAMILIES.find((family) => family.key === 'gauze') as ProductFamily;
      this.stock({ ...gauze, key: 'recalled', name: 'Etch gel 37 %, applicator' }, 0, 1);
    }
  }

  generate(): ClinicRows['spa'] {
    const { ledger } = this;
    const { firstDay, lastDay } = ledger.scale;
    for (let day = firstDay; day <= lastDay; day++) {
      if (weekdayOf(day) === 7) continue;
      for (const place of ledger.of.places) for (const post of place.injectors) this.workDay(place, post, day);
    }
    const stock = new Stock(ledger, 'spa lots', ledger.scale.spaLotDays);
    const byTime = this.movements
      .map((movement, order) => ({
        ...movement,
        order,
        ms: instantMs(movement.place.timeZone, movement.day, movement.minute),
      }))
      .sort((a, b) => a.ms - b.ms || a.order - b.order);
    const movements = stock.cover(byTime).map(({ demand, lot, quantityMilli, isFirst }): MovementRow => {
      const taken = {
        clinicId: ledger.clinicId,
        id: ledger.idAt(demand.ms),
        ...{ productId: lot.ofId, lotId: lot.id, locationId: ledger.location(demand.place) },
        providerId: ledger.provider(demand.provider),
        ...{ at: new Date(demand.ms).toISOString(), date: dateOf(demand.day) },
        ...{ quantityMilli, unitCostMicros: lot.unitCostMicros },
      };
      // What was billed is billed once, also when two lots were needed.
      return demand.what.type === 'WASTE' || isFirst
        ? { ...taken, ...demand.what }
        : { ...taken, ...demand.what, revenueCents: null };
    });
    const { lots, receipts } = stock;
    return { products: this.products, lots, receipts, movements };
  }

  private stock(family: ProductFamily, variant: number, variants: number): void {
    const { ledger, products } = this;
    const index = products.length + 1;
    const costCents = priceOf(family.lowCents, family.highCents, variant, variants);
    const retailCents = family.markup === null ? null : Math.round((costCents * family.markup) / 100) * 100;
    const isRecalled = family.key === 'recalled';
    const vendor = isRecalled ? 1 : 1 + (index % VENDORS);
    const row: ProductRow = {
      clinicId: ledger.clinicId,
      id: ledger.idOn(ledger.scale.firstDay - 30),
      sku: `SPA-${String(index).padStart(3, '0')}`,
      name: variantName(family.name, variant, variants),
      brand: family.category === 'NEUROTOXIN' ? family.name.slice(0, 12) : null,
      category: family.category,
      unitCostMicros: costCents * 10_000,
      retailCents,
      unitType: family.unitType,
      unitsPerPackage: family.packSize,
      labelStabilityHours: family.labelStabilityHours,
      requireExpirationDate: family.shelfLifeDays !== null,
      reorderPoint: family.packSize * 2,
      vendorId: vendorId(ledger.of.key, vendor),
    };
    products.push(row);
    const good: Good = {
      ...{ id: row.id, letter: 'P', index, packSize: family.packSize, vendor, shelfLifeDays: family.shelfLifeDays },
      unitCents: costCents,
      lotNumber: isRecalled ? RECALLED_LOT : null,
    };
    const stocked = { good, retailCents: retailCents ?? 0 };
    this.stocked.set(family.key, [...(this.stocked.get(family.key) ?? []), stocked]);
  }

  private workDay(place: Place, post: Post, day: number): void {
    const { random, ledger } = this;
    const weekend = weekdayOf(day) === 6 ? 0.5 : 1.1;
    const mean = ledger.scale.visitsPerDay * post.share * weekend * (SEASON[monthOf(day) - 1] as number);
    for (let visits = random.poisson(mean); visits > 0; visits--) {
      const minute = 9 * 60 + 15 * random.int(0, 31);
      this.visit(place, post.provider, day, minute);
      this.waste(place, post.provider, day, minute + 10);
    }
  }

  /** A patient of the recalled lot while some are still missing, else somebody who came before or is new. */
  private visitor(place: Place, day: number): { id: string; isRecalled: boolean } {
    const { random, ledger } = this;
    const { recalled, recalledFrom, recalledUntil, lastDay } = ledger.scale;
    const isTime = day >= lastDay - recalledFrom + 10 && day <= lastDay - recalledUntil;
    if (isTime && this.treated < recalled.treatments) {
      const number = ++this.treated;
      const id = number <= recalled.both ? patientId(ledger.of.key, number) : ledger.patient('SELF_PAY');
      return { id, isRecalled: true };
    }
    const known = this.known.get(place.key) ?? [];
    this.known.set(place.key, known);
    if (known.length > 10 && random.chance(0.66)) return { id: random.pick(known), isRecalled: false };
    const id = ledger.patient('SELF_PAY');
    known.push(id);
    return { id, isRecalled: false };
  }

  private visit(place: Place, provider: string, day: number, minute: number): void {
    const { random, ledger } = this;
    const { id, isRecalled } = this.visitor(place, day);
    const service = random.weighted([
      ['toxin', 58],
      ['filler', 27],
      ['facial', 15],
    ] as const);
    const use = (stocked: Stocked, quantityMilli: number, serviceName: string): number => {
      const revenueCents = Math.round((stocked.retailCents * quantityMilli) / 1_000);
      this.movements.push({
        ...{ good: stocked.good, place, provider, day, minute, quantityMilli },
        what: {
          ...{ type: 'TREATMENT_USE', patientId: id, serviceName },
          revenueCents: revenueCents === 0 ? null : revenueCents,
        },
      });
      return revenueCents;
    };
    const one = (family: string): Stocked => random.pick(this.stocked.get(family) as Stocked[]);
    let grossCents = 0;
    if (service === 'toxin') {
      const kind = random.weighted([
        ['toxinA', 65],
        ['toxinB', 20],
        ['toxinC', 15],
      ] as const);
      const units = kind === 'toxinC' ? 3 * dose(random) : dose(random);
      grossCents += use(one(kind), units, 'Wrinkle treatment');
    } else if (service === 'filler') {
      grossCents += use(one(random.chance(0.75) ? 'filler' : 'fillerSmall'), 1_000 * random.int(1, 2), 'Filler');
      use(one('cream'), 1_000, 'Filler');
    } else {
      grossCents += use(one('serum'), 1_000, 'Skin treatment');
      use(one('tip'), 1_000, 'Skin treatment');
    }
    use(one('needle'), 1_000 * random.int(1, 4), 'Consumables');
    use(one('gauze'), 1_000, 'Consumables');
    if (random.chance(0.25)) grossCents += use(one(random.chance(0.6) ? 'sunscreen' : 'capsule'), 1_000, 'Home care');
    if (isRecalled) use((this.stocked.get('recalled') as Stocked[])[0] as Stocked, 1_000, 'Skin preparation');
    ledger.book({
      ...{ place, provider, patientId: id, plan: null, day, minute, grossCents, insuranceCents: 0 },
      ...{ code: `SPA-${service.toUpperCase()}`, category: 'OTHER', description: 'Cosmetic treatment' },
    });
  }

  private waste(place: Place, provider: string, day: number, minute: number): void {
    const { random } = this;
    if (!random.chance(provider === WASTEFUL ? 0.62 : 0.26)) return;
    const reason = random.weighted(WASTE_REASONS);
    const isLoss = reason === 'DRAW_UP_LOSS' || reason === 'STABILITY_EXCEEDED' || reason === 'TRAINING';
    const { good } = random.pick(
      this.stocked.get(isLoss ? 'toxinA' : random.pick(['needle', 'cream', 'toxinB'])) as Stocked[],
    );
    const quantityMilli =
      reason === 'DRAW_UP_LOSS' ? 500 * random.int(2, 10) : isLoss ? 500 * random.int(8, 40) : 1_000 * random.int(1, 6);
    this.movements.push({
      ...{ good, place, provider, day, minute, quantityMilli },
      what: { type: 'WASTE', patientId: null, wasteReason: reason },
    });
  }
}
