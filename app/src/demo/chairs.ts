/** Chairs of the orthodontic places, day by day: how long they were staffed, and how long somebody sat in them. */
import { clinicDay, dateOf, DAY_MS, weekdayOf } from './days';
import type { Ledger } from './ledger';
import type { ChairRow } from './rows.types';

const FULL_DAY = 320;
/** On Fridays only the first chairs are staffed, and for a shorter time. */
const FRIDAY = 5;
const FRIDAY_CHAIRS = 2;
const FRIDAY_MINUTES = 240;
/** Share of the staffed time in which a chair is occupied, in hundredths. */
const USED = [58, 84] as const;
/** Every so many chairs, one is shared by everybody who works there. */
const SHARED_EACH = 4;

/** Days on which a chair was staffed, with the doctor whose chair it was. */
export function generateChairs(ledger: Ledger): ChairRow[] {
  const { of, clinicId, scale, random } = ledger;
  const draw = random.fork('chairs');
  const rows: ChairRow[] = [];
  for (const place of of.places.filter((each) => each.kind !== 'HOSPITAL' && each.doctors.length > 0))
    for (let day = scale.firstDay; day <= scale.lastDay; day++) {
      const weekday = weekdayOf(day);
      if (clinicDay(day) !== day) continue;
      const chairs = weekday === FRIDAY ? Math.min(FRIDAY_CHAIRS, place.chairs) : place.chairs;
      const available = weekday === FRIDAY ? FRIDAY_MINUTES : FULL_DAY;
      for (let chair = 0; chair < chairs; chair++) {
        const doctor = place.doctors[chair % place.doctors.length]?.provider;
        const isShared = chair % SHARED_EACH === SHARED_EACH - 1;
        rows.push({
          ...{
            clinicId,
            id: draw.id(day * DAY_MS),
            locationId: ledger.location(place),
            chairId: `C${String(chair + 1)}`,
          },
          providerId: isShared || doctor === undefined ? null : ledger.provider(doctor),
          ...{ date: dateOf(day), availableMinutes: available },
          usedMinutes: Math.floor((available * draw.int(USED[0], USED[1])) / 100),
        });
      }
    }
  return rows;
}
