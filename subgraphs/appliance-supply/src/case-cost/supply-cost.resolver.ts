import {
  AfterArg,
  ClinicArg,
  CurrencyCode,
  FirstArg,
  PagedList,
  recordIdOf,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { PeriodInput, ratio } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  clinicOfList,
  currencyOf,
  refuseAggregateOnly,
  refuseWithoutPatients,
  resolvedPeriod,
} from '../directory/directory.loader';
import { Patient, patientStub, planStub, TreatmentPlan } from '../directory/directory.types';
import { CaseSupplyRatios } from '../performance/supply-measures.types';
import { ApplianceRecord } from '../placements/appliance-record.entity';
import { appliancesOfPatients } from '../placements/appliance-record.loader';
import { SupplyUsageFilter } from '../usage/appliance-usage.inputs';
import { readUsages, usageConditions } from '../usage/appliance-usage.loader';
import { applianceUsagePages } from '../usage/appliance-usage.types';
import { noteRead, noteUsageRead } from '../usage/usage-read.service';
import { readSupplyCosts, supplyCosts, type CostKey } from './supply-cost.loader';
import { CostBasis, supplyCostPages, SupplyCostSummary } from './supply-cost.types';

/** Cost of a patient or a case, noted as a read of the patient; null while the clinic is not known here. */
async function costOf(context: Context, key: CostKey): Promise<SupplyCostSummary> {
  refuseAggregateOnly(context.viewer);
  const summary = await context.of(supplyCosts).load(key);
  const { patientId } = summary;
  if (patientId !== null) noteRead(context, key.clinicId, 'SupplyCostSummary', [{ patientId }]);
  return summary;
}

@Resolver(() => SupplyCostSummary)
export class SupplyCostResolver {
  @Scopes(['appliance:read', 'patient:read'])
  @PagedList()
  @Query(() => supplyCostPages.Connection, { nullable: true, description: 'Supply cost per case, dearest first.' })
  async supplyCosts(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Business days of use.' })
    period: PeriodInput,
    @Arg('filter', () => SupplyUsageFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyUsageFilter | null | undefined,
    @Arg('costBasis', () => CostBasis, {
      nullable: true,
      defaultValue: CostBasis.AT_USE,
      description: 'Unit cost to value the use with.',
    })
    costBasis: CostBasis | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    refuseAggregateOnly(context.viewer);
    refuseWithoutPatients(context.viewer, filter?.patientId);
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    const { from, to } = await resolvedPeriod(context, clinic, period);
    const of = { clinicId: clinic, basis: costBasis ?? CostBasis.AT_USE, range: { from, to } };
    const conditions = usageConditions(context.viewer, clinic, of.range, filter);
    const page = await readSupplyCosts(await context.read(), of, conditions, { first, after });
    const patients = page.nodes.flatMap(({ patientId }) => (patientId === null ? [] : [{ patientId }]));
    noteRead(context, clinic, 'SupplyCostSummary', patients, { period: of.range, filter: filter ?? null });
    return page;
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency(@Root() summary: SupplyCostSummary, @Ctx() context: Context) {
    return currencyOf(context, summary.clinicId);
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient concerned; null when outside the caller's reach.",
  })
  patient(@Root() { clinicId, patientId }: SupplyCostSummary, @Ctx() context: Context) {
    return patientId === null ? null : patientStub(context.viewer, clinicId, patientId);
  }

  @FieldResolver(() => TreatmentPlan, {
    nullable: true,
    description: 'Case concerned; null for a patient as a whole or for uses outside a case.',
  })
  treatmentPlan(@Root() { clinicId, treatmentPlanId }: SupplyCostSummary) {
    return planStub(clinicId, treatmentPlanId);
  }
}

@Resolver(() => Patient)
export class PatientResolver {
  @Scopes(['appliance:read', 'patient:read'])
  @FieldResolver(() => SupplyCostSummary, {
    nullable: true,
    description: 'Supply cost of all cases of the patient, uses outside a case included.',
  })
  async supplyCosts(
    @Root() patient: Patient,
    @Arg('period', () => PeriodInput, { nullable: true, description: 'Null for all time.' })
    period: PeriodInput | null | undefined,
    @Arg('costBasis', () => CostBasis, {
      nullable: true,
      defaultValue: CostBasis.AT_USE,
      description: 'Unit cost to value the use with.',
    })
    costBasis: CostBasis | null | undefined,
    @Ctx() context: Context,
  ) {
    const key = recordIdOf(patient.id);
    if (!key) return null;
    const resolved = period ? await resolvedPeriod(context, key.clinicId, period) : null;
    const range = resolved && { from: resolved.from, to: resolved.to };
    return costOf(context, { ...key, of: 'PATIENT', basis: costBasis ?? CostBasis.AT_USE, range });
  }

  @Scopes(['appliance:read', 'patient:read'])
  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [ApplianceRecord], {
    nullable: true,
    description: 'Appliances of the patient, newest first.',
  })
  async appliances(@Root() patient: Patient, @Ctx() context: Context) {
    refuseAggregateOnly(context.viewer);
    const key = recordIdOf(patient.id);
    if (!key) return null;
    const records = await context.of(appliancesOfPatients).load(key);
    noteRead(context, key.clinicId, 'ApplianceRecord', records);
    return records;
  }
}

@Resolver(() => TreatmentPlan)
export class TreatmentPlanResolver {
  @Scopes(['appliance:read'])
  @FieldResolver(() => SupplyCostSummary, { nullable: true, description: 'Supply cost of the case.' })
  supplyCosts(
    @Root() plan: TreatmentPlan,
    @Arg('costBasis', () => CostBasis, {
      nullable: true,
      defaultValue: CostBasis.AT_USE,
      description: 'Unit cost to value the use with.',
    })
    costBasis: CostBasis | null | undefined,
    @Ctx() context: Context,
  ) {
    const key = recordIdOf(plan.id);
    return key && costOf(context, { ...key, of: 'CASE', basis: costBasis ?? CostBasis.AT_USE, range: null });
  }

  @Scopes(['appliance:read'])
  @PagedList()
  @FieldResolver(() => applianceUsagePages.Connection, {
    nullable: true,
    description: 'Single uses for the case, newest first.',
  })
  async applianceUsages(
    @Root() plan: TreatmentPlan,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    refuseAggregateOnly(context.viewer);
    const key = recordIdOf(plan.id);
    if (!key) return null;
    const conditions = usageConditions(context.viewer, key.clinicId, null, { treatmentPlanId: plan.id });
    const page = await readUsages(await context.read(), conditions, { first, after });
    noteUsageRead(context, key.clinicId, page.nodes);
    return page;
  }

  @Directive('@requires(fields: "production { net }")')
  @Scopes(['appliance:read', 'finance:view_revenue'])
  @FieldResolver(() => CaseSupplyRatios, {
    nullable: true,
    description: 'Supply cost against production of the case, over all time. Null when production did not answer.',
  })
  async supplyRatios(@Root() plan: TreatmentPlan, @Ctx() context: Context) {
    const key = recordIdOf(plan.id);
    if (!key || !plan.production) return null;
    const { totalCost } = await costOf(context, { ...key, of: 'CASE', basis: CostBasis.AT_USE, range: null });
    return { costRate: ratio(totalCost, plan.production.net) };
  }
}
