/** Calendar of the demonstration: days as whole numbers since 1970, instants by the rules of a zone. */

export const DAY_MS = 86_400_000;

const texts = new Map<number, string>();

/** A day as YYYY-MM-DD. */
export function dateOf(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    texts.set(day, text);
  }
  return text;
}

/** Number of a day written as YYYY-MM-DD. Throws for anything else. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !Number.isInteger(day)) throw new Error(`not a day: ${date}`);
  return day;
}

/** Monday is 1, Sunday is 7. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Month of a day, 1 to 12. */
export const monthOf = (day: number): number => Number(dateOf(day).slice(5, 7));

/** First day of the month of a day. */
export const monthStart = (day: number): number => dayOf(`${dateOf(day).slice(0, 7)}-01`);

/** First day of the month that lies this many months away. */
export function monthsFrom(day: number, months: number): number {
  const [year, month] = dateOf(day).split('-').map(Number) as [number, number];
  return Date.UTC(year, month - 1 + months, 1) / DAY_MS;
}

/** The day itself when people work on it, else the next such day. Saturdays and Sundays are free. */
export function workday(day: number): number {
  const weekday = weekdayOf(day);
  return weekday === 6 ? day + 2 : weekday === 7 ? day + 1 : day;
}

/** Of so many days in a hundred that would be Fridays, Saturdays or Sundays, patients come on another one. */
const [FRIDAY, SATURDAY, SUNDAY] = [5, 6, 7];
const MOVES: Readonly<Record<number, readonly (readonly [below: number, by: number])[]>> = {
  [FRIDAY]: [
    [22, -1],
    [33, 3],
    [44, 4],
    [100, 0],
  ],
  [SATURDAY]: [
    [60, -3],
    [100, -2],
  ],
  [SUNDAY]: [
    [50, 1],
    [100, 2],
  ],
};

/** The day on which an orthodontist sees the patients of a day: of a hundred, 92 come from Monday to Thursday, nobody at the weekend. */
export function clinicDay(day: number): number {
  const turn = (Math.imul(day, 2_654_435_761) >>> 0) % 100;
  return day + (MOVES[weekdayOf(day)]?.find(([below]) => turn < below)?.[1] ?? 0);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Minutes by which a zone's clocks are ahead of UTC at noon of a day; shifts happen at night, before anybody works. */
function offsetOf(zone: string, day: number): number {
  const key = `${zone} ${String(day)}`;
  const kept = offsets.get(key);
  if (kept !== undefined) return kept;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const noon = day * DAY_MS + DAY_MS / 2;
  const part = Object.fromEntries(format.formatToParts(noon).map(({ type, value }) => [type, Number(value)]));
  const shown = Date.UTC(
    part['year'] as number,
    (part['month'] as number) - 1,
    part['day'],
    part['hour'],
    part['minute'],
  );
  const offset = (shown - noon) / 60_000;
  offsets.set(key, offset);
  return offset;
}

/** Milliseconds since 1970 at which the clocks of a zone show this minute of a day. */
export const instantMs = (zone: string, day: number, minute: number): number =>
  day * DAY_MS + (minute - offsetOf(zone, day)) * 60_000;
