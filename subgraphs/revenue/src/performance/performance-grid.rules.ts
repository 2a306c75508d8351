/** What a group of the scorecard stands for; the nil uuid for facts that name none, null for all together. */
export interface GridCell {
  readonly locationId: string | null;
  readonly providerId: string | null;
}

/** A location or provider as a grid sees it, in the order in which it is shown. */
export interface GridMember {
  readonly id: string;
  readonly active: boolean;
}

/** A pair of location and provider that has facts, or that works together; the nil uuid for none. */
export interface GridPair {
  readonly locationId: string;
  readonly providerId: string;
}

export interface GridInput {
  readonly byLocation: boolean;
  readonly byProvider: boolean;
  /** Locations and providers that the viewer may see and the filter lets through. */
  readonly locations: readonly GridMember[];
  readonly providers: readonly GridMember[];
  /** False where viewer or filter leave no room for facts that name none. */
  readonly hasUnassignedLocation: boolean;
  readonly hasUnassignedProvider: boolean;
  /** Pairs with anything in the range. */
  readonly facts: readonly GridPair[];
  /** Pairs that work together by the directory. */
  readonly together: readonly GridPair[];
  /** True lets providers of whom no place is known stand at every place, where other domains may know of them. */
  readonly placesUnplaced: boolean;
  /** How "none" is written. */
  readonly none: string;
}

/**
 * Groups of a scorecard (E-12): those active now and those with anything in the range, and one for facts that name none,
 * last. Pairs are those with facts, those that work together while both are active, and for each location one for its facts
 * without a provider. So the groups of a report add up to its total.
 */
export function gridCells(input: GridInput): GridCell[] {
  const { byLocation, byProvider, none } = input;
  const withFacts = (side: keyof GridPair) => new Set(input.facts.map((pair) => pair[side]));
  const axis = (members: readonly GridMember[], side: keyof GridPair, hasNone: boolean) => {
    const seen = withFacts(side);
    const shown = members.filter((member) => member.active || seen.has(member.id)).map((member) => member.id);
    return hasNone ? [...shown, none] : shown;
  };
  if (!byLocation && !byProvider) return [{ locationId: null, providerId: null }];
  const locations = axis(input.locations, 'locationId', input.hasUnassignedLocation);
  const providers = axis(input.providers, 'providerId', input.hasUnassignedProvider);
  if (!byProvider) return locations.map((locationId) => ({ locationId, providerId: null }));
  if (!byLocation) return providers.map((providerId) => ({ locationId: null, providerId }));
  const active = new Set([...input.locations, ...input.providers].filter((m) => m.active).map((m) => m.id));
  const pair = (p: GridPair) => `${p.locationId}/${p.providerId}`;
  const placed = new Set([...input.facts, ...input.together].map((p) => p.providerId));
  const anywhere = input.placesUnplaced
    ? input.providers
        .filter((provider) => !placed.has(provider.id))
        .flatMap(({ id: providerId }) => input.locations.map(({ id: locationId }) => ({ locationId, providerId })))
    : [];
  const wanted = new Set([
    ...input.facts.map(pair),
    ...[...input.together, ...anywhere].filter((p) => active.has(p.locationId) && active.has(p.providerId)).map(pair),
  ]);
  return locations.flatMap((locationId) =>
    providers
      .filter((providerId) => providerId === none || wanted.has(pair({ locationId, providerId })))
      .map((providerId) => ({ locationId, providerId })),
  );
}
