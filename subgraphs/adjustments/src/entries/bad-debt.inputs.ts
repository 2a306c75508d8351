import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';

@InputType('RecoveryRecordInput', { description: 'Money recovered on bad debt.' })
export class RecoveryRecordInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Bad debt recovered; null only for one from before the ledger.' })
  writeOffId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Clinic of a recovery from before the ledger.' })
  clinicId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Patient of a recovery from before the ledger.' })
  patientId?: string | null | undefined;

  @Field(() => Money, {
    description: 'Amount, more than zero and together with earlier recoveries at most the bad debt.',
  })
  amount: Decimal;

  @Field(() => DateScalar, { description: 'Day of the recovery.' })
  recoveredOn: string;

  @Field(() => String, { description: 'Standard reason of the category RECOVERY.' })
  reasonCode: string;

  @Field(() => String, { nullable: true, description: 'Remark for colleagues and reviewers.' })
  description?: string | null | undefined;
}

@InputType('OpenBalanceInput', { description: 'An open balance.' })
export class OpenBalanceInput {
  @Field(() => ID, { description: 'Account concerned.' })
  patientId: string;

  @Field(() => ID, { nullable: true, description: 'Invoice that is open; null for the account as a whole.' })
  invoiceId?: string | null | undefined;

  @Field(() => Money, { description: 'What is owed; negative for a credit.' })
  balance: Decimal;
}

@InputType('SmallBalanceInput', { description: 'Balances to write off as small.' })
export class SmallBalanceInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'True writes nothing and returns what would be written.',
  })
  dryRun: boolean;

  @Field(() => DateScalar, { description: 'Day on which the write-offs count.' })
  adjustmentDate: string;

  @Field(() => String, { description: 'Standard reason of the category SMALL_BALANCE.' })
  reasonCode: string;

  @Field(() => [OpenBalanceInput], { description: 'Open balances, as the billing system reports them.' })
  balances: OpenBalanceInput[];
}
