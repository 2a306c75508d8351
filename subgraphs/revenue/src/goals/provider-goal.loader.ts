import { recordLoader } from '@practice-graph/kit';
import { ProviderGoal } from './provider-goal.entity';

/** Goals by identifier; those of others are not there for a viewer who is narrowed to some providers. */
export const providerGoalLoader = recordLoader(
  ProviderGoal,
  ({ providerId }, { restrictions }) => restrictions['providers']?.includes(providerId) ?? true,
);
