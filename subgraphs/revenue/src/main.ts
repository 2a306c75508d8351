import { serve } from '@practice-graph/kit';
import { revenue } from './definition';

void serve(revenue);
