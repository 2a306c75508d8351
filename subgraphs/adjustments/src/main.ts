import { serve } from '@practice-graph/kit';
import { adjustments } from '.';

void serve(adjustments);
