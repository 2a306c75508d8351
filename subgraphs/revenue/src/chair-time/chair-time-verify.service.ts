import { rows, type Verifier } from '@practice-graph/kit';
import { NIL_UUID } from '@practice-graph/practice';

const COMPARED = `
WITH wanted AS (
  SELECT d.dim, CASE WHEN d.dim LIKE 'L%' THEN c.location_id ELSE '${NIL_UUID}' END AS location_id,
    CASE WHEN d.dim LIKE '%P' THEN coalesce(c.provider_id, '${NIL_UUID}') ELSE '${NIL_UUID}' END AS provider_id, g.grain,
    CASE g.grain WHEN 'D' THEN c.business_date ELSE date_trunc('month', c.business_date)::date END AS period,
    sum(c.available_minutes)::int AS available, sum(c.used_minutes)::int AS used
  FROM chair_hours c CROSS JOIN (VALUES ('T'), ('L'), ('P'), ('LP')) AS d (dim) CROSS JOIN (VALUES ('D'), ('M')) AS g (grain)
  WHERE c.clinic_id = $1 GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT dim, location_id, provider_id, grain, period, sum(available_minutes)::int AS available, sum(used_minutes)::int AS used
  FROM chair_slice WHERE clinic_id = $1 GROUP BY 1, 2, 3, 4, 5
)
SELECT concat_ws(' ', dim, nullif(location_id, '${NIL_UUID}'), nullif(provider_id, '${NIL_UUID}'), grain, period) AS place,
  concat_ws('/', coalesce(w.available, 0), coalesce(w.used, 0)) AS wanted, concat_ws('/', coalesce(k.available, 0), coalesce(k.used, 0)) AS kept
FROM wanted w FULL JOIN kept k USING (dim, location_id, provider_id, grain, period)`;

/** Recomputes the slices of chair time from its records. */
export const compareChairTime: Verifier = async (tx, clinicId) => {
  const found = await rows<{ place: string; wanted: string; kept: string }>(tx, COMPARED, [clinicId]);
  return [
    {
      what: 'slices of chair time',
      compared: found.length,
      differences: found
        .filter(({ wanted, kept }) => wanted !== kept)
        .map(({ place, wanted, kept }) => `${place}: kept ${kept}, records ${wanted}`),
    },
  ];
};
