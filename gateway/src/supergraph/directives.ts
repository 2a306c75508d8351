import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  isTypeDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';

/** Permissions in disjunctive form: one of the inner lists must be held whole. An empty list asks for nothing. */
export type Requirement = readonly (readonly string[])[];

/** What a list field may return, for the cost of an operation. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  readonly sizedFields: readonly string[];
}

/** What the supergraph says about fields beyond their types. Keys are `Type.field`, or `Type` for types. */
export interface FieldRules {
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly weights: ReadonlyMap<string, number>;
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

const SCOPES_SPEC = 'https://specs.apollo.dev/requiresScopes/';
const COST_SPEC = 'https://specs.apollo.dev/cost/';

/** Reads permissions, weights and list sizes from a parsed supergraph. */
export function readFieldRules(supergraph: DocumentNode): FieldRules {
  const names = directiveNames(supergraph);
  const requirements = new Map<string, Requirement>();
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const read = (key: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const directive of directives) {
      const values = argumentsOf(directive);
      if (directive.name.value === names.scopes) requirements.set(key, values['scopes'] as Requirement);
      if (directive.name.value === names.cost) weights.set(key, Number(values['weight']));
      if (directive.name.value === names.listSize) {
        listSizes.set(key, {
          assumedSize: values['assumedSize'] as number | undefined,
          slicingArguments: (values['slicingArguments'] as string[] | null | undefined) ?? [],
          sizedFields: (values['sizedFields'] as string[] | null | undefined) ?? [],
        });
      }
    }
  };
  for (const type of supergraph.definitions.filter(isTypeDefinitionNode)) {
    read(type.name.value, type.directives);
    for (const field of fieldsOf(type)) read(`${type.name.value}.${field.name.value}`, field.directives);
  }
  inheritFromImplementations(supergraph, requirements);
  return { requirements, weights, listSizes };
}

/** Both sides must hold. */
export function bothOf(a: Requirement | undefined, b: Requirement | undefined): Requirement | undefined {
  if (!a?.length) return b;
  if (!b?.length) return a;
  return a.flatMap((left) => b.map((right) => [...new Set([...left, ...right])].sort()));
}

export const isSatisfied = (requirement: Requirement, scopes: ReadonlySet<string>): boolean =>
  requirement.length === 0 || requirement.some((all) => all.every((scope) => scopes.has(scope)));

/**
 * A field of an interface answers for whatever type stands behind it, so it needs what any implementation needs.
 * A caller who may see one of them only asks for it with a fragment on that type.
 */
function inheritFromImplementations(supergraph: DocumentNode, requirements: Map<string, Requirement>): void {
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name } of type.interfaces ?? []) {
      for (const field of type.fields ?? []) {
        const own = requirements.get(`${type.name.value}.${field.name.value}`);
        const key = `${name.value}.${field.name.value}`;
        const both = bothOf(requirements.get(key), own);
        if (both) requirements.set(key, both);
      }
    }
  }
}

function fieldsOf(type: TypeDefinitionNode): readonly FieldDefinitionNode[] {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (type.fields ?? [])
    : [];
}

/** Names under which the supergraph uses the directives; a `@link` may rename or import them. */
function directiveNames(supergraph: DocumentNode): { scopes: string; cost: string; listSize: string } {
  const names = { scopes: 'requiresScopes', cost: 'cost', listSize: 'cost__listSize' };
  const schema = supergraph.definitions.find((d) => d.kind === Kind.SCHEMA_DEFINITION);
  for (const link of schema?.directives ?? []) {
    if (link.name.value !== 'link') continue;
    const values = argumentsOf(link);
    const url = typeof values['url'] === 'string' ? values['url'] : '';
    const as = values['as'] as string | undefined;
    const imported = (wanted: string) => {
      for (const item of (values['import'] as (string | { name: string; as?: string })[] | undefined) ?? []) {
        if (item === wanted) return item.slice(1);
        if (typeof item === 'object' && item.name === wanted) return (item.as ?? item.name).slice(1);
      }
      return undefined;
    };
    if (url.startsWith(SCOPES_SPEC)) names.scopes = imported('@requiresScopes') ?? as ?? 'requiresScopes';
    if (url.startsWith(COST_SPEC)) {
      names.cost = imported('@cost') ?? as ?? 'cost';
      names.listSize = imported('@listSize') ?? `${as ?? 'cost'}__listSize`;
    }
  }
  return names;
}

const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((directive.arguments ?? []).map((a) => [a.name.value, plain(a.value)]));

const plain = (value: ConstValueNode): unknown => valueFromASTUntyped(value);
