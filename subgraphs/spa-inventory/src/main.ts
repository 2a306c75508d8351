import { serve } from '@practice-graph/kit';
import { spaInventory } from './index';

void serve(spaInventory);
