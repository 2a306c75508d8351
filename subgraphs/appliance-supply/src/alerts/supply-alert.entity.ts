import {
  EnumField,
  IdTextField,
  InstantField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
} from '@practice-graph/kit';
import { AlertSeverity, AlertStatus } from '@practice-graph/practice';
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { SupplyItem } from '../items/supply-item.entity';
import { SupplyLot } from '../lots/supply-lot.entity';

export const SupplyAlertType = {
  LOW_STOCK: 'LOW_STOCK',
  CRITICAL_STOCK: 'CRITICAL_STOCK',
  OUT_OF_STOCK: 'OUT_OF_STOCK',
  EXPIRING_SOON: 'EXPIRING_SOON',
  EXPIRED: 'EXPIRED',
  RECALL: 'RECALL',
} as const;
export type SupplyAlertType = (typeof SupplyAlertType)[keyof typeof SupplyAlertType];
registerEnumType(SupplyAlertType, {
  name: 'SupplyAlertType',
  description: 'Cause of an alert on supplies.',
  valuesConfig: {
    LOW_STOCK: { description: 'Available stock reached the reorder point.' },
    CRITICAL_STOCK: { description: 'Available stock fell to a tenth of the reorder point.' },
    OUT_OF_STOCK: { description: 'Nothing is available.' },
    EXPIRING_SOON: { description: 'A lot expires within 90, 30 or 7 days.' },
    EXPIRED: { description: 'A lot in stock has expired.' },
    RECALL: { description: 'A lot came under recall.' },
  },
});

@Entity()
@ForeignKey(() => SupplyItem, ['clinicId', 'itemId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => SupplyLot, ['clinicId', 'lotId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Index('supply_alert_open', { synchronize: false })
@Index(['id'])
@Index(['clinicId', 'itemId'])
@Directive('@key(fields: "id")')
@ObjectType('SupplyAlert', {
  simpleResolvers: true,
  description: 'Something about supplies that needs a look; one per cause, item and place until it is resolved.',
})
export class SupplyAlert extends TenantRecord {
  /** The one thing that the alert is about: stock of an item at a place, expiry of a lot there, recall of a lot. */
  @Column({ type: 'text' })
  causeKey: string;

  /** How bad the cause is among its kind; higher is worse. */
  @Column({ type: 'smallint' })
  rank: number;

  @EnumField(SupplyAlertType, { description: 'What happened.' })
  type: SupplyAlertType;

  @EnumField(AlertSeverity, { description: 'How urgent it is.' })
  severity: AlertSeverity;

  @EnumField(AlertStatus, { description: 'Where it stands.' })
  status: AlertStatus;

  @TextField({ description: 'One sentence for people.' })
  message: string;

  @UuidColumn()
  itemId: string;

  @UuidColumn({ nullable: true })
  lotId: string | null;

  @UuidColumn({ nullable: true })
  locationId: string | null;

  @InstantField({ description: 'When it was raised.' })
  raisedAt: Date;

  @IdTextField({
    nullable: true,
    description: 'User who moved it last; null while ACTIVE and when it closed by itself.',
  })
  handledBy: string | null;

  @InstantField({ nullable: true, description: 'When it was moved last.' })
  handledAt: Date | null;

  @TextField({ nullable: true, description: 'Comment of that user.' })
  note: string | null;

  @VersionField()
  version: number;
}
