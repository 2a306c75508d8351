import { eventOf, type GraphEvent } from '@practice-graph/kit';
import {
  factOf,
  factsOfEntries,
  type ClinicSaved,
  type LocationSaved,
  type PeriodState,
  type ProductionEntriesChanged,
  type ProviderSaved,
} from '../events';
import { periodFact } from '../posting-month.events';

/** State of an imagined clinic; a test names only what matters to it. */
export const aClinic = (of: Partial<ClinicSaved> = {}): ClinicSaved => ({
  name: 'Harbour Group',
  kind: 'ORTHODONTIC',
  currency: 'USD',
  timeZone: 'America/New_York',
  fiscalYearStartMonth: 1,
  capabilities: ['PRODUCTION', 'REVENUE_POINTS', 'ADJUSTMENTS', 'APPLIANCE_SUPPLY', 'SPA_INVENTORY'],
  version: 1,
  ...of,
});

/** State of an imagined location. */
export const aLocation = (of: Partial<LocationSaved> & { id: string }): LocationSaved => ({
  name: 'Harbour North',
  kind: 'ORTHODONTIC',
  timeZone: 'America/New_York',
  chairCount: 6,
  workingWeekdays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  closedDates: [],
  active: true,
  version: 1,
  ...of,
});

/** State of an imagined provider. */
export const aProvider = (of: Partial<ProviderSaved> & { id: string }): ProviderSaved => ({
  name: 'DR-07',
  role: 'orthodontist',
  active: true,
  isStub: false,
  version: 1,
  ...of,
});

const AT = new Date('2026-01-01T12:00:00Z');

/** The events by which a subgraph with copies of the directory hears of a clinic, its locations and providers. */
export const directoryEvents = (
  clinicId: string,
  of: { clinic?: ClinicSaved; locations?: readonly LocationSaved[]; providers?: readonly ProviderSaved[] } = {},
): GraphEvent[] => [
  eventOf(clinicId, factOf('clinic.saved', clinicId, of.clinic ?? aClinic()), AT),
  ...(of.locations ?? []).map((l) => eventOf(clinicId, factOf('location.saved', l.id, l), AT)),
  ...(of.providers ?? []).map((p) => eventOf(clinicId, factOf('provider.saved', p.id, p), AT)),
];

/** Delivers them to a subgraph under test and expects that each is taken. */
export async function tellDirectory(
  subgraph: { deliver(event: GraphEvent): Promise<{ status: number; body: string }> },
  clinicId: string,
  of: Parameters<typeof directoryEvents>[1] = {},
): Promise<void> {
  for (const event of directoryEvents(clinicId, of)) {
    const answer = await subgraph.deliver(event);
    if (answer.status >= 300) throw new Error(`${event.type}: ${String(answer.status)} ${answer.body}`);
  }
}

/** The event by which a subgraph hears that a month of the books moved to another state. */
export const periodEvent = (clinicId: string, month: string, status: PeriodState, version: number): GraphEvent =>
  eventOf(clinicId, periodFact({ month: `${month}-01`, status, version }), AT);

/** Tells a subgraph under test of the state of a month, for example ('2026-05', 'CLOSING', 2), and expects that it is taken. */
export async function tellPeriod(
  subgraph: { deliver(event: GraphEvent): Promise<{ status: number; body: string }> },
  clinicId: string,
  month: string,
  status: PeriodState,
  version = 2,
): Promise<void> {
  const answer = await subgraph.deliver(periodEvent(clinicId, month, status, version));
  if (answer.status >= 300) throw new Error(`${month} ${status}: ${String(answer.status)} ${answer.body}`);
}

/** The events by which a subgraph hears what is to be collected of production entries. */
export const entryEvents = (clinicId: string, entries: ProductionEntriesChanged['entries']): GraphEvent[] =>
  factsOfEntries(entries).map((fact) => eventOf(clinicId, fact, AT));
