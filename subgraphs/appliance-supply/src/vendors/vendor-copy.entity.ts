import { ClinicKey, RowKey } from '@practice-graph/kit';
import { Column, Entity, Index } from 'typeorm';

/** What the owner of the vendors last told of one. It is no part of the API: there the vendor is a reference. */
@Entity('vendor_copy')
@Index(['id'])
export class VendorCopy {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'boolean' })
  preferred: boolean;

  @Column({ type: 'integer' })
  version: number;
}
