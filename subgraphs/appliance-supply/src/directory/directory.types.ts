import { ApiField, clinicIdText, recordIdText, type Viewer } from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { Directive, ID, ObjectType } from 'type-graphql';
import { ProductionMeasures, type RequiredProduction } from './production.types';

const RECORD_ID = 'Opaque identifier; carries the clinic it belongs to.';

@Directive('@key(fields: "id")')
@ObjectType('Clinic', {
  simpleResolvers: true,
  description: 'A practice, hospital or medical spa with its own books: the tenant. Each domain adds its measures.',
})
export class Clinic {
  @ApiField(() => ID, { description: 'Opaque identifier of the clinic, which its records carry in theirs.' })
  id: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Location', {
  simpleResolvers: true,
  description: 'A place of a clinic where patients are treated and stock is kept. Each domain adds its measures.',
})
export class Location {
  @ApiField(() => ID, { description: RECORD_ID })
  id: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Provider', {
  simpleResolvers: true,
  description: 'A person who treats patients. Each domain adds its measures.',
})
export class Provider {
  @ApiField(() => ID, { description: RECORD_ID })
  id: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Patient', {
  simpleResolvers: true,
  description:
    'A patient, known by an opaque identifier and a pseudonymous code only; no name, contact or clinical record is kept.',
})
export class Patient {
  @ApiField(() => ID, { description: RECORD_ID })
  id: string;
}

@Directive('@key(fields: "id")')
@ObjectType('TreatmentPlan', {
  simpleResolvers: true,
  description:
    'One case: a planned course of treatment of one patient, on which production, write-offs and supply cost meet.',
})
export class TreatmentPlan {
  @ApiField(() => ID, { description: RECORD_ID })
  id: string;

  @Directive('@external')
  @ApiField(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  production: RequiredProduction | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Vendor', { simpleResolvers: true, description: 'A supplier of either inventory.' })
export class Vendor {
  @ApiField(() => ID, { description: RECORD_ID })
  id: string;

  @Directive('@external')
  @ApiField(() => String, { description: 'Name of the vendor.' })
  name: string;
}

const made = <T extends { id: string }>(type: new () => T, id: string): T => Object.assign(new type(), { id });

/** Reference to the clinic of a record. */
export const clinicStub = (clinicId: string): Clinic => made(Clinic, clinicIdText(clinicId));

/** Reference to a location; null when the viewer is restricted to others. */
export const locationStub = (viewer: Viewer, clinicId: string, id: string): Location | null =>
  isWithin(viewer, 'locations', id) ? made(Location, recordIdText(clinicId, id)) : null;

/** Reference to a provider; null when none is named or the viewer is restricted to others. */
export const providerStub = (viewer: Viewer, clinicId: string, id: string | null): Provider | null =>
  id !== null && isWithin(viewer, 'providers', id) ? made(Provider, recordIdText(clinicId, id)) : null;

/** Reference to a patient; null for viewers who may not see patients (E-06). */
export const patientStub = (viewer: Viewer, clinicId: string, id: string): Patient | null =>
  viewer.scopes.includes('patient:read') && !viewer.aggregateOnly ? made(Patient, recordIdText(clinicId, id)) : null;

/** Reference to a case; null for a use outside a case. */
export const planStub = (clinicId: string, id: string | null): TreatmentPlan | null =>
  id === null ? null : Object.assign(made(TreatmentPlan, recordIdText(clinicId, id)), { production: null });
