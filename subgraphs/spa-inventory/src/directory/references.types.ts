import { ApiField, clinicIdText, recordIdText } from '@practice-graph/kit';
import { Directive, ID, ObjectType } from 'type-graphql';

/** A record of another domain: only its key is known here. */
@ObjectType({ simpleResolvers: true })
abstract class TenantReference {
  clinicId: string;

  rowId: string;

  @ApiField(() => ID, { description: 'Opaque identifier; carries the clinic it belongs to.' })
  get id(): string {
    return recordIdText(this.clinicId, this.rowId);
  }
}

@Directive('@key(fields: "id")')
@ObjectType('Clinic', {
  simpleResolvers: true,
  description: 'A practice, hospital or medical spa with its own books: the tenant. Each domain adds its measures.',
})
export class Clinic {
  clinicId: string;

  @ApiField(() => ID, { description: 'Opaque identifier of the clinic, which its records carry in theirs.' })
  get id(): string {
    return clinicIdText(this.clinicId);
  }
}

@Directive('@key(fields: "id")')
@ObjectType('Location', {
  simpleResolvers: true,
  description: 'A place of a clinic where patients are treated and stock is kept. Each domain adds its measures.',
})
export class Location extends TenantReference {}

@Directive('@key(fields: "id")')
@ObjectType('Provider', {
  simpleResolvers: true,
  description: 'A person who treats patients. Each domain adds its measures.',
})
export class Provider extends TenantReference {}

@Directive('@key(fields: "id")')
@ObjectType('Patient', {
  simpleResolvers: true,
  description:
    'A patient, known by an opaque identifier and a pseudonymous code only; no name, contact or clinical record is kept.',
})
export class Patient extends TenantReference {}

const reference =
  <R extends TenantReference>(made: new () => R) =>
  (clinicId: string, rowId: string): R =>
    Object.assign(new made(), { clinicId, rowId });

export const locationReference = reference(Location);
export const providerReference = reference(Provider);
export const patientReference = reference(Patient);
export const clinicReference = (clinicId: string): Clinic => Object.assign(new Clinic(), { clinicId });
