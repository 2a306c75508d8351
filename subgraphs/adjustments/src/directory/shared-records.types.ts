import { clinicIdText, recordIdText, type RecordKey } from '@practice-graph/kit';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

// Records of other domains, as far as this one refers to them or adds to them. `key` is the row behind the identifier.

@Directive('@key(fields: "id")')
@ObjectType('Clinic', {
  simpleResolvers: true,
  description: 'A practice, hospital or medical spa with its own books: the tenant. Each domain adds its measures.',
})
export class Clinic {
  @Field(() => ID, { description: 'Opaque identifier of the clinic, which its records carry in theirs.' })
  id: string;

  clinicId: string;

  static of(clinicId: string): Clinic {
    return Object.assign(new Clinic(), { id: clinicIdText(clinicId), clinicId });
  }
}

const ID_OF_RECORD = 'Opaque identifier; carries the clinic it belongs to.';

@Directive('@key(fields: "id")')
@ObjectType('Location', {
  simpleResolvers: true,
  description: 'A place of a clinic where patients are treated and stock is kept. Each domain adds its measures.',
})
export class Location {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

@Directive('@key(fields: "id")')
@ObjectType('Provider', {
  simpleResolvers: true,
  description: 'A person who treats patients. Each domain adds its measures.',
})
export class Provider {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

@Directive('@key(fields: "id")')
@ObjectType('Patient', {
  simpleResolvers: true,
  description:
    'A patient, known by an opaque identifier and a pseudonymous code only; no name, contact or clinical record is kept.',
})
export class Patient {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

@Directive('@key(fields: "id")')
@ObjectType('TreatmentPlan', {
  simpleResolvers: true,
  description:
    'One case: a planned course of treatment of one patient, on which production, write-offs and supply cost meet.',
})
export class TreatmentPlan {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

@Directive('@key(fields: "id")')
@ObjectType('ProductionEntry', {
  simpleResolvers: true,
  description:
    'What a completed procedure, or a recognised part of a fee, earned. Posted entries are never changed, only reversed.',
})
export class ProductionEntry {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

@Directive('@key(fields: "id")')
@ObjectType('Invoice', { simpleResolvers: true, description: 'A bill for services.' })
export class Invoice {
  @Field(() => ID, { description: ID_OF_RECORD })
  id: string;

  key: RecordKey;
}

/** A reference to a record of another domain; null when the row names none. */
export const referenceTo = <T extends { id: string; key: RecordKey }>(
  kind: new () => T,
  clinicId: string,
  id: string | null,
): T | null =>
  id === null ? null : Object.assign(new kind(), { id: recordIdText(clinicId, id), key: { clinicId, id } });
