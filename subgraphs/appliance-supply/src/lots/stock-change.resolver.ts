import { Change, change, reachable, refuseKit, Scopes, type Context, type Tx } from '@practice-graph/kit';
import { Arg, Ctx, Resolver } from 'type-graphql';
import { adjustStock } from './adjust.service';
import type { ReceiveResult } from './receive.service';
import { SupplyStockAdjustInput, SupplyTransferInput } from './stock-change.inputs';
import { writtenStock } from './supply-lot-payload.loader';
import { SupplyLotPayload } from './supply-lot.types';
import { transferStock } from './transfer.service';

interface Step {
  readonly mutation: string;
  /** Location that carries the clinic, and the argument it stands in. */
  readonly place: readonly [member: string, opaque: string];
  readonly input: { readonly idempotencyKey: string };
}

async function step(
  context: Context,
  { mutation, place: [member, opaque], input }: Step,
  work: (tx: Tx, clinicId: string) => Promise<ReceiveResult>,
): Promise<SupplyLotPayload> {
  const clinicId = reachable(context.viewer, opaque)?.clinicId;
  if (clinicId === undefined) throw refuseKit('NOT_FOUND', 'There is no such location.', ['input', member]);
  const kept = await change(context, { clinicId, mutation, input }, (tx) => work(tx, clinicId));
  const { lots, ...written } = await writtenStock(context, clinicId, kept);
  return { supplyLot: lots[0] ?? null, ...written };
}

@Resolver()
export class StockChangeResolver {
  @Scopes(['inventory:write'])
  @Change(() => SupplyLotPayload, {
    description:
      'Moves a quantity of a lot from one location of the clinic to another: two movements in one step, so that nothing is lost between them.',
  })
  supplyTransfer(
    @Arg('input', () => SupplyTransferInput, { description: 'Data of the change.' })
    input: SupplyTransferInput,
    @Ctx() context: Context,
  ) {
    const place = ['fromLocationId', input.fromLocationId] as const;
    return step(context, { mutation: 'supplyTransfer', place, input }, (tx, clinicId) =>
      transferStock(tx, clinicId, input),
    );
  }

  @Scopes(['inventory:adjust'])
  @Change(() => SupplyLotPayload, { description: 'Corrects the stock of a lot at a place by hand.' })
  supplyStockAdjust(
    @Arg('input', () => SupplyStockAdjustInput, { description: 'Data of the change.' })
    input: SupplyStockAdjustInput,
    @Ctx() context: Context,
  ) {
    const place = ['locationId', input.locationId] as const;
    return step(context, { mutation: 'supplyStockAdjust', place, input }, (tx, clinicId) =>
      adjustStock(tx, clinicId, input),
    );
  }
}
