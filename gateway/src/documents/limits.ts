import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large a request may be. Every limit has its own code, so that a client can tell what to change. */
export interface Limits {
  readonly bodyBytes: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directivesPerField: number;
  readonly rootFields: number;
  readonly cost: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_000_000,
  tokens: 8_000,
  depth: 15,
  aliases: 30,
  directivesPerField: 8,
  rootFields: 20,
  cost: 50_000,
};

/** A request beyond a limit; `limit` and `found` tell the client by how much. */
export function limitError(code: string, what: string, found: number, limit: number): GraphQLError {
  return new GraphQLError(`The operation has ${what}: ${String(found)}. At most ${String(limit)} are allowed.`, {
    extensions: { code, found, limit },
  });
}

interface Shape {
  depth: number;
  aliases: number;
  directivesPerField: number;
}

/**
 * Depth, aliases, directives and root fields of the chosen operation, measured before validation, because validation
 * itself is slow for documents that are made to be slow. Reading the schema is left out of the depth: tools ask for
 * it in one deep standard query, and the validation rules bound it.
 */
export function limitErrors(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Limits,
): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Shape>();
  const open = new Set<string>();

  const measure = (set: SelectionSetNode): Shape => {
    const shape: Shape = { depth: 0, aliases: 0, directivesPerField: 0 };
    for (const selection of set.selections) join(shape, measureOne(selection));
    return shape;
  };
  const measureOne = (selection: SelectionNode): Shape => {
    const directives = selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      const below = selection.selectionSet
        ? measure(selection.selectionSet)
        : { depth: 0, aliases: 0, directivesPerField: 0 };
      const readsSchema = selection.name.value.startsWith('__');
      return {
        depth: readsSchema ? 1 : below.depth + 1,
        aliases: below.aliases + (selection.alias ? 1 : 0),
        directivesPerField: Math.max(below.directivesPerField, directives),
      };
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const below = measure(selection.selectionSet);
      return { ...below, directivesPerField: Math.max(below.directivesPerField, directives) };
    }
    return named(selection.name.value, directives);
  };
  const named = (name: string, directives: number): Shape => {
    const known = measured.get(name);
    // A fragment counts its aliases once, however often it is spread: the cost limit bounds the rest.
    if (known) return { ...known, aliases: 0, directivesPerField: Math.max(known.directivesPerField, directives) };
    const fragment = fragments.get(name);
    // Unknown fragments and circles are refused by validation.
    if (!fragment || open.has(name)) return { depth: 0, aliases: 0, directivesPerField: directives };
    open.add(name);
    const shape = measure(fragment.selectionSet);
    open.delete(name);
    measured.set(name, shape);
    return { ...shape, directivesPerField: Math.max(shape.directivesPerField, directives) };
  };

  const found = measure(operation.selectionSet);
  const roots = rootFields(operation.selectionSet, fragments, new Set());
  return [
    found.depth > limits.depth && limitError('TOO_DEEP', 'too many levels', found.depth, limits.depth),
    found.aliases > limits.aliases && limitError('TOO_MANY_ALIASES', 'too many aliases', found.aliases, limits.aliases),
    found.directivesPerField > limits.directivesPerField &&
      limitError(
        'TOO_MANY_DIRECTIVES',
        'too many directives at one place',
        found.directivesPerField,
        limits.directivesPerField,
      ),
    roots > limits.rootFields && limitError('TOO_MANY_ROOT_FIELDS', 'too many root fields', roots, limits.rootFields),
  ].filter((error) => error !== false);
}

function join(into: Shape, other: Shape): void {
  into.depth = Math.max(into.depth, other.depth);
  into.aliases += other.aliases;
  into.directivesPerField = Math.max(into.directivesPerField, other.directivesPerField);
}

function rootFields(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
): number {
  let count = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += rootFields(selection.selectionSet, fragments, seen);
    else {
      const fragment = fragments.get(selection.name.value);
      if (!fragment || seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
      count += rootFields(fragment.selectionSet, fragments, seen);
    }
  }
  return count;
}
