import { connectionOf } from '@practice-graph/kit';
import { ApplianceUsage } from './appliance-usage.entity';

export const applianceUsagePages = connectionOf(
  () => ApplianceUsage,
  'ApplianceUsage',
  'uses of supplies, newest first',
  'uses of supplies',
);
