import { findByKeys, type Context, type RecordKey, type Viewer } from '@practice-graph/kit';
import DataLoader from 'dataloader';
import type { ObjectLiteral } from 'typeorm';

const text = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/** What the audit trail says of reads of one kind of rows that are linked to a patient. */
export interface LinkedRows<E> {
  /** For example patient.read. */
  readonly action: string;
  readonly entityType: string;
  readonly patientOf: (record: E) => string | null;
  /** False for a record outside what the viewer is restricted to. */
  readonly isVisible?: (record: E, viewer: Viewer) => boolean;
}

/** Puts rows that are about to be shown on the audit trail: one read per clinic, with everybody concerned (G-15). */
export function recordRead<E extends RecordKey>(
  context: Context,
  of: LinkedRows<E>,
  shown: readonly E[],
  filter?: unknown,
): void {
  for (const clinicId of new Set(shown.map((record) => record.clinicId))) {
    const mine = shown.filter((record) => record.clinicId === clinicId);
    context.reads.push({
      clinicId,
      action: of.action,
      entityType: of.entityType,
      entityId: mine.length === 1 && filter === undefined ? (mine[0]?.id ?? null) : null,
      subjects: [...new Set(mine.flatMap((record) => of.patientOf(record) ?? []))],
      ...(filter === undefined ? {} : { filter }),
      rowCount: mine.length,
    });
  }
}

/**
 * A loader of rows that are linked to a patient: one statement for all keys, and every row that is found is put on the
 * audit trail. Readers of aggregates get none.
 */
export const linkedLoader =
  <E extends RecordKey & ObjectLiteral>(entity: new () => E, of: LinkedRows<E>) =>
  (context: Context): DataLoader<RecordKey, E | null, string> =>
    new DataLoader<RecordKey, E | null, string>(
      async (keys) => {
        const { viewer } = context;
        const wanted = viewer.aggregateOnly ? [] : keys.filter((key) => viewer.clinicIds.includes(key.clinicId));
        const found = wanted.length > 0 ? await findByKeys(await context.read(), entity, wanted) : [];
        const shown = found.filter((record) => of.isVisible?.(record, viewer) ?? true);
        recordRead(context, of, shown);
        const byKey = new Map(shown.map((record) => [text(record), record]));
        return keys.map((key) => byKey.get(text(key)) ?? null);
      },
      { cacheKeyFn: text },
    );
