import { ID, ObjectType } from 'type-graphql';
import { ApiField, ClinicKey, RowKey } from './fields';
import { recordIdText, type RecordKey } from './ids';

/** A row of a clinic: both halves of its key, and the opaque identifier under which clients know it (E-02). */
@ObjectType({ simpleResolvers: true })
export abstract class TenantRecord implements RecordKey {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  @ApiField(() => ID, { name: 'id', description: 'Opaque identifier; carries the clinic it belongs to.' })
  get globalId(): string {
    return recordIdText(this.clinicId, this.id);
  }
}
