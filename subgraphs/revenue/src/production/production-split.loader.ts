import { batchLoader, Decimal, prepared } from '@practice-graph/kit';
import type { ProductionEntry } from './production-entry.entity';
import { shareNet } from './production-entry.rules';

interface SplitRow {
  readonly entry_id: string;
  readonly provider_id: string;
  readonly role: string;
  readonly weight: string;
}

/** A share of another provider in an entry, of what it is worth now. */
export interface SplitShare {
  readonly providerId: string;
  readonly role: string;
  readonly net: Decimal;
}

/** Shares of other providers in N entries, in the order in which they were named, with one statement. */
export const splitsOfEntry = batchLoader<ProductionEntry, SplitShare[]>(
  async (tx, entries) => {
    const found = await prepared<SplitRow>(
      tx,
      `SELECT s.entry_id, s.provider_id, s.role, s.weight FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN production_split s ON s.clinic_id = k.clinic_id AND s.entry_id = k.id ORDER BY s.entry_id, s.line`,
      [entries.map((entry) => entry.clinicId), entries.map((entry) => entry.id)],
    );
    return entries.map((entry) => {
      const splits = found.filter((row) => row.entry_id === entry.id);
      const nets = shareNet(
        entry.net,
        entry.gross.abs(),
        splits.map((split) => new Decimal(split.weight)),
      );
      return splits.map(({ provider_id, role }, n) => ({
        providerId: provider_id,
        role,
        net: nets[n] ?? new Decimal(0),
      }));
    });
  },
  ({ clinicId, id }) => `${clinicId}/${id}`,
);
