import { change, changeGrouped, recordIdOf, type Context } from '@practice-graph/kit';
import type { ProductionEntriesRecordInput, ProductionEntryRecordInput } from './production-entry.inputs';
import { recordEntries, recordEntriesOf, recordEntry } from './production-entry.service';

/** Records one procedure, once per key; those that one caller sends at once are written together. */
export const recordProduction = changeGrouped<ProductionEntryRecordInput, { id: string }>({
  mutation: 'productionEntryRecord',
  // A case belongs to one patient, and what an entry earns depends on where its case stands.
  moves: ({ patientId }) => recordIdOf(patientId)?.id ?? patientId,
  alone: recordEntry,
  together: recordEntriesOf,
});

/** Records many procedures in one transaction, once per key. */
export const recordProductions = (
  context: Context,
  clinicId: string,
  input: ProductionEntriesRecordInput,
): Promise<{ ids: string[] }> =>
  change(context, { clinicId, mutation: 'productionEntriesRecord', input }, (tx) => recordEntries(tx, clinicId, input));
