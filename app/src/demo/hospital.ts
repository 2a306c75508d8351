/** Consultations of the hospital; its pharmacy, wards and cash desks are not part of production. */
import { weekdayOf } from './days';
import type { Ledger } from './ledger';

/** Books the consultations of every physician on every working day. */
export function generateConsultations(ledger: Ledger): void {
  const random = ledger.random.fork('hospital');
  const { firstDay, lastDay, consultationsPerDay } = ledger.scale;
  const known: string[] = [];
  for (const place of ledger.of.places) {
    if (place.kind !== 'HOSPITAL') continue;
    for (let day = firstDay; day <= lastDay; day++) {
      if (weekdayOf(day) > 5) continue;
      for (const post of place.doctors) {
        for (let visits = random.poisson(consultationsPerDay * post.share); visits > 0; visits--) {
          const isKnown = known.length > 20 && random.chance(0.6);
          const patientId = isKnown ? random.pick(known) : ledger.patient(random.chance(0.4) ? 'NHIA' : 'OUTPATIENT');
          if (!isKnown) known.push(patientId);
          const naira = Math.round(random.logNormal(7_500, 0.35) / 50) * 50;
          ledger.book({
            ...{ place, provider: post.provider, patientId, plan: null, day, minute: 480 + 10 * random.int(0, 50) },
            ...{ code: 'CON-01', category: 'CONSULTATION', description: 'Consultation' },
            grossCents: naira * 100,
            insuranceCents: 0,
          });
        }
      }
    }
  }
}
