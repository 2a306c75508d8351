import {
  type FieldNode,
  getNamedType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { isIncluded } from './conditions';
import type { Fragments, Narrowed } from './scopes';

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

/** A null that may not stand where it is: the object around it becomes null instead. */
const NOT_ALLOWED = Symbol('null in a place that cannot be null');

export interface Original {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Puts the answer of a narrowed operation back into the shape that was asked for: fields that were taken out are null,
 * each with one FORBIDDEN error at every place where it would have stood.
 */
export function completeAnswer(
  answer: Json | null,
  { schema, operation, fragments, variables }: Original,
  removed: Narrowed['removed'],
): { data: Json | null; errors: GraphQLError[] } {
  const errors: GraphQLError[] = [];
  const root = schema.getRootType(operation.operation);
  if (!answer || !root) return { data: answer, errors };

  const objectOf = (value: Json, type: GraphQLObjectType, sets: readonly SelectionSetNode[], path: Path) => {
    const fields = new Map<string, FieldNode[]>();
    for (const set of sets) collect(set, type, fields);
    const out: Json = {};
    for (const [key, nodes] of fields) {
      const [node] = nodes as [FieldNode];
      const here = [...path, key];
      if (node.name.value.startsWith('__')) {
        out[key] = node.name.value === '__typename' ? type.name : value[key];
        continue;
      }
      const fieldType = type.getFields()[node.name.value]?.type;
      if (!fieldType) continue;
      const reason = removed.get(node);
      if (reason && nodes.every((n) => removed.has(n))) {
        errors.push(forbidden(reason.coordinate, reason.requirement, here));
        if (isNonNullType(fieldType)) return NOT_ALLOWED;
        out[key] = null;
        continue;
      }
      const completed = valueOf(value[key], fieldType, nodes, here);
      if (completed === NOT_ALLOWED) return NOT_ALLOWED;
      out[key] = completed;
    }
    return out;
  };

  const valueOf = (value: unknown, type: GraphQLOutputType, nodes: readonly FieldNode[], path: Path): unknown => {
    if (isNonNullType(type)) {
      const inner = valueOf(value, type.ofType as GraphQLOutputType, nodes, path);
      // A null that the subgraphs left here has its own error and was already carried upwards by the executor.
      return inner === null && value !== null && value !== undefined ? NOT_ALLOWED : inner;
    }
    if (value === null || value === undefined) return null;
    if (isListType(type) && Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) {
        const completed = valueOf(item, type.ofType, nodes, [...path, index]);
        if (completed === NOT_ALLOWED) return null;
        items.push(completed);
      }
      return items;
    }
    const sets = nodes.flatMap((node) => node.selectionSet ?? []);
    if (sets.length === 0) return value;
    const named = getNamedType(type);
    const object = value as Json;
    const concrete = isAbstractType(named) ? schema.getType(String(object['__typename'])) : named;
    if (!isObjectType(concrete)) return value;
    const completed = objectOf(object, concrete, sets, path);
    return completed === NOT_ALLOWED ? null : completed;
  };

  const collect = (set: SelectionSetNode, type: GraphQLObjectType, fields: Map<string, FieldNode[]>) => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const group = fields.get(key);
        if (group) group.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment && applies(fragment.typeCondition?.name.value, type)) collect(fragment.selectionSet, type, fields);
    }
  };

  const applies = (condition: string | undefined, type: GraphQLObjectType): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const other = schema.getType(condition);
    return (isAbstractType(other) || isInterfaceType(other)) && schema.isSubType(other, type);
  };

  const data = objectOf(answer, root, [operation.selectionSet], []);
  return { data: data === NOT_ALLOWED ? null : data, errors };
}

function forbidden(coordinate: string, requirement: readonly (readonly string[])[], path: Path): GraphQLError {
  const needed = requirement.map((all) => all.join(' and ')).join(', or ');
  return new GraphQLError(`${coordinate} needs a permission that you do not have: ${needed}.`, {
    path,
    extensions: { code: 'FORBIDDEN', requiredScopes: requirement },
  });
}
