import { rows, type Verifier } from '@practice-graph/kit';

// The parts of each start make up the fee; what was recognised is production of that amount that stands, and nothing
// else is.
const PARTS = `
SELECT concat_ws(' ', s.plan_id, s.run) AS place, concat_ws(' ', s.fee, 0) AS wanted,
  concat_ws(' ', coalesce(sum(p.amount), 0)::numeric(14,2), count(*) FILTER (WHERE
    CASE WHEN p.status IN ('RECOGNIZED', 'ACCELERATED') THEN e.id IS NULL OR e.gross <> p.amount OR e.reversed_by_id IS NOT NULL
      OR e.treatment_plan_id <> p.plan_id ELSE p.entry_id IS NOT NULL END)) AS kept
FROM recognition_schedule s
LEFT JOIN recognition_part p ON p.clinic_id = s.clinic_id AND p.plan_id = s.plan_id AND p.run = s.run
LEFT JOIN production_entry e ON e.clinic_id = p.clinic_id AND e.id = p.entry_id
WHERE s.clinic_id = $1 GROUP BY s.plan_id, s.run, s.fee`;

/** Compares the parts of fees with the fees and with the production that they became. */
export const compareRecognition: Verifier = async (tx, clinicId) => {
  const found = await rows<{ place: string; wanted: string; kept: string }>(tx, PARTS, [clinicId]);
  return [
    {
      what: 'parts of fees',
      compared: found.length,
      differences: found
        .filter(({ wanted, kept }) => wanted !== kept)
        .map(({ place, wanted, kept }) => `${place}: parts and faults ${kept}, fee ${wanted}`),
    },
  ];
};
