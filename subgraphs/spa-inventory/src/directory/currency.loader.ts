import { type Context } from '@practice-graph/kit';
import { clinicCopies } from '@practice-graph/practice';

/** Currency of a clinic's books. Records exist only for clinics that are known, so it is always there. */
export async function currencyOf(context: Context, clinicId: string): Promise<string> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  if (!clinic) throw new Error('a record of a clinic that is not known here');
  return clinic.currency;
}
