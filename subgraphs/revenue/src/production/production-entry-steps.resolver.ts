import {
  ApiField,
  Change,
  change,
  clinicOfInput,
  IdArg,
  Money,
  reachable,
  refuseKit,
  Scopes,
  type Context,
  type Decimal,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { AuditEvent, trailLoader, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { providerLoader } from '../clinics/directory.loader';
import { Provider } from '../clinics/provider.entity';
import { UserError } from '../refusals';
import { ProductionEntry } from './production-entry.entity';
import { ProductionEntriesRecordInput } from './production-entry.inputs';
import { productionEntryLoader } from './production-entry.loader';
import { ProductionEntryPayload } from './production-entry.resolver';
import { postEntry, voidEntry } from './production-entry.service';
import { recordProductions } from './production-recording.service';
import { splitsOfEntry } from './production-split.loader';

@ObjectType('ProductionEntriesPayload', {
  simpleResolvers: true,
  description: 'Result of recording several entries.',
})
export class ProductionEntriesPayload {
  @ApiField(() => [ProductionEntry], {
    description:
      'Entries in the order of the request; a procedure recorded before gives its first entry. Empty when refused.',
  })
  productionEntries: ProductionEntry[] = [];

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

@ObjectType('ProviderSplit', { simpleResolvers: true, description: 'Share of a provider in an entry.' })
export class ProviderSplit {
  @ApiField(() => Provider, { description: 'Who takes part.' })
  provider: Provider;

  @ApiField(() => String, { description: 'In which role, for example ASSISTANT.' })
  role: string;

  @ApiField(() => Money, {
    description: 'Share of the net amount; all shares with the rest of the credited provider make it up.',
  })
  net: Decimal;
}

const trails = trailLoader('ProductionEntry');

@Resolver(() => ProductionEntry)
export class ProductionEntryStepsResolver {
  @FieldResolver(() => [ProviderSplit], {
    description:
      'Shares of other providers, such as a hygienist or an assistant, for compensation; empty when one provider did all.',
  })
  async splits(@Root() entry: ProductionEntry, @Ctx() context: Context): Promise<ProviderSplit[]> {
    const shares = await context.of(splitsOfEntry).load(entry);
    const providers = await Promise.all(
      shares.map(({ providerId }) => context.of(providerLoader).load({ clinicId: entry.clinicId, id: providerId })),
    );
    // A provider outside the caller's reach is left out, as everywhere.
    return shares.flatMap(({ role, net }, n) => {
      const provider = providers[n];
      return provider ? [{ provider, role, net }] : [];
    });
  }

  @Scopes(['audit:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], { nullable: true, description: 'History of the entry, oldest first.' })
  auditTrail(@Root() entry: ProductionEntry, @Ctx() context: Context): Promise<AuditEvent[]> {
    return context.of(trails).load(entry);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ProductionEntriesPayload, {
    description:
      'Records production of up to 500 completed procedures, all or nothing. The path of an error names the entry by its index, for example ["input", "entries", "3", "gross"].',
  })
  async productionEntriesRecord(
    @Arg('input', () => ProductionEntriesRecordInput, { description: 'Data of the change.' })
    input: ProductionEntriesRecordInput,
    @Ctx() context: Context,
  ): Promise<ProductionEntriesPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { ids } = await recordProductions(context, clinicId, input);
    const found = await Promise.all(ids.map((id) => context.of(productionEntryLoader).load({ clinicId, id })));
    return { productionEntries: found.filter((entry) => entry !== null), userErrors: [] };
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ProductionEntryPayload, { description: 'Posts a pending entry, from when it counts in totals.' })
  productionEntryPost(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<ProductionEntryPayload> {
    return this.step(context, 'productionEntryPost', id, input, postEntry);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ProductionEntryPayload, { description: 'Voids a pending entry, which never counted.' })
  productionEntryVoid(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<ProductionEntryPayload> {
    return this.step(context, 'productionEntryVoid', id, input, voidEntry);
  }

  private async step(
    context: Context,
    mutation: string,
    id: string,
    input: WorkflowStepInput,
    work: (tx: Tx, key: RecordKey, input: WorkflowStepInput) => Promise<{ id: string }>,
  ): Promise<ProductionEntryPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The entry does not exist or is outside your reach.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation, input, also: { id } }, (tx) => work(tx, key, input));
    return { productionEntry: await context.of(productionEntryLoader).load(key), userErrors: [] };
  }
}
