import {
  Change,
  change,
  ClinicArg,
  clinicIdText,
  clinicOfInput,
  DateScalar,
  IdArg,
  loadById,
  PagedList,
  reachable,
  reachableClinic,
  refuseKit,
  Scopes,
  type Context,
  type RecordKey,
} from '@practice-graph/kit';
import {
  AuditEvent,
  businessDay,
  clinicCopies,
  lotNumberText,
  RecallInput,
  RecallNotice,
  requireRows,
  SMALL_CELL_MIN,
  trailLoader,
  type Day,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { mayReadPatients, noteRead } from '../directory/access';
import { Patient, patientReference } from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { inventoryLots } from '../lots/inventory-lot.loader';
import { Product } from '../products/product.entity';
import { products } from '../products/product.loader';
import { LotTrace } from '../traces/lot-trace.types';
import { RecallPatient } from './recall-patient.entity';
import { updateRecallPatient } from './recall-patient.service';
import { RecallStatus } from './recall-status.types';
import { Recall } from './recall.entity';
import { RecallCloseInput, RecallPatientInput } from './recall.inputs';
import { noticeOf } from './recall-notice.types';
import { lotsOfRecalls, patientsOfRecalls, progressOfRecalls, recallPage, recalls } from './recall.loader';
import { closeRecall, startRecall, type RecallKept } from './recall.service';
import { recallConnection, RecallPayload } from './recall.types';

const { Connection: RecallConnection } = recallConnection;
type RecallConnection = InstanceType<typeof RecallConnection>;

const trails = trailLoader('Recall');

async function payloadOf(context: Context, clinicId: string, kept: RecallKept): Promise<RecallPayload> {
  const lots = await context.of(inventoryLots).loadMany(kept.lotIds.map((id) => ({ clinicId, id })));
  return Object.assign(new RecallPayload(), {
    recall: await context.of(recalls).load({ clinicId, id: kept.recallId }),
    lots: lots.filter((lot): lot is InventoryLot => lot instanceof InventoryLot),
  });
}

function recallOf(context: Context, id: string): RecordKey {
  const key = reachable(context.viewer, id);
  if (!key) throw refuseKit('NOT_FOUND', 'The recall does not exist or is outside your reach.', ['id']);
  return key;
}

@Resolver(() => Recall)
export class RecallResolver {
  @FieldResolver(() => RecallNotice, { description: 'Notice as it blocks the lots.' })
  notice(@Root() recall: Recall): RecallNotice {
    return noticeOf(recall);
  }

  @FieldResolver(() => Product, {
    description: 'Product recalled as a whole; null for a single lot number.',
    nullable: true,
  })
  product(@Root() recall: Recall, @Ctx() context: Context): Promise<Product | null> | null {
    if (recall.productId === null || recall.lotKey !== null) return null;
    return context.of(products).load({ clinicId: recall.clinicId, id: recall.productId });
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [LotTrace], { description: 'Traces of the lot numbers covered, over both inventories.' })
  async traces(@Root() recall: Recall, @Ctx() context: Context): Promise<LotTrace[]> {
    const numbers =
      recall.lotNumber === null
        ? [
            ...(await context.of(lotsOfRecalls).load(recall))
              .filter((lot) => !lot.isUntracked)
              .map((lot) => lot.lotNumber),
            ...recall.supplyLotNumbers,
          ]
        : [recall.lotNumber];
    return [...new Set(numbers.map(lotNumberText))].map((lotNumber) =>
      Object.assign(new LotTrace(), { clinicId: clinicIdText(recall.clinicId), lotNumber, gtin: recall.gtin }),
    );
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [InventoryLot], {
    description:
      'Lots of products that it blocked, with their balances: received, used, on hand, in transit, returned and wasted.',
  })
  lots(@Root() recall: Recall, @Ctx() context: Context): Promise<InventoryLot[]> {
    return context.of(lotsOfRecalls).load(recall);
  }

  @Scopes(['inventory:read', 'patient:read'])
  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [RecallPatient], { description: 'Notifications sent or planned.', nullable: true })
  async notifications(@Root() recall: Recall, @Ctx() context: Context): Promise<RecallPatient[]> {
    requireRows(context.viewer);
    const patients = await context.of(patientsOfRecalls).load(recall);
    noteRead(context, recall.clinicId, {
      entityType: 'Recall',
      entityId: recall.id,
      patientIds: patients.map((each) => each.patientId),
    });
    return patients;
  }

  @FieldResolver(() => Int, { description: 'Patients who were told.' })
  async notifiedCount(@Root() recall: Recall, @Ctx() context: Context): Promise<number> {
    const { told } = await context.of(progressOfRecalls).load(recall);
    // A count of fewer patients than the privacy limit tells of single people.
    if (told > 0 && told < SMALL_CELL_MIN) requireRows(context.viewer);
    return told;
  }

  @FieldResolver(() => DateScalar, {
    description: 'Day on which the last patient was told; null while open.',
    nullable: true,
  })
  async notifiedOn(@Root() recall: Recall, @Ctx() context: Context): Promise<Day | null> {
    const { untold, lastAt } = await context.of(progressOfRecalls).load(recall);
    const clinic = await context.of(clinicCopies).load(recall.clinicId);
    return untold > 0 || lastAt === null ? null : businessDay(lastAt, clinic?.timeZone ?? 'UTC');
  }

  @Scopes(['audit:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], { description: 'History of the recall.', nullable: true })
  auditTrail(@Root() recall: Recall, @Ctx() context: Context): Promise<AuditEvent[]> {
    return context.of(trails).load(recall);
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => RecallConnection, { nullable: true, description: 'Recalls with their follow-up, newest first.' })
  async recalls(
    @ClinicArg() clinicId: string,
    @Arg('statuses', () => [RecallStatus], { description: 'Where it stands; null for all.', nullable: true })
    statuses: RecallStatus[] | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<RecallConnection | null> {
    const id = reachableClinic(context.viewer, clinicId);
    return id === undefined
      ? null
      : (recallPage(await context.read(), id, { statuses, first, after }) as Promise<RecallConnection>);
  }

  @Scopes(['inventory:read'])
  @Query(() => Recall, { nullable: true, description: 'One recall.' })
  recall(@IdArg() id: string, @Ctx() context: Context): Promise<Recall | null> {
    return loadById(context, recalls, id);
  }

  @Scopes(['inventory:recall'])
  @Change(() => RecallPayload, {
    description:
      'Starts a recall: blocks every matching lot at all places, breaks its reservations, closes its open vials, raises alerts and lists the patients. supplyRecallApply blocks the appliance supplies; send both in one operation.',
  })
  async recallStart(
    @Arg('input', () => RecallInput, { description: 'Data of the change.' }) input: RecallInput,
    @Ctx() context: Context,
  ): Promise<RecallPayload | null> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'recallStart', input }, (tx) =>
      startRecall(tx, clinicId, input),
    );
    return payloadOf(context, clinicId, kept);
  }

  @Scopes(['inventory:recall'])
  @Change(() => RecallPayload, { description: 'Records how a patient affected by a recall was dealt with.' })
  async recallPatientUpdate(
    @IdArg() id: string,
    @Arg('input', () => RecallPatientInput, { description: 'Data of the change.' }) input: RecallPatientInput,
    @Ctx() context: Context,
  ): Promise<RecallPayload | null> {
    const key = recallOf(context, id);
    const kept = await change(
      context,
      { clinicId: key.clinicId, mutation: 'recallPatientUpdate', input, also: key.id },
      (tx) => updateRecallPatient(tx, key, input),
    );
    return payloadOf(context, key.clinicId, kept);
  }

  @Scopes(['inventory:recall'])
  @Change(() => RecallPayload, {
    description: 'Closes a recall with its outcome; terminated ones leave their lots in quarantine.',
  })
  async recallClose(
    @IdArg() id: string,
    @Arg('input', () => RecallCloseInput, { description: 'Data of the change.' }) input: RecallCloseInput,
    @Ctx() context: Context,
  ): Promise<RecallPayload | null> {
    const key = recallOf(context, id);
    const kept = await change(context, { clinicId: key.clinicId, mutation: 'recallClose', input, also: key.id }, (tx) =>
      closeRecall(tx, key, input),
    );
    return payloadOf(context, key.clinicId, kept);
  }
}

@Resolver(() => RecallPatient)
export class RecallPatientResolver {
  @FieldResolver(() => Patient, { description: 'Patient to be told.', nullable: true })
  patient(@Root() notification: RecallPatient, @Ctx() context: Context): Patient | null {
    return mayReadPatients(context.viewer) ? patientReference(notification.clinicId, notification.patientId) : null;
  }
}
