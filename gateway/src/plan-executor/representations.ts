import { merge } from './merge';
import { isJsonObject, type Json, type JsonObject, type PossibleTypes, type QueryPlanSelectionNode } from './plan';

/** Makes what a subgraph needs to know of an object to find it; null when something of it is not known. */
export type Represent = (source: JsonObject) => JsonObject | null;

/** Compiles the `requires` of a fetch. */
export function compileRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  possibleTypes: PossibleTypes,
): Represent {
  const steps = selections.map((selection): ((source: JsonObject, result: JsonObject) => boolean) => {
    if (selection.kind === 'InlineFragment') {
      if (!selection.typeCondition) return () => true;
      const types = possibleTypes(selection.typeCondition);
      const represent = compileRepresentation(selection.selections, possibleTypes);
      return (source, result) => {
        if (typeof source['__typename'] === 'string' && types.has(source['__typename'])) {
          const part = represent(source);
          if (part) merge(result, part);
        }
        return true;
      };
    }
    const name = selection.alias ?? selection.name;
    const inner = selection.selections && compileRepresentation(selection.selections, possibleTypes);
    const copy = (value: Json): Json => {
      if (!inner || value === null) return value;
      if (Array.isArray(value)) return value.map(copy);
      return isJsonObject(value) ? inner(value) : value;
    };
    return (source, result) => {
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined) return false;
      result[name] = copy(value);
      return true;
    };
  });
  return (source) => {
    const result: JsonObject = {};
    for (const step of steps) if (!step(source, result)) return null;
    return result;
  };
}
