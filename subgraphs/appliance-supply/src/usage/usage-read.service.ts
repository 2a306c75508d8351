import type { Context } from '@practice-graph/kit';

/**
 * Notes for the audit trail that rows linked to patients were read; written before the answer leaves (G-15). Reads of one
 * kind in one fetch, for example the cost of each case of a page, become one event.
 */
export function noteRead(
  context: Pick<Context, 'reads'>,
  clinicId: string,
  entityType: string,
  rows: readonly { readonly patientId: string }[],
  filter?: unknown,
): void {
  const patients = rows.map((row) => row.patientId);
  const index = context.reads.findIndex(
    (read) => read.clinicId === clinicId && read.entityType === entityType && read.filter === undefined,
  );
  const before = filter === undefined ? context.reads[index] : undefined;
  const read = {
    clinicId,
    action: 'patient.read',
    entityType,
    subjects: [...new Set([...(before?.subjects ?? []), ...patients])],
    ...(filter === undefined ? {} : { filter }),
    rowCount: (before?.rowCount ?? 0) + rows.length,
  };
  if (before) context.reads[index] = read;
  else context.reads.push(read);
}

/** The same for uses of supplies. */
export const noteUsageRead = (
  context: Pick<Context, 'reads'>,
  clinicId: string,
  rows: readonly { readonly patientId: string }[],
  filter?: unknown,
): void => {
  noteRead(context, clinicId, 'ApplianceUsage', rows, filter);
};
