import { rows, type Verifier } from '@practice-graph/kit';
import { TOTALS } from './financial-month.service';

/** Closed months come to what they came to when they were closed. */
export const compareClosedMonths: Verifier = async (tx, clinicId) => {
  const months = await rows<{ month: string; kept: string; now: string }>(
    tx,
    `SELECT month, closed_totals::text AS kept, (${TOTALS})::text AS now FROM posting_month m
     WHERE clinic_id = $1 AND status IN ('CLOSED', 'LOCKED') AND closed_totals IS NOT NULL ORDER BY month`,
    [clinicId],
  );
  return [
    {
      what: 'closed months',
      compared: months.length,
      differences: months
        .filter(({ kept, now }) => kept !== now)
        .map(({ month, kept, now }) => `${month.slice(0, 7)}: when closed ${kept}, now ${now}`),
    },
  ];
};
