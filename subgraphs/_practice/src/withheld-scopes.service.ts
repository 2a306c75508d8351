import type { Viewer } from '@practice-graph/kit';
import type { Day } from './calendar.rules';
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

/** Cells of a table that must be withheld. */
function withheldOf(cells: readonly TableCell[]): ReadonlySet<string> {
  const found = new Map<string, { position: string[]; layers: Map<string, { patients: number }> }>();
  for (const { location, provider, layer, patients } of cells) {
    const text = cellText(location, provider);
    const cell = found.get(text) ?? { position: [location ?? '', provider ?? ''], layers: new Map() };
    cell.layers.set(layer ?? '', { patients });
    found.set(text, cell);
  }
  const verdicts = withheldInAnyLayer([...found.values()]);
  return new Set([...found.keys()].filter((_, at) => verdicts[at]));
}

/**
 * Which scopes must be withheld from a reader of aggregates (E-06): those with few patients, and those from which such
 * a one could be told. That depends on all places and providers of the clinic and range within the viewer's reach and
 * not on what is asked together, so that several requests tell no more than one. A pair is withheld with its place and
 * with its provider, which would follow from all of their pairs. `count` counts the patients behind all cells of tables.
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
  const withheld = new Map(
    tables.map((table, at) => [tableText(table), withheldOf(found.filter(({ n }) => n === at))]),
  );
  return scopes.map((scope) =>
    tablesOf(scope).some((table) => {
      const hidden = withheld.get(tableText(table));
      return ((table.byLocation ? scope.locationIds : null) ?? [null]).some((location) =>
        ((table.byProvider ? scope.providerIds : null) ?? [null]).some((provider) =>
          hidden?.has(cellText(location, provider)),
        ),
      );
    }),
  );
}
