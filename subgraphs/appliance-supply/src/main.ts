import { serve } from '@practice-graph/kit';
import { applianceSupply } from '.';

void serve(applianceSupply);
