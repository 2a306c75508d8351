import { v5, v7 } from 'uuid';
import { clinicIdOf, recordIdOf, type Viewer } from './identity';

export { clinicIdOf, clinicIdText, recordIdOf, recordIdText } from './identity';

/** A new row's identifier: UUIDv7, so that rows made together lie together in the index. */
export const newId = (): string => v7();

const NAMESPACE = '6f1c2b0e-6a0b-5c55-9a35-0d6f5b1f7c11';

/** The same identifier for the same text, for events and for whatever must be recognised when it is made again. */
export const stableId = (text: string): string => v5(text, NAMESPACE);

/** Key of a row of a clinic. */
export interface RecordKey {
  readonly clinicId: string;
  readonly id: string;
}

/** The row that an opaque identifier names, if its clinic is within the viewer's reach; otherwise undefined (G-14). */
export function reachable(viewer: Viewer, opaque: string): RecordKey | undefined {
  const key = recordIdOf(opaque);
  return key && viewer.clinicIds.includes(key.clinicId) ? key : undefined;
}

/** The clinic that an opaque identifier names, if it is within the viewer's reach. */
export function reachableClinic(viewer: Viewer, opaque: string): string | undefined {
  const id = clinicIdOf(opaque);
  return id !== undefined && viewer.clinicIds.includes(id) ? id : undefined;
}
