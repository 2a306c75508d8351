import {
  AfterArg,
  ApiField,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  connectionOf,
  FirstArg,
  IdArg,
  loadById,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { PeriodInput, requireRows } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { periodAt } from '../clinics/calendar.loader';
import { ProductionMeasures } from '../production/production-measures.types';
import { productionOfPatient } from '../production/production.loader';
import { UserError } from '../refusals';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { plansOfPatient } from '../treatment-plans/treatment-plan.loader';
import { Patient } from './patient.entity';
import { PatientFilter, PatientInput } from './patient.inputs';
import { patientLoader, patientRows } from './patient.loader';
import { listPatients, savePatient } from './patient.service';
import { recordRead } from './patient-rows.loader';

export const { Connection: PatientConnection, ConnectionResolver: PatientConnectionResolver } = connectionOf(
  () => Patient,
  'Patient',
  'patients, by reference',
  'patients',
);
type PatientConnection = InstanceType<typeof PatientConnection>;

@ObjectType('PatientPayload', { simpleResolvers: true, description: 'Result of a change: the saved patient record.' })
export class PatientPayload {
  @ApiField(() => Patient, { nullable: true, description: 'The saved patient record; null when refused.' })
  patient: Patient | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

@Resolver(() => Patient)
export class PatientResolver {
  @Scopes(['patient:read'])
  @Query(() => Patient, {
    nullable: true,
    description: "One patient; null when it does not exist or is outside the caller's reach. Each read is audited.",
  })
  patient(@IdArg() id: string, @Ctx() context: Context): Promise<Patient | null> {
    requireRows(context.viewer);
    return loadById(context, patientLoader, id);
  }

  @Scopes(['patient:read'])
  @PagedList()
  @Query(() => PatientConnection, {
    nullable: true,
    description: 'Patients of a clinic, by reference. Each read is audited.',
  })
  async patients(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => PatientFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: PatientFilter | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<PatientConnection | null> {
    requireRows(context.viewer);
    const clinic = reachableClinic(context.viewer, clinicId);
    if (clinic === undefined) return null;
    const page = await listPatients(await context.read(), clinic, filter, { first, after });
    recordRead(context, patientRows, page.nodes, filter ?? {});
    return page as PatientConnection;
  }

  @Scopes(['patient:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [TreatmentPlan], { nullable: true, description: 'Cases of the patient, newest first.' })
  treatmentPlans(@Root() { clinicId, id }: Patient, @Ctx() context: Context): Promise<TreatmentPlan[]> {
    return context.of(plansOfPatient).load({ clinicId, id });
  }

  @Scopes(['finance:view_revenue', 'patient:read'])
  @FieldResolver(() => ProductionMeasures, { nullable: true, description: 'Production booked to the patient.' })
  async production(
    @Root() { clinicId, id }: Patient,
    @Arg('period', () => PeriodInput, { nullable: true, description: 'Null for all time.' })
    period: PeriodInput | null,
    @Ctx() context: Context,
  ): Promise<ProductionMeasures | null> {
    const range = period ? await periodAt(context, { clinicId }, period) : null;
    return context.of(productionOfPatient).load({ clinicId, id, range });
  }

  @Scopes(['directory:write'])
  @Change(() => PatientPayload, {
    description: 'Creates or changes a patient record, which holds no name or contact.',
  })
  async patientSave(
    @Arg('input', () => PatientInput, { description: 'Data of the change.' }) input: PatientInput,
    @Ctx() context: Context,
  ): Promise<PatientPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'patientSave', input }, (tx) =>
      savePatient(tx, clinicId, input),
    );
    return { patient: await context.of(patientLoader).load({ clinicId, id }), userErrors: [] };
  }
}
