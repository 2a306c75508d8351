import { reachableClinic, recordIdOf, Scopes, type Context } from '@practice-graph/kit';
import { requireRows, SMALL_CELL_MIN } from '@practice-graph/practice';
import { Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { noteRead } from '../directory/access';
import { patientReference } from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { LotUsage } from '../treatments/lot-usage.entity';
import { everyPatientOfRecalls, recallOfTraces } from '../recalls/recall.loader';
import { untold } from '../recalls/recall-patient.entity';
import { Recall } from '../recalls/recall.entity';
import { affectedPatients, type AffectedPerson } from './affected-patients.rules';
import { lotsOfTraces, usagesOfTraces, type TraceKey } from './lot-trace.loader';
import { AffectedPatient, LotTrace } from './lot-trace.types';

@Resolver(() => LotTrace)
export class LotTraceResolver {
  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [InventoryLot], {
    description: 'Lots of products with this number, one per product.',
    nullable: true,
  })
  async inventoryLots(@Root() trace: LotTrace, @Ctx() context: Context): Promise<InventoryLot[] | null> {
    const key = traceKey(context, trace);
    return key && context.of(lotsOfTraces).load(key);
  }

  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [LotUsage], { description: 'Uses of these lots on patients, newest first.', nullable: true })
  async lotUsages(@Root() trace: LotTrace, @Ctx() context: Context): Promise<LotUsage[] | null> {
    requireRows(context.viewer);
    const key = traceKey(context, trace);
    if (!key) return null;
    const usages = await context.of(usagesOfTraces).load(key);
    noteRead(context, key.clinicId, {
      entityType: 'LotUsage',
      patientIds: usages.map((usage) => usage.patientId),
      filter: { lotNumber: key.lotNumber },
    });
    return usages;
  }

  @Scopes(['inventory:read'])
  @FieldResolver(() => Recall, {
    description: 'Recall that covers the number; null when there is none.',
    nullable: true,
  })
  async recall(@Root() trace: LotTrace, @Ctx() context: Context): Promise<Recall | null> {
    const key = traceKey(context, trace);
    return key && context.of(recallOfTraces).load(key);
  }

  @Directive('@requires(fields: "applianceExposures { patientId lastUsedOn }")')
  @Scopes(['inventory:read', 'patient:read'])
  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [AffectedPatient], {
    description:
      'Every patient who received the lot by an appliance or a treatment, each once. Null when the appliance supplies did not answer.',
    nullable: true,
  })
  async affectedPatients(@Root() trace: LotTrace, @Ctx() context: Context): Promise<AffectedPatient[] | null> {
    requireRows(context.viewer);
    const key = traceKey(context, trace);
    const people = await affectedBy(context, trace);
    if (!key || !people) return null;
    noteRead(context, key.clinicId, {
      entityType: 'LotTrace',
      patientIds: people.map((person) => person.patientId),
      filter: { lotNumber: key.lotNumber },
    });
    const recall = await context.of(recallOfTraces).load(key);
    const told = recall === null ? [] : await context.of(everyPatientOfRecalls).load(recall);
    const notifications = new Map(told.map((each) => [each.patientId, each]));
    return people.map(({ patientId, ...person }) => ({
      ...person,
      patient: patientReference(key.clinicId, patientId),
      notification: recall && (notifications.get(patientId) ?? untold(recall, patientId)),
    }));
  }

  @Directive('@requires(fields: "applianceExposures { patientId lastUsedOn }")')
  @Scopes(['inventory:read'])
  @FieldResolver(() => Int, {
    description: 'Length of that list, which needs no right to see patients.',
    nullable: true,
  })
  async affectedPatientCount(@Root() trace: LotTrace, @Ctx() context: Context): Promise<number | null> {
    const count = (await affectedBy(context, trace))?.length ?? null;
    // A count of fewer patients than the privacy limit tells of single people.
    return count !== null && context.viewer.aggregateOnly && count > 0 && count < SMALL_CELL_MIN ? null : count;
  }
}

/** What a trace looks up; null outside the viewer's reach. */
function traceKey(context: Context, trace: LotTrace): TraceKey | null {
  const clinicId = reachableClinic(context.viewer, trace.clinicId);
  return clinicId === undefined ? null : { clinicId, lotNumber: trace.lotNumber, gtin: trace.gtin ?? null };
}

/** Everyone who received the lot; null when the appliance supplies did not answer. */
async function affectedBy(context: Context, trace: LotTrace): Promise<AffectedPerson[] | null> {
  const key = traceKey(context, trace);
  const exposures = trace.applianceExposures as LotTrace['applianceExposures'] | null | undefined;
  if (!key || !exposures) return null;
  const appliances = exposures.flatMap(({ patientId, lastUsedOn }) => {
    const patient = recordIdOf(patientId);
    return patient?.clinicId === key.clinicId ? [{ patientId: patient.id, lastUsedOn }] : [];
  });
  const usages = await context.of(usagesOfTraces).load(key);
  return affectedPatients(
    appliances,
    usages.map((usage) => ({ patientId: usage.patientId, lastUsedOn: usage.businessDate })),
  );
}
