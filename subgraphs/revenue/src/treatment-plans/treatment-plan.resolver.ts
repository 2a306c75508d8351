import {
  AfterArg,
  ApiField,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  connectionOf,
  CurrencyCode,
  DecimalScalar,
  FirstArg,
  IdArg,
  loadById,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
  type Decimal,
} from '@practice-graph/kit';
import { requireRows } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { calendarOf } from '../clinics/calendar.loader';
import { Clinic } from '../clinics/clinic.entity';
import { clinicLoader, locationLoader, providerLoader } from '../clinics/directory.loader';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { Patient } from '../patients/patient.entity';
import { patientLoader } from '../patients/patient.loader';
import { recordRead } from '../patients/patient-rows.loader';
import { ProductionMeasures } from '../production/production-measures.types';
import { productionOfPlan } from '../production/production.loader';
import { UserError } from '../refusals';
import { TreatmentPlan } from './treatment-plan.entity';
import { TreatmentPlanFilter, TreatmentPlanInput } from './treatment-plan.inputs';
import { treatmentPlanLoader, treatmentPlanRows } from './treatment-plan.loader';
import { monthsBetween } from './treatment-plan.rules';
import { listTreatmentPlans, saveTreatmentPlan } from './treatment-plan.service';

export const { Connection: TreatmentPlanConnection, ConnectionResolver: TreatmentPlanConnectionResolver } =
  connectionOf(() => TreatmentPlan, 'TreatmentPlan', 'cases, newest start first', 'cases');
type TreatmentPlanConnection = InstanceType<typeof TreatmentPlanConnection>;

@ObjectType('TreatmentPlanPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the case after the change.',
})
export class TreatmentPlanPayload {
  @ApiField(() => TreatmentPlan, { nullable: true, description: 'The case after the change; null when refused.' })
  treatmentPlan: TreatmentPlan | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

@Resolver(() => TreatmentPlan)
export class TreatmentPlanResolver {
  @Scopes(['patient:read'])
  @Query(() => TreatmentPlan, {
    nullable: true,
    description: "One case; null when it does not exist or is outside the caller's reach.",
  })
  treatmentPlan(@IdArg() id: string, @Ctx() context: Context): Promise<TreatmentPlan | null> {
    requireRows(context.viewer);
    return loadById(context, treatmentPlanLoader, id);
  }

  @Scopes(['patient:read'])
  @PagedList()
  @Query(() => TreatmentPlanConnection, { nullable: true, description: 'Cases, newest start first.' })
  async treatmentPlans(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => TreatmentPlanFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: TreatmentPlanFilter | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<TreatmentPlanConnection | null> {
    requireRows(context.viewer);
    const clinic = reachableClinic(context.viewer, clinicId);
    if (clinic === undefined) return null;
    const page = await listTreatmentPlans(await context.read(), clinic, filter, { first, after });
    recordRead(context, treatmentPlanRows, page.nodes, filter ?? {});
    return page as TreatmentPlanConnection;
  }

  @FieldResolver(() => Clinic, { description: 'Clinic that treats and bills the case.' })
  clinic(@Root() { clinicId }: TreatmentPlan, @Ctx() context: Context): Promise<Clinic | null> {
    return context.of(clinicLoader).load({ clinicId, id: clinicId });
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient treated; null when outside the caller's reach.",
  })
  patient(@Root() { clinicId, patientId }: TreatmentPlan, @Ctx() context: Context): Promise<Patient | null> | null {
    return context.viewer.scopes.includes('patient:read')
      ? context.of(patientLoader).load({ clinicId, id: patientId })
      : null;
  }

  @FieldResolver(() => Provider, { nullable: true, description: 'Provider who answers for the case.' })
  provider(@Root() { clinicId, providerId }: TreatmentPlan, @Ctx() context: Context): Promise<Provider | null> | null {
    return providerId ? context.of(providerLoader).load({ clinicId, id: providerId }) : null;
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where the case is treated.' })
  location(@Root() { clinicId, locationId }: TreatmentPlan, @Ctx() context: Context): Promise<Location | null> | null {
    return locationId ? context.of(locationLoader).load({ clinicId, id: locationId }) : null;
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() { clinicId }: TreatmentPlan, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicLoader).load({ clinicId, id: clinicId }))?.currency;
  }

  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProductionMeasures, {
    nullable: true,
    description: 'Production booked to the case, over all time.',
  })
  production(@Root() { clinicId, id }: TreatmentPlan, @Ctx() context: Context): Promise<ProductionMeasures | null> {
    return context.of(productionOfPlan).load({ clinicId, id, range: null });
  }

  @FieldResolver(() => DecimalScalar, {
    nullable: true,
    description: 'Months from start to end, or to today; null before the start.',
  })
  async treatmentMonths(@Root() plan: TreatmentPlan, @Ctx() context: Context): Promise<Decimal | null> {
    if (plan.startedOn === null) return null;
    const end = plan.endedOn ?? (await calendarOf(context, plan.clinicId)).today;
    return monthsBetween(plan.startedOn, end);
  }

  @Scopes(['directory:write'])
  @Change(() => TreatmentPlanPayload, {
    description: 'Creates or changes a case; the fee cannot change after the start.',
  })
  async treatmentPlanSave(
    @Arg('input', () => TreatmentPlanInput, { description: 'Data of the change.' }) input: TreatmentPlanInput,
    @Ctx() context: Context,
  ): Promise<TreatmentPlanPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'treatmentPlanSave', input }, (tx) =>
      saveTreatmentPlan(tx, clinicId, input),
    );
    return { treatmentPlan: await context.of(treatmentPlanLoader).load({ clinicId, id }), userErrors: [] };
  }
}
