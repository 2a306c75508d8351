import {
  BooleanField,
  IdTextField,
  InstantField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostColumn,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { InventoryLot } from '../lots/inventory-lot.entity';
import type { StoredArea } from './treatment-area.rules';

@Entity('lot_usage')
@Index(['id'])
@Index(['clinicId', 'businessDate', 'usedAt', 'id'])
@Index(['clinicId', 'lotId', 'businessDate', 'usedAt', 'id'])
@Index(['clinicId', 'patientId', 'businessDate', 'usedAt', 'id'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
@Check('quantity > 0')
@Directive('@key(fields: "id")')
@ObjectType('LotUsage', { simpleResolvers: true, description: 'Use of a lot on a patient.' })
export class LotUsage extends TenantRecord {
  @IdTextField({ description: 'Appointment it belongs to.', nullable: true })
  appointmentId: string | null;

  @IdTextField({ description: 'Clinical chart it belongs to.', nullable: true })
  chartId: string | null;

  @TextField({ description: 'Treatment, for example forehead lines.', nullable: true })
  serviceName: string | null;

  @InstantField({ description: "When it was used, by the server's clock." })
  usedAt: Date;

  @BooleanField({ description: "True when the client's clock was more than five minutes off." })
  isClockSkewed: boolean;

  @QuantityField({ description: 'How much, fractions included, for example 12.5.' })
  quantity: Decimal;

  @MoneyField({ description: 'Quantity times unit cost.' })
  cost: Decimal;

  @MoneyField({ description: 'Billed for it; null when not told.', nullable: true })
  revenue: Decimal | null;

  @TextField({
    description: 'Why the lot was chosen against first-expiry-first-out; null when it was not.',
    nullable: true,
  })
  fefoOverrideReason: string | null;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @UuidColumn()
  productId: string;

  @UuidColumn()
  lotId: string;

  @UuidColumn()
  locationId: string;

  @UuidColumn()
  patientId: string;

  @UuidColumn()
  providerId: string;

  @Column({ name: 'areas', type: 'jsonb' })
  storedAreas: StoredArea[];

  @UnitCostColumn()
  unitCost: Decimal;

  @Column({ type: 'date' })
  businessDate: Day;
}
