import { ApiField } from '@practice-graph/kit';
import { Int, ObjectType } from 'type-graphql';
import { SupplyItem } from '../items/supply-item.entity';
import { UserError, type UserErrorRow } from '../refusals';
import { KitTemplate } from './kit-template.entity';

@ObjectType('KitAvailability', { simpleResolvers: true, description: 'How many kits the stock makes.' })
export class KitAvailability {
  @ApiField(() => Int, {
    description: 'Complete kits; against the starts planned for the day it shows a coming stock-out.',
  })
  kits: number;

  @ApiField(() => [SupplyItem], { description: 'Items that limit the number; empty when there is no limit.' })
  limitedBy: SupplyItem[];
}

@ObjectType('KitTemplatePayload', { simpleResolvers: true, description: 'Result of a change: the saved kit.' })
export class KitTemplatePayload {
  @ApiField(() => KitTemplate, { nullable: true, description: 'The saved kit; null when refused.' })
  kitTemplate: KitTemplate | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
