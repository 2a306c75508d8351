import {
  audit,
  batchLoader,
  Decimal,
  expectVersion,
  findByKey,
  hydrate,
  newId,
  prepared,
  reachable,
  recordLoader,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, type Day } from '@practice-graph/practice';
import { codes, refuse } from '../refusals';
import { PromotionCampaign } from './promotion-campaign.entity';

const TEXT_MAX = 200;

export interface SaveCampaign {
  readonly id?: string | null | undefined;
  readonly code: string;
  readonly name: string;
  readonly startsOn: Day;
  readonly endsOn: Day;
  readonly budget: Decimal;
  readonly expectedVersion?: number | null | undefined;
}

/** Campaigns by key. */
export const campaigns = recordLoader(PromotionCampaign);

/** What a campaign granted. */
export interface Granted {
  readonly amount: Decimal;
  /** Patients behind the amount. */
  readonly patients: number;
}

/** Discounts that N campaigns granted and that count, what was undone taken off, with one statement. */
export const grantedBy = batchLoader<RecordKey, Granted>(
  async (tx, keys) => {
    const found = await prepared<{ id: string; granted: string; patients: number }>(
      tx,
      `SELECT k.id, sum(e.amount) AS granted, count(DISTINCT e.patient_id)::int AS patients
       FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN adjustment_entry e ON e.clinic_id = k.clinic_id AND e.campaign_id = k.id
       WHERE e.approval_status IN ('APPROVED', 'AUTO_APPROVED') GROUP BY k.id`,
      [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
    );
    const of = new Map(found.map((row) => [row.id, row]));
    return keys.map((key) => ({
      amount: new Decimal(of.get(key.id)?.granted ?? 0),
      patients: of.get(key.id)?.patients ?? 0,
    }));
  },
  (key) => `${key.clinicId}/${key.id}`,
);

const named = (text: string, member: string): string => {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > TEXT_MAX)
    throw refuse('INVALID', `${member} has 1 to ${String(TEXT_MAX)} characters.`, ['input', member]);
  return trimmed;
};

/** Creates or changes a campaign; answers its key. */
export async function saveCampaign(tx: Tx, clinicId: string, input: SaveCampaign): Promise<RecordKey> {
  const { startsOn, endsOn, budget } = input;
  await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const code = named(input.code, 'code');
  const name = named(input.name, 'name');
  if (endsOn < startsOn) throw refuse('BAD_RANGE', codes.BAD_RANGE, ['input', 'endsOn']);
  if (budget.isNegative()) throw refuse('BAD_AMOUNT', 'A budget may not be negative.', ['input', 'budget']);

  let before: PromotionCampaign | null = null;
  if (input.id !== null && input.id !== undefined) {
    const key = reachable(tx.session.viewer, input.id);
    before = key?.clinicId === clinicId ? await findByKey(tx, PromotionCampaign, key, { lock: 'UPDATE' }) : null;
    if (!before) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'id']);
    expectVersion(before.version, input.expectedVersion);
  }
  const id = before?.id ?? newId();
  // Campaigns of one clinic are saved one after the other, so that a code that is taken is seen.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('campaigns:' || $1::text, 0))`, [clinicId]);
  const taken = await rows(
    tx,
    'SELECT 1 AS taken FROM promotion_campaign WHERE clinic_id = $1 AND code = $2 AND id <> $3',
    [clinicId, code, id],
  );
  if (taken.length > 0) throw refuse('DUPLICATE', codes.DUPLICATE, ['input', 'code']);
  const values = [clinicId, id, code, name, startsOn, endsOn, budget];
  await rows(
    tx,
    before
      ? `UPDATE promotion_campaign SET code = $3, name = $4, starts_on = $5, ends_on = $6, budget = $7, version = version + 1
         WHERE clinic_id = $1 AND id = $2`
      : 'INSERT INTO promotion_campaign (clinic_id, id, code, name, starts_on, ends_on, budget) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    values,
  );
  await audit(tx, clinicId, {
    action: before ? 'promotion_campaign.change' : 'promotion_campaign.create',
    entityType: 'PromotionCampaign',
    entityId: id,
    note: code,
  });
  return { clinicId, id };
}

/** A campaign of another system; the identifier is its row uuid. */
export type ImportedCampaign = Omit<SaveCampaign, 'id' | 'expectedVersion'> & { readonly id: string };

/** Takes over campaigns of a clinic with one statement. */
export async function importCampaigns(tx: Tx, clinicId: string, list: readonly ImportedCampaign[]): Promise<void> {
  if (list.length === 0) return;
  await rows(
    tx,
    `INSERT INTO promotion_campaign (clinic_id, id, code, name, starts_on, ends_on, budget)
     SELECT $1::uuid, c.id, c.code, c.name, c."startsOn", c."endsOn", c.budget
     FROM json_to_recordset($2::json) AS c (id uuid, code text, name text, "startsOn" date, "endsOn" date, budget numeric)`,
    [clinicId, JSON.stringify(list)],
  );
  await audit(tx, clinicId, {
    action: 'promotion_campaign.import',
    entityType: 'PromotionCampaign',
    rowCount: list.length,
  });
}

/** Row uuid of the campaign that grants a discount. Refuses NOT_FOUND, and CAMPAIGN_NOT_RUNNING outside its days. */
export async function campaignOfDiscount(tx: Tx, clinicId: string, opaque: string, day: Day): Promise<string> {
  const path = ['input', 'campaignId'];
  const key = reachable(tx.session.viewer, opaque);
  const campaign = key?.clinicId === clinicId ? await findByKey(tx, PromotionCampaign, key) : null;
  if (!campaign) throw refuse('NOT_FOUND', codes.NOT_FOUND, path);
  if (day < campaign.startsOn || day > campaign.endsOn)
    throw refuse(
      'CAMPAIGN_NOT_RUNNING',
      `${campaign.code} runs from ${campaign.startsOn} to ${campaign.endsOn}.`,
      path,
    );
  return campaign.id;
}

/** Campaigns of a clinic by code; those that are over only if asked for. */
export async function listCampaigns(tx: Tx, of: { clinicId: string; activeOnly: boolean; today: Day }) {
  const found = await prepared(
    tx,
    'SELECT * FROM promotion_campaign WHERE clinic_id = $1 AND (ends_on >= $2 OR NOT $3::boolean) ORDER BY code, id',
    [of.clinicId, of.today, of.activeOnly],
  );
  return hydrate(tx, PromotionCampaign, found);
}
