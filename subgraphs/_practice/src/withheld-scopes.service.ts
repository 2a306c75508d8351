import type { Viewer } from '@practice-graph/kit';
import { addDays, type Day } from './calendar.rules';
import type { SliceScope } from './performance-key';
import { withheldInAnyLayer } from './small-cell.rules';

/** All cells of a clinic and range that are split alike. */
export interface ScopeTable {
  readonly clinicId: string;
  readonly from: Day;
  readonly to: Day;
  readonly byLocation: boolean;
  readonly byProvider: boolean;
}

/** How many patients stand behind a cell of a table; the nil uuid stands for none, null for "not split by it". */
export interface TableCell {
  /** Position of the table. */
  readonly n: number;
  readonly location: string | null;
  readonly provider: string | null;
  /** Measure with patients of its own behind it; without any a cell is one. */
  readonly layer?: string;
  readonly patients: number;
}

const rangeText = ({ clinicId, from, to }: Pick<SliceScope, 'clinicId' | 'from' | 'to'>): string =>
  [clinicId, from, to].join();
const tableText = (table: ScopeTable): string => [rangeText(table), table.byLocation, table.byProvider].join();
const cellText = (location: string | null, provider: string | null): string => `${location ?? ''}/${provider ?? ''}`;

/** The tables in which a scope can be told: its own, and for a pair those of its places and of its people. */
function tablesOf({ clinicId, from, to, locationIds, providerIds }: SliceScope): ScopeTable[] {
  const table = (byLocation: boolean, byProvider: boolean) => ({ clinicId, from, to, byLocation, byProvider });
  const own = table(locationIds !== null, providerIds !== null);
  return own.byLocation && own.byProvider ? [own, table(true, false), table(false, true)] : [own];
}

/** Positions of tables that are split alike and of ranges of which each begins on the day after the one before. */
function trendsOf(tables: readonly ScopeTable[]): readonly (readonly number[])[] {
  const kindOf = ({ clinicId, byLocation, byProvider }: ScopeTable) => [clinicId, byLocation, byProvider].join();
  const trends: number[][] = [];
  const byDate = tables.map((_, n) => n).sort((a, b) => ((tables[a]?.from ?? '') < (tables[b]?.from ?? '') ? -1 : 1));
  for (const n of byDate) {
    const table = tables[n] as ScopeTable;
    const trend = trends.find((each) => {
      const last = tables[each.at(-1) ?? -1];
      return last && kindOf(last) === kindOf(table) && addDays(last.to, 1) === table.from;
    });
    if (trend) trend.push(n);
    else trends.push([n]);
  }
  return trends;
}

/**
 * Cells of each table that must be withheld: on its own, whatever it is asked together with, and then with the other
 * stretches of its trend, since the sum of all of them may be known.
 */
function withheldIn(tables: readonly ScopeTable[], cells: readonly TableCell[]): ReadonlySet<string>[] {
  const found = new Map<string, { n: number; text: string; position: string[]; layers: Map<string, number> }>();
  for (const { n, location, provider, layer, patients } of cells) {
    const text = cellText(location, provider);
    const key = `${String(n)} ${text}`;
    const cell = found.get(key) ?? { n, text, position: [location ?? '', provider ?? ''], layers: new Map() };
    cell.layers.set(layer ?? '', patients);
    found.set(key, cell);
  }
  const hidden = tables.map(() => new Set<string>());
  const hide = (ns: readonly number[]) => {
    const those = [...found.values()].filter(({ n }) => ns.includes(n));
    const verdicts = withheldInAnyLayer(
      those.map(({ n, text, position, layers }) => {
        const others = hidden[n]?.has(text) ? { others: 1 } : {};
        return {
          position: [String(n), ...position],
          layers: new Map([...layers].map(([layer, patients]) => [layer, { patients, ...others }])),
        };
      }),
    );
    those.forEach(({ n, text }, at) => {
      if (verdicts[at]) hidden[n]?.add(text);
    });
  };
  tables.forEach((_, n) => {
    hide([n]);
  });
  for (const trend of trendsOf(tables)) if (trend.length > 1) hide(trend);
  return hidden;
}

/**
 * Which scopes must be withheld from a reader of aggregates (E-06): those with few patients, and those from which such
 * a one could be told. That depends on all places and providers of the clinic and range within the viewer's reach and
 * not on what is asked together, so that several requests tell no more than one. A pair is withheld with its place and
 * with its provider, which would follow from all of their pairs; of the stretches of a trend never one alone. `count` counts the patients behind all cells of tables.
 */
export async function withheldScopes(
  viewer: Viewer,
  scopes: readonly SliceScope[],
  count: (tables: readonly ScopeTable[]) => Promise<readonly TableCell[]>,
): Promise<boolean[]> {
  const tables = [...new Map(scopes.flatMap(tablesOf).map((table) => [tableText(table), table])).values()];
  const { locations, providers } = viewer.restrictions;
  const isWithin = (ids: readonly string[] | undefined, id: string | null) => id === null || !ids || ids.includes(id);
  const found = (await count(tables)).filter(
    (cell) => isWithin(locations, cell.location) && isWithin(providers, cell.provider),
  );
  const hidden = withheldIn(tables, found);
  const withheld = new Map(tables.map((table, n) => [tableText(table), hidden[n]]));
  return scopes.map((scope) =>
    tablesOf(scope).some((table) => {
      const cells = withheld.get(tableText(table));
      return ((table.byLocation ? scope.locationIds : null) ?? [null]).some((location) =>
        ((table.byProvider ? scope.providerIds : null) ?? [null]).some((provider) =>
          cells?.has(cellText(location, provider)),
        ),
      );
    }),
  );
}
