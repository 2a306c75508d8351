/** The year that all entries of a measurement lie in, filled in the order of its days, as books come. */

/** Rows of one transaction, as a partner's import would send them. */
export const BATCH = 2_000;
/** Clients that fill at once, each its own days. */
export const FILLERS = 2;
export const FIRST_DAY = '2025-07-01';
const DAYS = 365;
const DAY_MS = 86_400_000;

/** From the third to the last day but two: whole months are read by month, the rest by day. */
export const FROM = '2025-07-03';
export const TO = '2026-06-28';
export const YEAR_RANGE = `{ range: { from: "${FROM}", to: "${TO}" } }`;
export const YEAR_DAYS = `from: "${FROM}", to: "${TO}"`;
/** The same range in whole months and the days at both ends, as slices are read. */
export const STRETCHES = [
  { grain: 'M', from: '2025-08-01', to: '2026-05-31' },
  { grain: 'D', from: FROM, to: '2025-07-31' },
  { grain: 'D', from: '2026-06-01', to: TO },
] as const;
export const YEAR_BETWEEN = `BETWEEN '${FROM}' AND '${TO}'`;

/** An entry by its number, and when it happened. */
export interface NumberedDay {
  readonly n: number;
  readonly at: Date;
}

/** Writes the entries numbered `from` to `to` (not included) in batches; answers the seconds that it took. */
export async function fillYear(
  from: number,
  to: number,
  write: (entries: readonly NumberedDay[]) => Promise<void>,
): Promise<number> {
  const first = Date.parse(`${FIRST_DAY}T16:00:00Z`);
  const at = (n: number) => new Date(first + Math.floor(((n - from) * DAYS) / (to - from)) * DAY_MS);
  const fill = async (start: number, end: number) => {
    for (let next = start; next < end; next += BATCH)
      await write(Array.from({ length: Math.min(BATCH, end - next) }, (_, i) => ({ n: next + i, at: at(next + i) })));
  };
  const part = Math.ceil((to - from) / FILLERS);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: FILLERS }, (_, k) => fill(from + k * part, Math.min(to, from + (k + 1) * part))),
  );
  return (performance.now() - began) / 1_000;
}
