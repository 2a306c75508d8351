import { clinicIdText, Decimal, recordIdText, Refused, type Context } from '@practice-graph/kit';
import { NIL_UUID, SEVERAL, UNASSIGNED, type Bucket } from '@practice-graph/practice';
import type { EntryFilter } from '../entries/entry-filter.service';
import { PerformanceRow } from '../performance/performance-row.types';
import type { BreakdownSlice } from './adjustment-breakdown.rules';
import { membersText, type AdjustmentDimension, type Members } from './adjustment-dimension.rules';
import { providersOfClinic } from './provider-peers.service';

/** Most productions of providers that one breakdown may ask for. */
const PEERS_MAX = 20_000;

/** What each provider of a clinic granted, and the rows of the scorecard that say what each of them produced. */
export interface Peers {
  /** Position of the own one. */
  readonly own: number;
  readonly amounts: readonly Decimal[];
  readonly keys: readonly PerformanceRow[];
}

export type PeersOf = (slice: Pick<BreakdownSlice, 'members'>, stretch: number) => Promise<Peers | null>;

/**
 * Reads the peers of each row of a breakdown by provider: all providers of the clinic, whatever the breakdown shows. The
 * other dimensions, the days and the places are those of the row. A row of no provider has none, and so has a row beside
 * a withheld one.
 */
export function peersReader(
  context: Context,
  of: {
    readonly clinicId: string;
    readonly filter: EntryFilter;
    readonly by: readonly AdjustmentDimension[];
    readonly buckets: readonly Bucket[];
    /** Rows of the breakdown. */
    readonly count: number;
    /** Slices of all providers. */
    readonly slices: () => Promise<readonly BreakdownSlice[]>;
  },
): PeersOf | null {
  const { clinicId, filter, by, buckets } = of;
  const at = by.indexOf('PROVIDER');
  if (at < 0) return null;
  const placeAt = by.indexOf('LOCATION');
  const groupText = (members: Members) => membersText(members.filter((_, index) => index !== at));
  const read = async () => {
    const slices = await of.slices();
    const cellsOf = new Map(slices.map((slice) => [membersText(slice.members), slice.cells]));
    const found = slices.map(({ members }) => members[at] ?? NIL_UUID).filter((id) => id !== NIL_UUID);
    const providers = [...new Set([...(await providersOfClinic(await context.read(), clinicId)), ...found])];
    return { cellsOf, providers };
  };
  const placeOf = (members: Members): string | null => {
    if (placeAt < 0) return filter.locationIds?.join(SEVERAL) ?? null;
    const id = members[placeAt] ?? NIL_UUID;
    return id === NIL_UUID ? UNASSIGNED : recordIdText(clinicId, id);
  };
  /** Peers of rows that differ in the provider alone are the same. */
  const groups = new Map<string, Omit<Peers, 'own'> | null>();
  let all: ReturnType<typeof read> | undefined;
  let isTold = false;
  return async ({ members }, stretch) => {
    const { cellsOf, providers } = await (all ??= read());
    const own = providers.indexOf(members[at] ?? NIL_UUID);
    const bucket = buckets[stretch];
    if (own < 0 || !bucket) return null;
    if (of.count * providers.length > PEERS_MAX) {
      if (isTold) return null;
      isTold = true;
      throw new Refused({
        code: 'TOO_MANY_ROWS',
        message: `Each of ${String(of.count)} rows would be compared with ${String(providers.length)} providers; at most ${String(PEERS_MAX)} comparisons are made. Take fewer dimensions, longer buckets or a limit.`,
        path: ['breakdown', 'peerZScore'],
      });
    }
    const text = `${String(stretch)}|${groupText(members)}`;
    let group = groups.get(text);
    if (group === undefined) {
      const cells = providers.map((id) => cellsOf.get(membersText(members.with(at, id)))?.[stretch]);
      const locationId = placeOf(members);
      const { from, to } = bucket;
      group = cells.some((cell) => cell?.isSuppressed)
        ? null
        : {
            amounts: cells.map((cell) => cell?.amount ?? new Decimal(0)),
            keys: providers.map((id) =>
              Object.assign(new PerformanceRow(), {
                ...{ clinicId: clinicIdText(clinicId), locationId, providerId: recordIdText(clinicId, id), from, to },
              }),
            ),
          };
      groups.set(text, group);
    }
    return group && { own, ...group };
  };
}
