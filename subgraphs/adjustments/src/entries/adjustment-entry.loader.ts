import {
  batchLoader,
  columnsOf,
  hydrate,
  prepared,
  recordLoader,
  type Context,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { ReasonCode } from '../reason-codes/reason-code.entity';
import { standardReason } from '../reason-codes/reason-code.service';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { listEntriesOfPatients } from './adjustment-list.service';
import { isVisible } from './visibility.rules';

/** Entries by key, without those that the viewer is not to see. */
export const entries = recordLoader(AdjustmentEntry, isVisible);

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/** Visible entries that name a record in one of their columns, oldest first: one statement for N records. */
const entriesNaming = (column: 'production_entry_id' | 'invoice_id') =>
  batchLoader<RecordKey, AdjustmentEntry[]>(async (tx: Tx, keys, context) => {
    const found = hydrate(
      tx,
      AdjustmentEntry,
      await prepared(
        tx,
        `SELECT ${columnsOf(tx.dataSource.getMetadata(AdjustmentEntry), 't')}
         FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
         JOIN adjustment_entry t ON t.clinic_id = k.clinic_id AND t.${column} = k.id
         ORDER BY t.adjustment_date, t.id`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
      ),
    ).filter((entry) => isVisible(entry, context.viewer));
    const property = column === 'invoice_id' ? 'invoiceId' : 'productionEntryId';
    return keys.map((key) => found.filter((entry) => entry.clinicId === key.clinicId && entry[property] === key.id));
  }, keyText);

export const entriesOfProduction = entriesNaming('production_entry_id');
export const entriesOfInvoice = entriesNaming('invoice_id');

export interface PatientPageKey extends RecordKey {
  readonly first: number | null;
  readonly after: string | null;
}

/** Pages of patients' entries; those of one size and cursor, as a list asks for them, come with one statement. */
export const entriesOfPatients = batchLoader<PatientPageKey, Page<AdjustmentEntry>>(
  async (tx, keys) => {
    const alike = new Map<string, PatientPageKey[]>();
    for (const key of keys) {
      const form = JSON.stringify([key.first, key.after]);
      alike.set(form, [...(alike.get(form) ?? []), key]);
    }
    const pages = new Map<PatientPageKey, Page<AdjustmentEntry>>();
    for (const [asked, ...more] of alike.values()) {
      if (!asked) continue;
      const found = await listEntriesOfPatients(tx, [asked, ...more], asked);
      [asked, ...more].forEach((key, i) => pages.set(key, found[i] as Page<AdjustmentEntry>));
    }
    return keys.map((key) => pages.get(key) as Page<AdjustmentEntry>);
  },
  (key) => JSON.stringify([key.clinicId, key.id, key.first, key.after]),
);

export interface ReasonKey {
  readonly clinicId: string;
  readonly code: string;
}

/** Reasons of entries; each of them is stored, since an entry refers to it, or a standard one in a dry run. */
export const reasons = batchLoader<ReasonKey, ReasonCode | null>(
  async (tx, keys) => {
    const found = hydrate(
      tx,
      ReasonCode,
      await prepared(
        tx,
        `SELECT ${columnsOf(tx.dataSource.getMetadata(ReasonCode), 't')}
         FROM unnest($1::uuid[], $2::text[]) AS k (clinic_id, code)
         JOIN reason_code t ON t.clinic_id = k.clinic_id AND t.code = k.code`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.code)],
      ),
    );
    return keys.map(
      ({ clinicId, code }) =>
        found.find((reason) => reason.clinicId === clinicId && reason.code === code) ?? standardReason(clinicId, code),
    );
  },
  (key) => `${key.clinicId}/${key.code}`,
);

/** Notes that rows of patients are about to be shown, one record per clinic, for the audit trail. */
export function notePatientRead(
  context: Context,
  shown: readonly AdjustmentEntry[],
  about: { entityType: string; entityId?: string; filter?: unknown },
): void {
  for (const clinicId of new Set(shown.map((entry) => entry.clinicId))) {
    const own = shown.filter((entry) => entry.clinicId === clinicId);
    context.reads.push({
      clinicId,
      action: 'patient.read',
      ...about,
      subjects: [...new Set(own.map((entry) => entry.patientId))],
      rowCount: own.length,
    });
  }
}
