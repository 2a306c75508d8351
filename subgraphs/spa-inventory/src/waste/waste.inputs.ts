import { Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';
import { WasteReason } from './waste-reason.types';

@InputType('WasteInput', { description: 'Waste of a lot or an open vial; give one.' })
export class WasteInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Lot wasted; expired and blocked lots may be wasted too.', nullable: true })
  lotId?: string | null;

  @Field(() => ID, { description: 'Place of the lot.', nullable: true })
  locationId?: string | null;

  @Field(() => Quantity, { description: 'How much, more than zero, at most what is left.' })
  quantity: Decimal;

  @Field(() => WasteReason, { description: 'Cause, for the waste statistics.' })
  reason: WasteReason;

  @Field(() => ID, { description: 'Practitioner.', nullable: true })
  providerId?: string | null;

  @Field(() => ID, { description: 'Appointment it belongs to.', nullable: true })
  appointmentId?: string | null;

  @Field(() => String, { description: 'Remark; needed for OTHER.', nullable: true })
  note?: string | null;
}
