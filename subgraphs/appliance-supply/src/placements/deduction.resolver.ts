import {
  Change,
  change,
  IdArg,
  reachable,
  refuseKit,
  Scopes,
  type Context,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { ApplianceDeductInput, AppliancePlaceInput } from './appliance-record.inputs';
import { ApplianceBulkDeductInput } from './bulk-deduction.inputs';
import { payloadOf, recorded, refusedPayload } from './deduction-payload.loader';
import { DeductionRefused, type Deducted } from './deduction.service';
import { ApplianceDeductPayload } from './deduction.types';
import { deductForAppliance, deductInBulk, placeAppliance } from './placement.service';
import { rehearse } from './rehearsal.service';
import { ApplianceUnplaceInput, ApplianceUsageReverseInput } from './undoing.inputs';
import { reverseUsage, unplaceAppliance } from './undoing.service';

interface Step {
  readonly mutation: string;
  readonly input: { readonly idempotencyKey: string; readonly dryRun?: boolean | null | undefined };
  /** Arguments beside the input. */
  readonly also?: string;
  readonly work: (tx: Tx) => Promise<Deducted>;
}

async function step(context: Context, clinicId: string, { mutation, input, also, work }: Step) {
  try {
    const seen =
      input.dryRun === true
        ? await rehearse(context, clinicId, work)
        : await recorded(context, clinicId, await change(context, { clinicId, mutation, input, also }, work));
    return await payloadOf(context, clinicId, seen);
  } catch (error) {
    if (!(error instanceof DeductionRefused)) throw error;
    return refusedPayload(error);
  }
}

/** The record of a change that names it by an argument; its id carries the clinic. */
function named(context: Context, opaque: string, path: readonly string[], what: string): RecordKey {
  const key = reachable(context.viewer, opaque);
  if (!key) throw refuseKit('NOT_FOUND', `There is no such ${what}.`, path);
  return key;
}

@Resolver()
export class DeductionResolver {
  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description: 'Marks an appliance as placed and deducts its kit or the given lines, once.',
  })
  applianceRecordPlace(
    @IdArg() id: string,
    @Arg('input', () => AppliancePlaceInput, { description: 'Data of the change.' })
    input: AppliancePlaceInput,
    @Ctx() context: Context,
  ) {
    const key = named(context, id, ['id'], 'appliance');
    const work = (tx: Tx) => placeAppliance(tx, key, input);
    return step(context, key.clinicId, { mutation: 'applianceRecordPlace', input, also: key.id, work });
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description:
      'Takes a placement back (PLACED to RECEIVED): unused supplies return to stock, used ones stay as waste.',
  })
  applianceRecordUnplace(
    @IdArg() id: string,
    @Arg('input', () => ApplianceUnplaceInput, { description: 'Data of the change.' })
    input: ApplianceUnplaceInput,
    @Ctx() context: Context,
  ) {
    const key = named(context, id, ['id'], 'appliance');
    const work = (tx: Tx) => unplaceAppliance(tx, key, input);
    return step(context, key.clinicId, { mutation: 'applianceRecordUnplace', input, also: key.id, work });
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description: 'Deducts supplies for a placed appliance, all lines or none.',
  })
  applianceInventoryDeduct(
    @Arg('applianceId', () => ID, { description: 'Appliance concerned; it must be placed.' })
    applianceId: string,
    @Arg('input', () => ApplianceDeductInput, { description: 'Data of the change.' })
    input: ApplianceDeductInput,
    @Ctx() context: Context,
  ) {
    const key = named(context, applianceId, ['applianceId'], 'appliance');
    const work = (tx: Tx) => deductForAppliance(tx, key, input);
    return step(context, key.clinicId, { mutation: 'applianceInventoryDeduct', input, also: key.id, work });
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description:
      'Deducts for several appliances, up to 500 lines. The same item in several lines is checked on the sum.',
  })
  applianceInventoryBulkDeduct(
    @Arg('input', () => ApplianceBulkDeductInput, { description: 'Data of the change.' })
    input: ApplianceBulkDeductInput,
    @Ctx() context: Context,
  ) {
    const { clinicId } = named(context, input.providerId, ['input', 'providerId'], 'provider');
    const work = (tx: Tx) => deductInBulk(tx, clinicId, input);
    return step(context, clinicId, { mutation: 'applianceInventoryBulkDeduct', input, work });
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description: 'Undoes a use: unused goods return to stock, used ones become waste.',
  })
  applianceUsageReverse(
    @IdArg() id: string,
    @Arg('input', () => ApplianceUsageReverseInput, { description: 'Data of the change.' })
    input: ApplianceUsageReverseInput,
    @Ctx() context: Context,
  ) {
    const key = named(context, id, ['id'], 'use');
    const work = (tx: Tx) => reverseUsage(tx, key, input);
    return step(context, key.clinicId, { mutation: 'applianceUsageReverse', input, also: key.id, work });
  }
}
