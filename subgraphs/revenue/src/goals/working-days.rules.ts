import { addDays, weekdayOf, type Day, type DayRange, type WeekdayName } from '@practice-graph/practice';

/** When a place is open. */
export interface OpenDays {
  readonly workingWeekdays: readonly WeekdayName[];
  readonly closedDates: readonly Day[];
}

/** Days of a range on which at least one of the places is open. */
export function workingDays({ from, to }: DayRange, places: readonly OpenDays[]): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const weekday = weekdayOf(day);
    if (places.some((place) => place.workingWeekdays.includes(weekday) && !place.closedDates.includes(day)))
      days.push(day);
  }
  return days;
}
