import { reachable, type Tx } from '@practice-graph/kit';
import { idsOfFilter, NIL_UUID, readingParams, readingsAt, slicesRead } from '@practice-graph/practice';
import { categoriesOf } from '../entries/adjustment-category.rules';
import { Conditions } from '../entries/entry-filter.service';
import { showsAllStates, type ReportQuestion } from './report-question.service';

/** Which slices answer a question: of all places and providers, or by one or both, and of whom; null for everyone. */
export function placesOf(
  { viewer }: Tx['session'],
  { clinicId, filter, by }: Pick<ReportQuestion, 'clinicId' | 'filter' | 'by'>,
): {
  readonly place: string;
  readonly locations: readonly string[] | null;
  readonly providers: readonly string[] | null;
} {
  const locations = idsOfFilter(viewer, clinicId, 'locations', filter.locationIds);
  const providers = idsOfFilter(viewer, clinicId, 'providers', filter.providerIds);
  const byLocation = locations !== null || by.includes('LOCATION');
  const byProvider = providers !== null || by.includes('PROVIDER');
  return { place: `${byLocation ? 'L' : ''}${byProvider ? 'P' : ''}` || 'T', locations, providers };
}

/** The slices "t" by reason, payer, campaign and state behind a question, read in its stretches "k": SQL from FROM on. */
export function detailsBehind(tx: Tx, question: ReportQuestion): { readonly from: string; readonly params: unknown[] } {
  const { viewer } = tx.session;
  const { clinicId, filter, stretches } = question;
  const { place, locations, providers } = placesOf(tx.session, question);
  const picked = new Conditions();
  picked.params.push(...readingParams(stretches));
  picked.add('t.clinic_id = ?', clinicId);
  picked.add('t.place = ?', place);
  picked.add('t.location_id = ANY (?::uuid[])', locations);
  picked.add('t.provider_id = ANY (?::uuid[])', providers);
  picked.add('t.category = ANY (?::text[])', filter.categories);
  picked.add('t.category = ANY (?::text[])', filter.groups?.flatMap(categoriesOf));
  picked.add('t.reason_code = ANY (?::text[])', filter.reasonCodes);
  picked.add("nullif(t.payer, '') = ANY (?::text[])", filter.payers);
  // Identifiers of other clinics name nothing here.
  const campaignIds = filter.campaignIds?.flatMap((opaque) => {
    const key = reachable(viewer, opaque);
    return key?.clinicId === clinicId ? [key.id] : [];
  });
  picked.add(`nullif(t.campaign_id, '${NIL_UUID}') = ANY (?::uuid[])`, campaignIds);
  picked.add('t.approval_status = ANY (?::text[])', filter.statuses);
  if (!showsAllStates(question)) picked.where.push("t.approval_status <> 'REJECTED'");
  return {
    from: `FROM ${readingsAt(1)} ${slicesRead('adjustment_detail_slice', 't', picked.where)}`,
    params: picked.params,
  };
}
