import { hydrate, readPage, type Page, type Tx } from '@practice-graph/kit';
import { idsOfFilter, NIL_UUID, type DayRange } from '@practice-graph/practice';
import { ChairHours } from './chair-hours.entity';

/** One page of the time of chairs, newest day first. */
export function listChairHours(
  tx: Tx,
  clinicId: string,
  range: DayRange,
  filter: { readonly locationIds: readonly string[] | null; readonly providerIds: readonly string[] | null },
  page: { first: number | null; after: string | null },
): Promise<Page<ChairHours>> {
  const { viewer } = tx.session;
  return readPage(tx, {
    select: 'c.*',
    from: 'chair_hours c',
    where: [
      'c.clinic_id = $1',
      'c.business_date BETWEEN $2::date AND $3::date',
      '($4::uuid[] IS NULL OR c.location_id = ANY ($4))',
      `($5::uuid[] IS NULL OR coalesce(c.provider_id, '${NIL_UUID}') = ANY ($5))`,
    ],
    params: [
      clinicId,
      range.from,
      range.to,
      idsOfFilter(viewer, clinicId, 'locations', filter.locationIds),
      idsOfFilter(viewer, clinicId, 'providers', filter.providerIds),
    ],
    order: [
      { expression: 'c.business_date', type: 'date', direction: 'DESC' },
      { expression: 'c.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found) => hydrate(tx, ChairHours, found),
  });
}
