import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import { bothOf, type FieldRules, isSatisfied, type Requirement } from '../supergraph/directives';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** An operation without the fields that the caller may not see. */
export interface Narrowed {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Field nodes of the original that were taken out, with what they would need. */
  readonly removed: ReadonlyMap<FieldNode, { readonly coordinate: string; readonly requirement: Requirement }>;
  /** True when no root field is left, so that nothing needs to run. */
  readonly isEmpty: boolean;
}

/** What a field needs: its own permissions, and those of the types that it stands on and leads to. */
export function requirementOf(rules: FieldRules, parent: GraphQLNamedType, fieldName: string): Requirement | undefined {
  if (!(isObjectType(parent) || isInterfaceType(parent))) return undefined;
  const field = parent.getFields()[fieldName];
  if (!field) return undefined;
  const own = rules.requirements.get(`${parent.name}.${fieldName}`);
  const byTypes = bothOf(rules.requirements.get(parent.name), rules.requirements.get(getNamedType(field.type).name));
  return bothOf(own, byTypes);
}

/** Every different requirement that an operation meets; most operations meet few. */
export function requirementsOf(
  schema: GraphQLSchema,
  rules: FieldRules,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Requirement[] {
  const found = new Map<string, Requirement>();
  const visit = (set: SelectionSetNode, parent: GraphQLNamedType) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const requirement = requirementOf(rules, parent, selection.name.value);
        if (requirement?.length) found.set(JSON.stringify(requirement), requirement);
        const type = fieldType(parent, selection.name.value);
        if (selection.selectionSet && type) visit(selection.selectionSet, type);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, conditionType(schema, selection, parent));
      }
    }
  };
  const root = schema.getRootType(operation.operation);
  if (root) visit(operation.selectionSet, root);
  for (const fragment of fragments.values()) {
    const type = schema.getType(fragment.typeCondition.name.value);
    if (type) visit(fragment.selectionSet, type);
  }
  return [...found.values()];
}

/**
 * Takes out what the caller may not see, before planning: no subgraph is asked for it, and a field that requires
 * hidden inputs is judged by its own permissions alone.
 */
export function narrow(
  schema: GraphQLSchema,
  rules: FieldRules,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  scopes: ReadonlySet<string>,
): Narrowed {
  const removed = new Map<FieldNode, { coordinate: string; requirement: Requirement }>();

  const ofSet = (set: SelectionSetNode, parent: GraphQLNamedType): SelectionSetNode => {
    const kept: SelectionNode[] = [];
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) kept.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = conditionType(schema, selection, parent);
        kept.push({ ...selection, selectionSet: ofSet(selection.selectionSet, type) });
      } else {
        const requirement = requirementOf(rules, parent, selection.name.value);
        if (requirement && !isSatisfied(requirement, scopes)) {
          removed.set(selection, { coordinate: `${parent.name}.${selection.name.value}`, requirement });
          continue;
        }
        const type = fieldType(parent, selection.name.value);
        kept.push(
          selection.selectionSet && type
            ? { ...selection, selectionSet: ofSet(selection.selectionSet, type) }
            : selection,
        );
      }
    }
    // The type's name stands in for an empty selection, and tells which fragments applied.
    const needsTypeName = kept.length === 0 || isAbstractType(parent);
    return { ...set, selections: needsTypeName ? [...kept, TYPE_NAME] : kept };
  };

  const root = schema.getRootType(operation.operation);
  const selectionSet = root ? ofSet(operation.selectionSet, root) : operation.selectionSet;
  const narrowedFragments = new Map(
    [...fragments].map(([name, fragment]) => {
      const type = schema.getType(fragment.typeCondition.name.value);
      return [name, type ? { ...fragment, selectionSet: ofSet(fragment.selectionSet, type) } : fragment];
    }),
  );
  return {
    operation: { ...operation, selectionSet },
    fragments: narrowedFragments,
    removed,
    isEmpty: selectionSet.selections.every((s) => s === TYPE_NAME),
  };
}

const TYPE_NAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function fieldType(parent: GraphQLNamedType, name: string): GraphQLNamedType | undefined {
  if (!(isObjectType(parent) || isInterfaceType(parent))) return undefined;
  const field = parent.getFields()[name];
  return field && getNamedType(field.type);
}

function conditionType(
  schema: GraphQLSchema,
  fragment: { readonly typeCondition?: { readonly name: { readonly value: string } } | undefined },
  parent: GraphQLNamedType,
): GraphQLNamedType {
  return (fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)) ?? parent;
}
