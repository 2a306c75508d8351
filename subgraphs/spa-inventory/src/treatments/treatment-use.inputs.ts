import { DateTimeScalar, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';

@InputType('TreatmentAreaInput', { description: 'Area treated.' })
export class TreatmentAreaInput {
  @Field(() => String, { description: 'Name of the area.' })
  name: string;

  @Field(() => Quantity, { description: 'Units used there.' })
  units: Decimal;
}

@InputType('TreatmentUseInput', { description: 'Use of a product on a patient, straight from lots.' })
export class TreatmentUseInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Product used.' })
  productId: string;

  @Field(() => ID, { description: 'Place whose stock is used.' })
  locationId: string;

  @Field(() => ID, { description: 'Patient treated.' })
  patientId: string;

  @Field(() => ID, { description: 'Practitioner.' })
  providerId: string;

  @Field(() => ID, { description: 'Appointment it belongs to; its reservation is consumed.', nullable: true })
  appointmentId?: string | null;

  @Field(() => ID, { description: 'Clinical chart it belongs to.', nullable: true })
  chartId?: string | null;

  @Field(() => String, { description: 'Treatment.', nullable: true })
  serviceName?: string | null;

  @Field(() => Quantity, { description: 'How much, more than zero.' })
  quantity: Decimal;

  @Field(() => [TreatmentAreaInput], {
    description: 'Areas treated; their units add up to the quantity.',
    nullable: true,
  })
  areas?: TreatmentAreaInput[] | null;

  @Field(() => ID, {
    description: 'Lot to take; null takes first-expiry-first-out, over several lots when one is short.',
    nullable: true,
  })
  lotId?: string | null;

  @Field(() => String, { description: 'Why this lot; kept as an override of first-expiry-first-out.', nullable: true })
  fefoOverrideReason?: string | null;

  @Field(() => Money, { description: 'Billed for it.', nullable: true })
  revenue?: Decimal | null;

  @Field(() => DateTimeScalar, {
    description: "Time by the client's clock, for information; the server's counts.",
    nullable: true,
  })
  clientTime?: Date | null;
}
