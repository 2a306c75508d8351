import {
  batchLoader,
  columnsOf,
  hydrate,
  prepared,
  readPages,
  recordLoader,
  type Page,
  type RecordKey,
} from '@practice-graph/kit';
import { trailLoader, type Day } from '@practice-graph/practice';
import { recordRead } from '../patients/patient-rows.loader';
import { ProductionEntry } from '../production/production-entry.entity';
import { productionEntryRows } from '../production/production-entry.loader';
import { DaySheet } from './day-sheet.entity';

export const daySheetLoader = recordLoader(
  DaySheet,
  ({ locationId }, { restrictions }) =>
    restrictions['locations'] === undefined || restrictions['locations'].includes(locationId),
);

/** The place and day whose sheet is asked for. */
interface SheetOf {
  readonly clinicId: string;
  readonly locationId: string;
  readonly productionDate: Day;
}

const placeText = ({ clinicId, locationId, productionDate }: SheetOf) => [clinicId, locationId, productionDate].join();

/** Sheets of N places and days, with one statement. */
export const sheetOfPlace = batchLoader<SheetOf, DaySheet | null>(async (tx, places) => {
  const metadata = tx.dataSource.getMetadata(DaySheet);
  const found = hydrate(
    tx,
    DaySheet,
    await prepared(
      tx,
      `SELECT ${columnsOf(metadata, 't')} FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS k (clinic_id, location_id, day)
       JOIN day_sheet t ON t.clinic_id = k.clinic_id AND t.location_id = k.location_id AND t.business_date = k.day`,
      [places.map((p) => p.clinicId), places.map((p) => p.locationId), places.map((p) => p.productionDate)],
    ),
  );
  const byPlace = new Map(
    found.map((sheet) => {
      const { clinicId, locationId, businessDate } = sheet;
      return [placeText({ clinicId, locationId, productionDate: businessDate }), sheet] as const;
    }),
  );
  return places.map((place) => byPlace.get(placeText(place)) ?? null);
}, placeText);

export const sheetTrails = trailLoader('DaySheet');

interface EntriesOf extends RecordKey {
  readonly first: number | null;
  readonly after: string | null;
}

/** One page of the entries of each of N sheets, newest first, with one statement for those that ask for the same page. */
export const entriesOfSheets = batchLoader<EntriesOf, Page<ProductionEntry>>(
  async (tx, asked, context) => {
    const { locations, providers } = context.viewer.restrictions;
    const pages = new Map<EntriesOf, Page<ProductionEntry>>();
    const kinds = new Set(asked.map(({ first, after }) => JSON.stringify([first, after])));
    for (const kind of kinds) {
      const alike = asked.filter(({ first, after }) => JSON.stringify([first, after]) === kind);
      const found = await readPages<object, ProductionEntry>(tx, alike, {
        select: 'e.*',
        from: `day_sheet d JOIN production_entry e ON e.clinic_id = d.clinic_id AND e.location_id = d.location_id
          AND e.production_date = d.business_date AND e.status NOT IN ('PENDING', 'VOIDED')`,
        where: [
          'd.clinic_id = p.clinic_id',
          'd.id = p.id',
          '($1::uuid[] IS NULL OR e.location_id = ANY($1))',
          '($2::uuid[] IS NULL OR e.provider_id = ANY($2))',
        ],
        params: [locations ?? null, providers ?? null],
        order: [
          { expression: 'e.occurred_at', type: 'timestamptz', direction: 'DESC' },
          { expression: 'e.id', type: 'uuid', direction: 'DESC' },
        ],
        first: alike[0]?.first,
        after: alike[0]?.after,
        map: (rows) => hydrate(tx, ProductionEntry, rows),
      });
      alike.forEach((question, n) => {
        const page = found[n];
        if (page) pages.set(question, page);
      });
    }
    return asked.map((question) => {
      const page = pages.get(question);
      if (!page) throw new Error('a page that was asked for is missing');
      recordRead(context, productionEntryRows, page.nodes, { daySheetId: question.id });
      return page;
    });
  },
  ({ clinicId, id, first, after }) => JSON.stringify([clinicId, id, first, after]),
);
