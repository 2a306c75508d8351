/**
 * Random numbers that are the same on every machine and version of Node: 32-bit integer arithmetic and the four basic
 * operations only, because the standard leaves the digits of Math.exp and Math.log to the engine.
 */

/** Spreads a text over 32 bits (FNV-1a with a final mix). */
function digest(text: string, start: number): number {
  let hash = (0x811c9dc5 ^ start) >>> 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** e to the power of x, by repeated squaring; good to seven digits for the exponents that distributions need. */
export function exponential(x: number): number {
  const step = x / 1024;
  let power = 1 + step + (step * step) / 2 + (step * step * step) / 6;
  for (let squared = 0; squared < 10; squared++) power *= power;
  return power;
}

/** A stream of random numbers named by a text; the same name gives the same stream. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(private readonly name: string) {
    this.a = digest(name, 1);
    this.b = digest(name, 2);
    this.c = digest(name, 3);
    this.d = digest(name, 4) | 1;
    for (let warm = 0; warm < 8; warm++) this.word();
  }

  /** A stream of its own, so that a change in one part of the demonstration does not move the others. */
  fork(label: string): Random {
    return new Random(`${this.name}/${label}`);
  }

  /** The next 32 bits (xoshiro128**). */
  word(): number {
    const turned = Math.imul(this.b, 5) >>> 0;
    const result = Math.imul(((turned << 7) | (turned >>> 25)) >>> 0, 9) >>> 0;
    const shifted = (this.b << 9) >>> 0;
    this.c = (this.c ^ this.a) >>> 0;
    this.d = (this.d ^ this.b) >>> 0;
    this.b = (this.b ^ this.c) >>> 0;
    this.a = (this.a ^ this.d) >>> 0;
    this.c = (this.c ^ shifted) >>> 0;
    this.d = ((this.d << 11) | (this.d >>> 21)) >>> 0;
    return result;
  }

  /** A number from 0 up to, and without, 1. */
  unit(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of a list, each as likely as the others. */
  pick<T>(list: readonly T[]): T {
    const found = list[this.int(0, list.length - 1)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** One of a list of [thing, weight]. */
  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let left = this.unit() * list.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [thing, weight] of list) {
      left -= weight;
      if (left < 0) return thing;
    }
    return (list[list.length - 1] as readonly [T, number])[0];
  }

  /** Nearly normal, mean 0 and deviation 1: the sum of twelve uniform numbers, less six. */
  normal(): number {
    let sum = -6;
    for (let drawn = 0; drawn < 12; drawn++) sum += this.unit();
    return sum;
  }

  /** Log-normal around a median. */
  logNormal(median: number, spread: number): number {
    return median * exponential(spread * this.normal());
  }

  /** A count of independent happenings with this mean. */
  poisson(mean: number): number {
    const limit = exponential(-mean);
    let count = 0;
    for (let product = this.unit(); product > limit; product *= this.unit()) count++;
    return count;
  }

  /** An identifier in the layout of UUIDv7: rows of one time lie together in the index. */
  id(milliseconds: number): string {
    const time = Math.floor(milliseconds).toString(16).padStart(12, '0');
    const x = this.word();
    const y = this.word();
    const z = hex(this.word());
    const version = hex((x & 0x0fff) | 0x7000).slice(4);
    const variant = hex((y & 0x3fff) | 0x8000).slice(4);
    const tail = hex(x ^ (y << 8)).slice(0, 4);
    return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${tail}${z}`;
  }
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
