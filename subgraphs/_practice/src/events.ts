import { createHash } from 'node:crypto';
import { Decimal, type Fact, type GraphEvent } from '@practice-graph/kit';
import { z } from 'zod';
import { isCalendarDay, WEEKDAYS } from './calendar.rules';
import { RECALL_CLASSES } from './recall.rules';

export const CLINIC_KINDS = ['ORTHODONTIC', 'HOSPITAL', 'MEDICAL_SPA'] as const;
export type ClinicKindName = (typeof CLINIC_KINDS)[number];

/** Domains that are switched on per clinic. */
export const CAPABILITIES = [
  'PRODUCTION',
  'REVENUE_POINTS',
  'ADJUSTMENTS',
  'APPLIANCE_SUPPLY',
  'SPA_INVENTORY',
] as const;
export type CapabilityName = (typeof CAPABILITIES)[number];

export const ADJUSTMENT_CATEGORIES = [
  'INSURANCE_WRITEOFF',
  'COURTESY_DISCOUNT',
  'PROFESSIONAL_DISCOUNT',
  'FAMILY_DISCOUNT',
  'PROMOTIONAL',
  'BAD_DEBT',
  'SMALL_BALANCE',
  'TIMING_ADJUSTMENT',
  'ERROR_CORRECTION',
  'RECOVERY',
  'OTHER',
] as const;

const day = z.string().refine(isCalendarDay, 'a day is written YYYY-MM-DD');
// Ids are compared as text everywhere, so one spelling only.
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a lower-case uuid');
const money = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,2})?$/)
  .transform((text) => new Decimal(text));
const version = z.int().min(1);

/** Full state of a clinic. Payloads are read leniently: a member that a newer sender added is ignored. */
export const clinicSaved = z.object({
  name: z.string(),
  kind: z.enum(CLINIC_KINDS),
  currency: z.string(),
  timeZone: z.string(),
  fiscalYearStartMonth: z.int().min(1).max(12),
  capabilities: z.array(z.enum(CAPABILITIES)),
  version,
});
export type ClinicSaved = z.infer<typeof clinicSaved>;

/** Full state of a location. */
export const locationSaved = z.object({
  id: uuid,
  name: z.string(),
  kind: z.enum(CLINIC_KINDS),
  timeZone: z.string(),
  chairCount: z.int().min(0),
  workingWeekdays: z.array(z.enum(WEEKDAYS)),
  closedDates: z.array(day),
  active: z.boolean(),
  version,
});
export type LocationSaved = z.infer<typeof locationSaved>;

/** Full state of a provider. */
export const providerSaved = z.object({
  id: uuid,
  name: z.string(),
  role: z.string(),
  active: z.boolean(),
  isStub: z.boolean(),
  version,
});
export type ProviderSaved = z.infer<typeof providerSaved>;

/** Full state of a vendor as other domains need it: to name it and to prefer it. */
export const vendorSaved = z.object({
  id: uuid,
  name: z.string(),
  preferred: z.boolean(),
  version,
});
export type VendorSaved = z.infer<typeof vendorSaved>;

/**
 * Full state of a recall: that it started, or that it was closed. It stands in force, and blocks lots, unless it was
 * called off.
 */
export const recallState = z.object({
  id: uuid,
  recallNumber: z.string(),
  recallClass: z.enum(RECALL_CLASSES),
  reason: z.string(),
  announcedOn: day,
  lotNumber: z.string().nullable(),
  gtin: z.string().nullable(),
  /** Item or product of either inventory, as it was named. */
  itemId: uuid.nullable(),
  /** GTINs under which the goods are known to the sender. */
  gtins: z.array(z.string()),
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  closedBy: z.string().nullable(),
  isInForce: z.boolean(),
  version,
});
export type RecallState = z.infer<typeof recallState>;

/** What the other inventory found under a recall: the lot numbers that it blocked and the patients who got of them. */
export const recallApplied = z.object({
  recallId: uuid,
  lotNumbers: z.array(z.string()),
  patientIds: z.array(uuid),
  /** Version of the recall that was applied. */
  version,
});
export type RecallApplied = z.infer<typeof recallApplied>;

/** A lot that came under a recall, at its start or when it was received later. */
export const lotRecalled = z.object({
  id: uuid,
  itemId: uuid,
  lotNumber: z.string(),
  recallNumber: z.string(),
  recallClass: z.enum(RECALL_CLASSES),
  version,
});
export type LotRecalled = z.infer<typeof lotRecalled>;

/**
 * An adjustment that counts, or the reversal of one: signed as it stands in the ledger, so that a receiver adds the
 * amount and never asks which of the two it is. Positive reduces what is owed.
 */
export const adjustmentPosted = z.object({
  id: uuid,
  category: z.enum(ADJUSTMENT_CATEGORIES),
  amount: money,
  affectsNetProduction: z.boolean(),
  /** Business day on which it counts. */
  adjustmentDate: day,
  /** Day it was meant for when that month had closed meanwhile. */
  originalDate: day.nullable(),
  locationId: uuid.nullable(),
  providerId: uuid.nullable(),
  patientId: uuid.nullable(),
  treatmentPlanId: uuid.nullable(),
  productionEntryId: uuid.nullable(),
  invoiceId: uuid.nullable(),
  /** Adjustment that this one undoes; null for an original. */
  reversesId: uuid.nullable(),
  version,
});
export type AdjustmentPosted = z.infer<typeof adjustmentPosted>;

/** An adjustment that waits for a decision; no amount of it counts yet. */
export const adjustmentPending = z.object({
  id: uuid,
  category: z.enum(ADJUSTMENT_CATEGORIES),
  amount: money,
  adjustmentDate: day,
  locationId: uuid.nullable(),
  providerId: uuid.nullable(),
  /** Adjustment that this one is to undo; null for an original. */
  reversesId: uuid.nullable(),
  requestedBy: z.string(),
  /** Why policy demands a decision. */
  reasons: z.array(z.string()),
  version,
});
export type AdjustmentPending = z.infer<typeof adjustmentPending>;

/** What became of a waiting adjustment; one that was approved is told by `adjustment.posted` or `.reversed` too. */
export const adjustmentDecided = z.object({
  id: uuid,
  category: z.enum(ADJUSTMENT_CATEGORIES),
  amount: money,
  adjustmentDate: day,
  requestedBy: z.string(),
  status: z.enum(['APPROVED', 'REJECTED']),
  decidedBy: z.string(),
  reason: z.string().nullable(),
  version,
});
export type AdjustmentDecided = z.infer<typeof adjustmentDecided>;

/** States of a month of the books; facts may be posted into an OPEN one only. */
export const PERIOD_STATES = ['OPEN', 'CLOSING', 'CLOSED', 'LOCKED'] as const;
export type PeriodState = (typeof PERIOD_STATES)[number];

/** Full state of a month of the books. */
export const periodMoved = z.object({
  /** First day of the month. */
  month: day,
  status: z.enum(PERIOD_STATES),
  version,
});
export type PeriodMoved = z.infer<typeof periodMoved>;

/** A domain has stopped: nothing more of it will be dated in the month, and all that was has been told. */
export const periodConfirmed = z.object({
  month: day,
  /** Name of the subgraph. */
  domain: z.string(),
  /** Version of the month when it began to close; a confirmation of an earlier attempt says nothing of a later one. */
  version,
});
export type PeriodConfirmed = z.infer<typeof periodConfirmed>;

/**
 * What is to be collected of production entries, each in full with its own version. One transaction tells of all that it
 * changed in one event, so that a group of entries costs hardly more than one.
 */
export const productionEntriesChanged = z.object({
  entries: z
    .array(
      z.object({
        id: uuid,
        patientId: uuid,
        gross: money,
        /** Paid so far, less what was given back. */
        collected: money,
        /** False of an entry that was voided or reversed, and of one that reverses another: nothing is earned by it. */
        stands: z.boolean(),
        version,
      }),
    )
    .min(1),
});
export type ProductionEntriesChanged = z.infer<typeof productionEntriesChanged>;

/** Events of which sender and receivers share the form; `adjustment.reversed` carries the row that undoes another. */
export const EVENTS = {
  'clinic.saved': clinicSaved,
  'location.saved': locationSaved,
  'provider.saved': providerSaved,
  'vendor.saved': vendorSaved,
  'recall.started': recallState,
  'recall.closed': recallState,
  'recall.applied': recallApplied,
  'lot.recalled': lotRecalled,
  'adjustment.posted': adjustmentPosted,
  'adjustment.reversed': adjustmentPosted.extend({ reversesId: uuid }),
  'adjustment.pending': adjustmentPending,
  'adjustment.decided': adjustmentDecided,
  'production_entry.changed': productionEntriesChanged,
  'period.closing': periodMoved,
  'period.closed': periodMoved,
  'period.reopened': periodMoved,
  'period.confirmed': periodConfirmed,
} as const;
export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.output<(typeof EVENTS)[T]>;
/** What a sender gives: decimals may be Decimal, which JSON carries as text. */
export type EventInput<T extends EventType> = { [K in keyof EventData<T>]: EventData<T>[K] };

/** Data of a received event, checked; throws when a neighbour sent something else, so that the event is kept and retried. */
export function eventData<T extends EventType>(type: T, event: GraphEvent): EventData<T> {
  if (event.type !== type) throw new Error(`expected ${type}, got ${event.type}`);
  return EVENTS[type].parse(event.data) as EventData<T>;
}

/**
 * A fact to be emitted. Its key is the record and, as the state may change, its version; so a resync sends the same id
 * again and receivers that have it do nothing.
 */
export function factOf<T extends Exclude<EventType, 'production_entry.changed'>>(
  type: T,
  recordId: string,
  data: EventInput<T>,
): Fact {
  const plain = JSON.parse(JSON.stringify(data)) as EventInput<T>;
  EVENTS[type].parse(plain);
  return { type, key: `${recordId}:${String(data.version)}`, data: plain };
}

/** Entries that one event tells of; bounds what a delivery carries. */
const ENTRIES_MAX = 500;

/** The facts that entries changed, as few as can carry them; the same states make the same facts, also in a resync. */
export function factsOfEntries(entries: ProductionEntriesChanged['entries']): Fact[] {
  const facts: Fact[] = [];
  for (let from = 0; from < entries.length; from += ENTRIES_MAX) {
    const some = entries.slice(from, from + ENTRIES_MAX);
    const states = some.map(({ id, version: at }) => `${id}:${String(at)}`).join();
    const key = createHash('sha256').update(states).digest('base64url');
    const told = some.map((entry) => ({
      ...entry,
      gross: entry.gross.toFixed(2),
      collected: entry.collected.toFixed(2),
    }));
    facts.push({ type: 'production_entry.changed' satisfies EventType, key, data: { entries: told } });
  }
  return facts;
}
