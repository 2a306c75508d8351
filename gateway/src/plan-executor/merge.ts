import { isJsonObject, type Json, type JsonObject } from './plan';

/**
 * Adds what a subgraph answered to what is known of an object, member by member and, in lists of equal length, item by
 * item. An answer could name a member `__proto__`; it is left out, since setting it would change the object's kind.
 */
export function merge(target: JsonObject, source: JsonObject): void {
  for (const key in source) {
    if (key === '__proto__' || !Object.hasOwn(source, key)) continue;
    const given = source[key];
    if (given === undefined) continue;
    const known = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isJsonObject(known) && isJsonObject(given)) merge(known, given);
    else if (Array.isArray(known) && Array.isArray(given) && known.length === given.length) mergeLists(known, given);
    else target[key] = given;
  }
}

function mergeLists(target: Json[], source: readonly Json[]): void {
  source.forEach((given, index) => {
    const known = target[index];
    if (isJsonObject(known) && isJsonObject(given)) merge(known, given);
    else if (Array.isArray(known) && Array.isArray(given) && known.length === given.length) mergeLists(known, given);
    else target[index] = given;
  });
}
