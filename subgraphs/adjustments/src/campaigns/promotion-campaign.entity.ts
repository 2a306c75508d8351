import { DateField, MoneyField, TenantRecord, TextField, VersionField, type Decimal } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Entity, Index } from 'typeorm';

@Entity()
@Index(['id'])
@Index(['clinicId', 'code'], { unique: true })
@Directive('@key(fields: "id")')
@ObjectType('PromotionCampaign', { simpleResolvers: true, description: 'A marketing campaign that grants discounts.' })
export class PromotionCampaign extends TenantRecord {
  @TextField({ description: 'Code, unique in the clinic.' })
  code: string;

  @TextField({ description: 'Name of the campaign.' })
  name: string;

  @DateField({ description: 'First day on which it grants discounts.' })
  startsOn: string;

  @DateField({ description: 'Last day on which it grants discounts.' })
  endsOn: string;

  @MoneyField({ description: 'Discounts it may grant in all.' })
  budget: Decimal;

  @VersionField()
  version: number;
}
