import { isJsonObject, type Json, type JsonObject } from './plan';

/** Where an object stands in the answer: response names and list indices. */
export type Place = readonly (string | number)[];

/** Steps of a plan from the root to the objects of a fetch; `@` stands for every item of a list. */
export type PlanPath = readonly string[];

/** The objects at a path, in the order of the answer; what is null or missing is left out. */
export function objectsAt(root: JsonObject, path: PlanPath): JsonObject[] {
  const found: JsonObject[] = [];
  const walk = (value: Json | undefined, step: number): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      const next = path[step] === '@' ? step + 1 : step;
      for (const item of value) walk(item, next);
    } else if (step === path.length) {
      if (isJsonObject(value)) found.push(value);
    } else if (isJsonObject(value)) {
      const name = path[step] ?? '';
      if (Object.hasOwn(value, name)) walk(value[name], step + 1);
    }
  };
  walk(root, 0);
  return found;
}

/** The places of `objectsAt`, in the same order; asked for only when an error has to be placed. */
export function placesOf(root: JsonObject, path: PlanPath): Place[] {
  const found: Place[] = [];
  const here: (string | number)[] = [];
  const walk = (value: Json | undefined, step: number): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      const next = path[step] === '@' ? step + 1 : step;
      value.forEach((item, index) => {
        here.push(index);
        walk(item, next);
        here.pop();
      });
    } else if (step === path.length) {
      if (isJsonObject(value)) found.push([...here]);
    } else if (isJsonObject(value)) {
      const name = path[step] ?? '';
      if (!Object.hasOwn(value, name)) return;
      here.push(name);
      walk(value[name], step + 1);
      here.pop();
    }
  };
  walk(root, 0);
  return found;
}
