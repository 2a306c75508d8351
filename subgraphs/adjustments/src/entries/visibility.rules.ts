interface Reader {
  readonly aggregateOnly: boolean;
  readonly restrictions: Readonly<Record<string, readonly string[]>>;
}

interface Placed {
  readonly locationId: string | null;
  readonly providerId: string | null;
}

/**
 * True when a reader may see an entry (E-06): readers of aggregates see none, those who are narrowed to locations or
 * providers only theirs; an entry that names none is outside every restriction.
 */
export function isVisible(entry: Placed, reader: Reader): boolean {
  const within = (id: string | null, only: readonly string[] | undefined) =>
    only === undefined || (id !== null && only.includes(id));
  return (
    !reader.aggregateOnly &&
    within(entry.locationId, reader.restrictions['locations']) &&
    within(entry.providerId, reader.restrictions['providers'])
  );
}
