import { batchLoader, recordLoader } from '@practice-graph/kit';
import { scopeText, sliceReader, type SliceScope } from '@practice-graph/practice';
import { CHAIR_SUMS, type ChairSums } from '../production/production-measures.types';
import { ChairHours } from './chair-hours.entity';

/** Chair time of N scopes with one statement. */
export const chairTimeLoader = batchLoader<SliceScope, ChairSums>(sliceReader('chair_slice', CHAIR_SUMS), scopeText);

const within = (only: readonly string[] | undefined, id: string | null) =>
  only === undefined || (id !== null && only.includes(id));

export const chairHoursLoader = recordLoader(
  ChairHours,
  ({ locationId, providerId }, { restrictions }) =>
    within(restrictions['locations'], locationId) && within(restrictions['providers'], providerId),
);
