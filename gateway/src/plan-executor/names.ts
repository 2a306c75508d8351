import { type ConstDirectiveNode, type DocumentNode, type FieldNode, Kind, parse, visit } from 'graphql';
import type { Place } from './places';

/**
 * Response names under which a plan looks for what it needs itself: members of keys and of `@requires`. The planner
 * takes them from wherever they stand in the answer so far, whatever a client put there.
 */
export interface PlanNames {
  readonly all: ReadonlySet<string>;
  /** Those that a plan asks for with arguments of its own. */
  readonly withArguments: ReadonlySet<string>;
}

export function planNames(supergraph: DocumentNode): PlanNames {
  const all = new Set(['__typename']);
  const withArguments = new Set<string>();
  const take = (selection: string) => {
    visit(parse(`{ ${selection} }`, { noLocation: true }), {
      Field: ({ name, arguments: given }) => {
        all.add(name.value);
        if (given?.length) withArguments.add(name.value);
      },
    });
  };
  visit(supergraph, {
    Directive: (directive) => {
      const wanted = { join__type: 'key', join__field: 'requires' }[directive.name.value];
      const value = (directive as ConstDirectiveNode).arguments?.find((a) => a.name.value === wanted)?.value;
      if (value?.kind === Kind.STRING) take(value.value);
    },
  });
  return { all, withArguments };
}

/** A document as it is planned: fields that a client put under a plan's name, but that are something else, are moved. */
export interface PlannedNames {
  readonly document: DocumentNode;
  /** The name under which a field of the client's document stands in the data of its plan. */
  readonly of: (field: FieldNode) => string;
  /** A place in that data as the client knows it. */
  readonly asAsked: (place: Place) => Place;
}

const nameOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;

export function namesOfTheirOwn(document: DocumentNode, names: PlanNames): PlannedNames {
  const isMoved = (field: FieldNode): boolean =>
    names.all.has(nameOf(field)) &&
    (nameOf(field) !== field.name.value ||
      names.withArguments.has(field.name.value) ||
      (field.arguments ?? []).length > 0);

  const taken = new Set(names.all);
  let moved = 0;
  visit(document, {
    Field: (field) => {
      taken.add(nameOf(field));
      if (isMoved(field)) moved += 1;
    },
  });
  if (moved === 0) return { document, of: nameOf, asAsked: (place) => place };

  let mark = '_asked';
  while ([...taken].some((name) => name.endsWith(mark))) mark += '_';
  const of = (field: FieldNode) => (isMoved(field) ? `${nameOf(field)}${mark}` : nameOf(field));
  return {
    document: visit(document, {
      Field: {
        leave: (field) => (isMoved(field) ? { ...field, alias: { kind: Kind.NAME, value: of(field) } } : undefined),
      },
    }),
    of,
    asAsked: (place) =>
      place.map((step) => (typeof step === 'string' && step.endsWith(mark) ? step.slice(0, -mark.length) : step)),
  };
}
