import {
  ApiField,
  BooleanField,
  DateField,
  enumCheck,
  EnumField,
  IdTextField,
  InstantField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostField,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { CostBucket, SupplyCategory } from '../items/supply-category.types';
import { SupplyLot } from '../lots/supply-lot.entity';
import { ApplianceRecord } from '../placements/appliance-record.entity';
import { ApplianceRecordType } from '../placements/appliance-record.types';

@Entity()
@ForeignKey(() => ApplianceRecord, ['clinicId', 'applianceId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => ApplianceUsage, ['clinicId', 'reversesId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => SupplyLot, ['clinicId', 'lotId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Unique(['clinicId', 'reversesId'])
@Index('appliance_usage_report', { synchronize: false })
@Index(['id'])
@Index(['clinicId', 'usedOn', 'id'])
@Index(['clinicId', 'treatmentPlanId'])
@Index(['clinicId', 'patientId'])
@Index(['clinicId', 'applianceId'])
@Index(['clinicId', 'lotId'])
@Index(['clinicId', 'itemId', 'usedOn'])
@Check(enumCheck('category', SupplyCategory))
@Check(enumCheck('bucket', CostBucket))
@Check('quantity <> 0')
@Check('(unit_cost IS NULL) = (total_cost IS NULL)')
@Check('(reverses_id IS NULL) = (quantity > 0)')
@Directive('@key(fields: "id")')
@ObjectType('ApplianceUsage', {
  simpleResolvers: true,
  description: 'One supply used for an appliance, one row per lot; the link between clinical record and stock.',
})
export class ApplianceUsage extends TenantRecord {
  @UuidColumn({ nullable: true })
  applianceId: string | null;

  @EnumField(ApplianceRecordType, { description: 'Kind of appliance.' })
  applianceType: ApplianceRecordType;

  @TextField({ nullable: true, description: 'Appliance system; null when not noted.' })
  applianceSystem: string | null;

  @UuidColumn()
  patientId: string;

  @UuidColumn({ nullable: true })
  treatmentPlanId: string | null;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UuidColumn()
  locationId: string;

  @TextField({ nullable: true, description: 'Tooth or arch.' })
  site: string | null;

  @UuidColumn()
  itemId: string;

  @UuidColumn()
  lotId: string;

  /** Category and bucket of the item at the time of use, so that a later change of the item moves no cost. */
  @Column({ type: 'text' })
  category: SupplyCategory;

  @Column({ type: 'text' })
  bucket: CostBucket;

  @TextField({
    nullable: true,
    description: 'Why the lot was chosen against first-expiry-first-out; null when it was not.',
  })
  fefoOverrideReason: string | null;

  @DateField({ description: 'Business day of use.' })
  usedOn: string;

  @QuantityField({ description: 'How much, in the unit of the item; negative on a reversal.' })
  quantity: Decimal;

  @UnitCostField({ nullable: true, description: 'Cost per unit kept at the time of use; null when unknown.' })
  unitCost: Decimal | null;

  @MoneyField({ nullable: true, description: 'Quantity times unit cost; null when unknown.' })
  totalCost: Decimal | null;

  @BooleanField({ description: 'True when it replaced something lost or broken.' })
  isRework: boolean;

  /** Use that this row undoes. */
  @UuidColumn({ nullable: true })
  reversesId: string | null;

  @ApiField(() => Boolean, { description: 'True for the row that undoes another.' })
  get isReversal(): boolean {
    return this.reversesId !== null;
  }

  @TextField({ nullable: true, description: 'Remark of the person who used it.' })
  notes: string | null;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;
}
