import { clinicIdText, recordIdText, Refused, type Tx } from '@practice-graph/kit';
import {
  buckets,
  isRestricted,
  NIL_UUID,
  rangeLabel,
  SEVERAL,
  UNASSIGNED,
  type GranularityName,
  type ResolvedPeriod,
} from '@practice-graph/practice';
import type { Clinic } from '../clinics/clinic.entity';
import type { Location } from '../clinics/location.entity';
import type { Provider } from '../clinics/provider.entity';
import { gridCells } from './performance-grid.rules';
import { filterList, pairsTogether, pairsWithFacts, type FilterList } from './performance-grid.service';
import type { PerformanceFilter } from './performance.inputs';
import type { PerformanceReport, PerformanceRow } from './performance.types';

const ROWS_MAX = 2_000;

/** Selects nothing: the id of no row. */
const NOBODY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What a scorecard is asked for; locations and providers are those that the viewer may see. */
export interface PerformanceRequest {
  readonly clinic: Clinic;
  readonly locations: readonly Location[];
  readonly providers: readonly Provider[];
  readonly period: ResolvedPeriod;
  readonly byLocation: boolean;
  readonly byProvider: boolean;
  readonly granularity: GranularityName | null;
  readonly filter: PerformanceFilter | null;
}

const idText = (clinicId: string, id: string | null) =>
  id === null ? null : id === NIL_UUID ? UNASSIGNED : recordIdText(clinicId, id);

/** How a key says what the filter lets through on a side by which the row is not grouped; null for everything. */
function filterText(clinicId: string, list: FilterList | null): string | null {
  if (!list) return null;
  const ids = [...list.ids].sort().map((id) => recordIdText(clinicId, id));
  if (list.withNone) ids.push(UNASSIGNED);
  return ids.length > 0 ? ids.join(SEVERAL) : recordIdText(clinicId, NOBODY);
}

const dimension = ({ byLocation, byProvider }: PerformanceRequest) => (byLocation ? (byProvider ? 'LP' : 'L') : 'P');

/** The dense grid of a scorecard: which rows there are, under which keys; every domain then adds its measures (E-12). */
export async function performanceGrid(tx: Tx, request: PerformanceRequest): Promise<PerformanceReport> {
  const { clinic, period, byLocation, byProvider, filter } = request;
  const { clinicId } = clinic;
  const { viewer, at } = tx.session;
  const locations = filterList(clinicId, filter?.locationIds);
  const providers = filterList(clinicId, filter?.providerIds);
  const isGrouped = byLocation || byProvider;
  const [facts, together] = await Promise.all([
    isGrouped ? pairsWithFacts(tx, clinicId, period, dimension(request)) : [],
    byLocation && byProvider ? pairsTogether(tx, clinicId) : [],
  ]);
  const input = {
    byLocation,
    byProvider,
    locations: request.locations.filter((l) => !locations || locations.ids.has(l.id)),
    providers: request.providers.filter((p) => !providers || providers.ids.has(p.id)),
    hasUnassignedLocation: viewer.restrictions['locations'] === undefined && (locations?.withNone ?? true),
    hasUnassignedProvider: viewer.restrictions['providers'] === undefined && (providers?.withNone ?? true),
    facts,
    together,
    none: NIL_UUID,
  };
  const { granularity } = request;
  const whole = { from: period.from, to: period.to, label: period.label };
  const stretches = granularity ? buckets(period.from, period.to, granularity) : [whole];
  // Other domains may have facts of a provider whose places nobody here knows; such pairs are shown while there is room.
  const wide = gridCells({ ...input, placesUnplaced: true });
  const cells = wide.length * stretches.length > ROWS_MAX ? gridCells({ ...input, placesUnplaced: false }) : wide;
  if (cells.length * stretches.length > ROWS_MAX)
    throw new Refused({
      code: 'TOO_MANY_ROWS',
      message: `The scorecard would have ${String(cells.length * stretches.length)} rows; at most ${String(ROWS_MAX)} are answered. Take a shorter period, longer buckets or fewer groups.`,
      path: ['groupBy'],
    });
  const row = (of: { from: string; to: string; label: string }, locationId: string | null, providerId: string | null) =>
    ({
      clinicId: clinicIdText(clinicId),
      locationId: locationId ?? filterText(clinicId, locations),
      providerId: providerId ?? filterText(clinicId, providers),
      from: of.from,
      to: of.to,
      period: { ...of },
    }) as PerformanceRow;
  return {
    period: whole,
    currency: clinic.currency,
    asOf: at,
    isRestricted: isRestricted(viewer),
    rows: cells.flatMap((cell) =>
      stretches.map((of) => row(of, idText(clinicId, cell.locationId), idText(clinicId, cell.providerId))),
    ),
    total: row(whole, null, null),
  };
}

/** A row as another domain names it by its key; the label is that of the range. */
export const rowOfKey = (key: {
  clinicId: string;
  locationId?: string | null | undefined;
  providerId?: string | null | undefined;
  from: string;
  to: string;
}): PerformanceRow => ({
  clinicId: key.clinicId,
  locationId: key.locationId ?? null,
  providerId: key.providerId ?? null,
  from: key.from,
  to: key.to,
  period: { from: key.from, to: key.to, label: rangeLabel(key) },
});
