import type { Context, RecordKey } from '@practice-graph/kit';
import type { ReceiveResult } from './receive.service';
import { supplyLots, supplyTransactions } from './supply-lot.loader';

const isThere = <T>(record: T | null | Error): record is T => record !== null && !(record instanceof Error);

/** Lots and movements that a change of stock wrote; goods without lots show no lot. */
export async function writtenStock(context: Context, clinicId: string, kept: ReceiveResult) {
  const keys = (ids: readonly string[]): RecordKey[] => ids.map((id) => ({ clinicId, id }));
  const [lots, transactions] = await Promise.all([
    context.of(supplyLots).loadMany(keys(kept.lotIds)),
    context.of(supplyTransactions).loadMany(keys(kept.transactionIds)),
  ]);
  return {
    lots: lots.filter(isThere).filter((lot) => lot.lotNumber !== ''),
    transactions: transactions.filter(isThere),
    warnings: kept.warnings,
    userErrors: [],
  };
}
