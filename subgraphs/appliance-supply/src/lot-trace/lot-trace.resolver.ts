import { ClinicArg, recordIdOf, Scopes, type Context } from '@practice-graph/kit';
import { lotNumberText } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, refuseAggregateOnly } from '../directory/directory.loader';
import { SupplyLot } from '../lots/supply-lot.entity';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { noteRead, noteUsageRead } from '../usage/usage-read.service';
import { tracedExposures, tracedLots, tracedUsages } from './lot-trace.loader';
import { ApplianceExposure, LotTrace, lotTraceOf } from './lot-trace.types';

@Resolver(() => LotTrace)
export class LotTraceResolver {
  @Scopes(['inventory:read'])
  @Query(() => LotTrace, {
    nullable: true,
    description:
      'Everything known about a lot number in both inventories. Lots of other items or makers with the same number are listed apart; a GTIN narrows them.',
  })
  lotTrace(
    @ClinicArg() clinicId: string,
    @Arg('lotNumber', () => String, {
      description: 'Lot number as printed, matched without regard to case and blanks.',
    })
    lotNumber: string,
    @Arg('gtin', () => String, {
      nullable: true,
      description: 'GTIN (device identifier) that tells equal lot numbers of different makers apart; null for any.',
    })
    gtin: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    return clinic && lotTraceOf(clinic, lotNumberText(lotNumber), gtin?.trim() || null);
  }

  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [SupplyLot], {
    nullable: true,
    description: 'Lots of appliance supplies with this number, one per item and vendor.',
  })
  supplyLots(@Root() trace: LotTrace, @Ctx() context: Context) {
    return context.of(tracedLots).load(trace);
  }

  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [ApplianceUsage], {
    nullable: true,
    description: 'Uses of these lots on patients, newest first.',
  })
  async applianceUsages(@Root() trace: LotTrace, @Ctx() context: Context) {
    refuseAggregateOnly(context.viewer);
    const usages = await context.of(tracedUsages).load(trace);
    noteUsageRead(context, trace.clinic, usages, { lotNumber: trace.lotNumber, gtin: trace.gtin });
    return usages;
  }

  @Directive('@inaccessible')
  @FieldResolver(() => [ApplianceExposure], {
    description: 'Last use per patient, for the list of affected patients.',
  })
  async applianceExposures(@Root() trace: LotTrace, @Ctx() context: Context) {
    const exposures = await context.of(tracedExposures).load(trace);
    const patients = exposures.flatMap(({ patientId }) => recordIdOf(patientId) ?? []);
    noteRead(
      context,
      trace.clinic,
      'ApplianceExposure',
      patients.map(({ id }) => ({ patientId: id })),
      { lotNumber: trace.lotNumber, gtin: trace.gtin },
    );
    return exposures;
  }
}
