import { DateField, MoneyField, TenantRecord, TextField, VersionField, type Decimal } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Entity, Index } from 'typeorm';

/** What a payer pays for a procedure from a day on, until the next fee begins. */
@Entity()
@Index(['id'])
@Index(['clinicId', 'payer', 'procedureCode', 'effectiveFrom'], { unique: true })
@Directive('@key(fields: "id")')
@ObjectType('PayerFee', { simpleResolvers: true, description: 'Usual and contracted fee of a payer for a procedure.' })
export class PayerFee extends TenantRecord {
  @TextField({ description: 'Insurer or plan.' })
  payer: string;

  @TextField({ description: 'Procedure code, for example D8080.' })
  procedureCode: string;

  @MoneyField({ description: 'Usual, customary and reasonable fee of the practice.' })
  usualFee: Decimal;

  @MoneyField({ description: 'Fee agreed with the payer; the difference is the expected write-off.' })
  contractedFee: Decimal;

  @DateField({ description: 'First day of the contract.' })
  effectiveFrom: string;

  @DateField({ nullable: true, description: 'Last day of the contract; null while in force.' })
  effectiveTo: string | null;

  @VersionField()
  version: number;
}
