import { forbidden } from '@practice-graph/kit';
import type { Context, Viewer } from '@practice-graph/kit';

export const mayReadPatients = (viewer: Viewer): boolean =>
  viewer.scopes.includes('patient:read') && !viewer.aggregateOnly;

/** A filter by one patient needs the permission to see patients. */
export function requirePatientFilter(viewer: Viewer, patientId: string | null | undefined): void {
  if (patientId && !mayReadPatients(viewer)) throw forbidden('A filter by patient needs the permission patient:read.');
}

/** Notes a read of rows about patients for the audit trail (G-15). Lists are one event with all their patients. */
export function noteRead(
  context: Context,
  clinicId: string,
  read: { entityType: string; entityId?: string; patientIds: readonly (string | null)[]; filter?: unknown },
): void {
  const subjects = [...new Set(read.patientIds.filter((id) => id !== null))];
  if (subjects.length === 0) return;
  context.reads.push({
    clinicId,
    action: 'patient.read',
    entityType: read.entityType,
    ...(read.entityId === undefined ? {} : { entityId: read.entityId }),
    ...(read.filter === undefined ? {} : { filter: read.filter }),
    subjects,
    rowCount: read.patientIds.length,
  });
}
