import {
  ApiField,
  DateField,
  EnumField,
  Quantity,
  QuantityField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, PrimaryColumn, Column, Unique } from 'typeorm';
import { SupplyItem } from '../items/supply-item.entity';
import { pendingOf } from './supply-order.rules';

export const SupplyOrderStatus = {
  OPEN: 'OPEN',
  PARTIAL_RECEIVED: 'PARTIAL_RECEIVED',
  RECEIVED: 'RECEIVED',
  CLOSED_SHORT: 'CLOSED_SHORT',
} as const;
export type SupplyOrderStatus = (typeof SupplyOrderStatus)[keyof typeof SupplyOrderStatus];
registerEnumType(SupplyOrderStatus, {
  name: 'SupplyOrderStatus',
  description: 'Where an order for supplies stands.',
  valuesConfig: {
    OPEN: { description: 'Nothing received.' },
    PARTIAL_RECEIVED: { description: 'Received in part.' },
    RECEIVED: { description: 'Received in full.' },
    CLOSED_SHORT: { description: 'Closed with a rest that will not come.' },
  },
});

@Entity()
@ForeignKey(() => SupplyItem, ['clinicId', 'itemId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Unique(['clinicId', 'number'])
@Index(['id'])
@Index(['clinicId', 'itemId'])
@Index(['clinicId', 'orderedOn', 'id'])
@Check('ordered > 0')
@Check('received >= 0 AND received <= ordered')
@Directive('@key(fields: "id")')
@ObjectType('SupplyOrder', {
  simpleResolvers: true,
  description: 'An order to a vendor, as far as stock planning needs it.',
})
export class SupplyOrder extends TenantRecord {
  @TextField({ description: 'Number of the order.' })
  number: string;

  @UuidColumn()
  itemId: string;

  @UuidColumn()
  vendorId: string;

  @UuidColumn()
  locationId: string;

  @QuantityField({ description: 'Units ordered.' })
  ordered: Decimal;

  @QuantityField({ description: 'Units received.', default: 0 })
  received: Decimal;

  @ApiField(() => Quantity, { description: 'Units still to come; 0 when closed.' })
  get pending(): Decimal {
    return pendingOf(this);
  }

  @DateField({ description: 'Day of the order.' })
  orderedOn: string;

  @DateField({ nullable: true, description: 'Day it is expected; null when unknown.' })
  expectedOn: string | null;

  @EnumField(SupplyOrderStatus, { description: 'Where it stands.' })
  status: SupplyOrderStatus;

  @TextField({ nullable: true, description: 'Why it was closed short; null otherwise.' })
  closeReason: string | null;

  @VersionField()
  version: number;
}

/** The last number that the server gave to an order of a clinic. */
@Entity('supply_order_count')
export class SupplyOrderCount {
  @PrimaryColumn({ type: 'uuid' })
  clinicId: string;

  @Column({ type: 'integer' })
  last: number;
}
