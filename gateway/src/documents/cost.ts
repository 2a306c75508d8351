import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import type { FieldRules, ListSize } from '../supergraph/directives';

/** An operation that is spread out to more fields than this costs more than any limit; counting stops there. */
const FIELDS_MAX = 50_000;
/** Rows of a list about which the schema says nothing. */
const LIST_SIZE_UNKNOWN = 10;
const MUTATION_WEIGHT = 10;
/** Objects cost 1, values are free, so the cost is about the number of objects in the largest possible answer. */
const OBJECT_WEIGHT = 1;

export interface CostInput {
  readonly schema: GraphQLSchema;
  readonly rules: FieldRules;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Cost of an operation before it runs, by the weights and list sizes of the schema: what the largest possible answer
 * would take. Pages count with the size that the operation asks for. Infinity when it cannot be counted in bounds.
 */
export function costOf({ schema, rules, operation, fragments, variables }: CostInput): number {
  let fields = 0;
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;

  /** Sizes that a parent's page argument gives to named fields below it. */
  type Sized = ReadonlyMap<string, number>;
  const none: Sized = new Map();

  const ofSet = (set: SelectionSetNode, parent: GraphQLNamedType, sized: Sized): number => {
    let sum = 0;
    for (const selection of set.selections) {
      if (fields > FIELDS_MAX) return sum;
      if (selection.kind === Kind.FIELD) sum += ofField(selection, parent, sized);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
        sum += ofSet(selection.selectionSet, type ?? parent, sized);
      } else {
        const fragment = fragments.get(selection.name.value);
        const type = fragment && schema.getType(fragment.typeCondition.name.value);
        if (fragment && type) sum += ofSet(fragment.selectionSet, type, sized);
      }
    }
    return sum;
  };

  const ofField = (node: FieldNode, parent: GraphQLNamedType, sized: Sized): number => {
    fields += 1;
    const name = node.name.value;
    // Reading the schema runs in this program and asks no subgraph.
    if (name.startsWith('__') || !(isObjectType(parent) || isInterfaceType(parent))) return 0;
    const field = parent.getFields()[name];
    if (!field) return 0;
    const key = `${parent.name}.${name}`;
    const type = getNamedType(field.type);
    const isMutation = parent === schema.getMutationType();
    const weight =
      rules.weights.get(key) ??
      rules.weights.get(type.name) ??
      (isMutation ? MUTATION_WEIGHT : isLeafType(type) ? 0 : OBJECT_WEIGHT);

    const listSize = rules.listSizes.get(key);
    const asked = listSize ? askedSize(listSize, field, node, variables) : undefined;
    const below = listSize && asked !== undefined ? new Map(listSize.sizedFields.map((f) => [f, asked])) : none;
    const rows = isList(field.type)
      ? (sized.get(name) ?? (listSize?.sizedFields.length ? undefined : asked) ?? LIST_SIZE_UNKNOWN)
      : 1;
    const children = node.selectionSet && isCompositeType(type) ? ofSet(node.selectionSet, type, below) : 0;
    return (isMutation ? weight : rows * weight) + rows * children;
  };

  const cost = ofSet(operation.selectionSet, root, none);
  return fields > FIELDS_MAX ? Infinity : cost;
}

/** Rows that a field may return: the largest page argument given, else its default, else what the schema assumes. */
function askedSize(
  listSize: ListSize,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): number | undefined {
  let largest: number | undefined;
  for (const name of listSize.slicingArguments) {
    const given = node.arguments?.find((a) => a.name.value === name)?.value;
    const fallback = field.args.find((a) => a.name === name)?.defaultValue;
    let value: unknown = fallback;
    if (given?.kind === Kind.INT) value = Number(given.value);
    else if (given?.kind === Kind.VARIABLE) value = variables[given.name.value] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) {
      largest = Math.max(largest ?? 0, value);
    }
  }
  return largest ?? listSize.assumedSize;
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
