/** Appliance supplies: what each orthodontic visit takes out of stock. */
import { kept, priceOf, SUPPLY_FAMILIES, variantName, type SupplyFamily } from './catalogue';
import { CERAMIC_PLACE } from './cases';
import { dayOf } from './days';
import type { Ledger } from './ledger';
import { RECALLED_LOT, type Place } from './organisation';
import type { Random } from './random';
import type { ApplianceRow, ApplianceSystem, ClinicRows, EntryRow, ItemRow, PlanRow, UsageRow } from './rows.types';
import { Stock, type Demand, type Good } from './stock';

interface Use extends Demand {
  readonly entry: EntryRow;
  readonly plan: PlanRow;
  readonly applianceId: string | null;
  readonly applianceType: UsageRow['applianceType'];
  readonly isRework: boolean;
}

const VENDORS = 6;
const BRACKETS: Readonly<Record<ApplianceSystem, string>> = {
  METAL_BRACKETS: 'metal',
  CERAMIC_BRACKETS: 'ceramic',
  SELF_LIGATING: 'ligating',
  ALIGNERS: 'aligner',
};

export class Supplies {
  private readonly random: Random;
  private readonly items: ItemRow[] = [];
  private readonly goods = new Map<string, Good[]>();
  private readonly appliances: ApplianceRow[] = [];
  /** Appliance that a case wears, by case. */
  private readonly worn = new Map<string, string>();
  private readonly uses: Use[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly recalled: ReadonlySet<string>,
  ) {
    this.random = ledger.random.fork('supplies');
    // A hospital keeps no orthodontic supplies.
    if (ledger.of.kind !== 'HOSPITAL') for (const family of SUPPLY_FAMILIES) this.stockFamily(family);
    if (recalled.size > 0)
      this.stockItem({ ...this.family('etch'), key: 'recalled', name: 'Etch gel 37 %, syringe' }, 0, 1);
  }

  generate(entries: readonly EntryRow[]): ClinicRows['supplies'] {
    const { ledger } = this;
    const plans = new Map(ledger.plans.map((plan) => [plan.id, plan]));
    const places = new Map(ledger.of.places.map((place) => [ledger.location(place), place]));
    for (const entry of entries) {
      const plan = entry.planId === null ? undefined : plans.get(entry.planId);
      if (plan) this.visit(entry, plan, places.get(entry.locationId) as Place);
    }
    const stock = new Stock(ledger, 'supply lots', ledger.scale.supplyLotDays);
    const usages = stock.cover(this.uses).map(({ demand: use, lot, quantityMilli }): UsageRow => {
      const { entry, plan } = use;
      return {
        clinicId: ledger.clinicId,
        id: ledger.idAt(Date.parse(entry.occurredAt)),
        applianceId: use.applianceId,
        applianceType: use.applianceType,
        applianceSystem: plan.applianceSystem,
        patientId: plan.patientId,
        planId: plan.id,
        providerId: entry.providerId,
        locationId: entry.locationId,
        itemId: lot.ofId,
        lotId: lot.id,
        date: entry.date,
        quantityMilli,
        unitCostMicros: lot.unitCostMicros,
        isRework: use.isRework,
      };
    });
    const { lots, receipts } = stock;
    return { items: this.items, lots, receipts, appliances: this.appliances, usages };
  }

  private family(key: string): SupplyFamily {
    return SUPPLY_FAMILIES.find((family) => family.key === key) as SupplyFamily;
  }

  private stockFamily(family: SupplyFamily): void {
    const variants = kept(family.variants, this.ledger.scale.catalogue);
    for (let variant = 0; variant < variants; variant++) this.stockItem(family, variant, variants);
  }

  private stockItem(family: SupplyFamily, variant: number, variants: number): void {
    const { ledger, items } = this;
    const index = items.length + 1;
    const isRecalled = family.key === 'recalled';
    const reorderPoint = family.packSize * 2;
    const item: ItemRow = {
      clinicId: ledger.clinicId,
      id: ledger.idOn(ledger.scale.firstDay - 30),
      sku: `SUP-${String(index).padStart(3, '0')}`,
      name: variantName(family.name, variant, variants),
      category: family.category,
      unit: family.unit,
      wholeUnitsOnly: family.wholeUnitsOnly,
      ...{ reorderPoint, maxLevel: reorderPoint * 4 },
    };
    items.push(item);
    const good: Good = {
      id: item.id,
      ...{ letter: 'S', index, packSize: family.packSize, shelfLifeDays: family.shelfLifeDays },
      unitCents: priceOf(family.lowCents, family.highCents, variant, variants),
      vendor: isRecalled ? 1 : 1 + (index % VENDORS),
      lotNumber: isRecalled ? RECALLED_LOT : null,
    };
    this.goods.set(family.key, [...(this.goods.get(family.key) ?? []), good]);
  }

  /** One item of a family; each case keeps to the item that it began with. */
  private good(family: string, plan: PlanRow): Good {
    const goods = this.goods.get(family) as Good[];
    return goods[Number.parseInt(plan.id.slice(-6), 16) % goods.length] as Good;
  }

  private visit(entry: EntryRow, plan: PlanRow, place: Place): void {
    const day = dayOf(entry.date);
    const isOverUsed = place.key === CERAMIC_PLACE && plan.applianceSystem === 'CERAMIC_BRACKETS';
    const use = (
      good: Good | string,
      quantity: number,
      applianceType: UsageRow['applianceType'] = 'OTHER',
      more: { applianceId?: string; isRework?: boolean } = {},
    ): void => {
      this.uses.push({
        ...{ entry, plan, place, day, applianceType },
        good: typeof good === 'string' ? this.good(good, plan) : good,
        quantityMilli: Math.round(quantity * 1_000),
        applianceId: more.applianceId ?? null,
        isRework: more.isRework ?? false,
      });
    };
    if (entry.category === 'TREATMENT_START') this.bonding(entry, plan, isOverUsed, use);
    else if (entry.category === 'ADJUSTMENT') this.visitDuringTreatment(plan, isOverUsed, use);
    else if (entry.category === 'EMERGENCY') this.repair(plan, use);
    else if (entry.category === 'DEBOND') this.retaining(entry, plan, use);
  }

  private bonding(entry: EntryRow, plan: PlanRow, isOverUsed: boolean, use: UseLine): void {
    const etch = this.recalled.has(plan.id) ? 'recalled' : 'etch';
    const type = plan.applianceSystem === 'ALIGNERS' ? 'ALIGNERS' : 'BRACKETS';
    const applianceId = this.appliance(entry, plan, type);
    const on = { applianceId };
    if (type === 'ALIGNERS') {
      use('aligner', 1, type, on);
      use(etch, 1, type, on);
      use('adhesive', 1.5, type, on);
      return;
    }
    use(BRACKETS[plan.applianceSystem], isOverUsed ? 28 : 20, type, on);
    use('tube', 4, type, on);
    use('adhesive', isOverUsed ? 4 : 2.5, type, on);
    use('primer', 1, type, on);
    use(etch, 1, type, on);
    use('wire', 2, type, on);
    use('ligature', 1, type, on);
    if (plan.phase === 'PHASE_1' && this.random.chance(0.2)) use('expander', 1, type, on);
  }

  private visitDuringTreatment(plan: PlanRow, isOverUsed: boolean, use: UseLine): void {
    const { random } = this;
    if (plan.applianceSystem === 'ALIGNERS') {
      if (random.chance(0.25)) use('elastic', 1, 'ELASTICS');
      return;
    }
    if (random.chance(0.5)) use('wire', random.int(1, 2));
    if (random.chance(0.42)) use('elastic', 1, 'ELASTICS');
    if (random.chance(0.3)) use('chain', 2, 'POWER_CHAIN');
    if (random.chance(0.08)) use('wax', 1);
    if (random.chance(0.04)) use('spring', 1);
    if (random.chance(0.01)) use('anchor', 1);
    // Brackets that are changed for looks rather than for need: the habit behind story 4.
    if (isOverUsed && random.chance(0.35)) use('ceramic', random.int(2, 4), 'BRACKETS');
  }

  private repair(plan: PlanRow, use: UseLine): void {
    if (plan.applianceSystem === 'ALIGNERS') return;
    const applianceId = this.worn.get(plan.id);
    const rework = applianceId === undefined ? { isRework: true } : { applianceId, isRework: true };
    use(BRACKETS[plan.applianceSystem], this.random.int(1, 2), 'BRACKETS', rework);
    use('adhesive', 0.25, 'BRACKETS', rework);
  }

  private retaining(entry: EntryRow, plan: PlanRow, use: UseLine): void {
    const type = this.random.chance(0.5) ? 'RETAINER_FIXED' : 'RETAINER_REMOVABLE';
    const applianceId = this.appliance(entry, plan, type);
    use('retainer', 2, type, { applianceId });
    if (type === 'RETAINER_FIXED') use('adhesive', 0.5, type, { applianceId });
  }

  private appliance(entry: EntryRow, plan: PlanRow, applianceType: ApplianceRow['applianceType']): string {
    const id = this.ledger.idAt(Date.parse(entry.occurredAt));
    const isWorn = applianceType === 'BRACKETS' || applianceType === 'ALIGNERS';
    if (isWorn) this.worn.set(plan.id, id);
    this.appliances.push({
      ...{ clinicId: this.ledger.clinicId, id, patientId: plan.patientId, planId: plan.id },
      ...{ providerId: entry.providerId, locationId: entry.locationId, applianceType },
      applianceSystem: plan.applianceSystem,
      placedOn: entry.date,
      removedOn: isWorn ? plan.endedOn : null,
    });
    return id;
  }
}

type UseLine = (
  good: Good | string,
  quantity: number,
  applianceType?: UsageRow['applianceType'],
  more?: { applianceId?: string; isRework?: boolean },
) => void;
