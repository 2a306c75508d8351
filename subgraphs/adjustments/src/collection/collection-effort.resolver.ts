import { Change, change, clinicOfInput, Scopes, type Context } from '@practice-graph/kit';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Patient, referenceTo } from '../directory/shared-records.types';
import { CollectionEffort } from './collection-effort.entity';
import { CollectionEffortInput } from './collection-effort.inputs';
import { efforts } from './collection-effort.loader';
import { recordEffort } from './collection-effort.service';
import { CollectionEffortPayload } from './collection-effort.types';

@Resolver(() => CollectionEffort)
export class CollectionEffortResolver {
  @Scopes(['finance:manage_adjustments'])
  @Change(() => CollectionEffortPayload, {
    description: 'Documents a try to collect; bad debt cannot be written off without.',
  })
  async collectionEffortRecord(
    @Arg('input', () => CollectionEffortInput, { description: 'Data of the change.' }) input: CollectionEffortInput,
    @Ctx() context: Context,
  ): Promise<CollectionEffortPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'collectionEffortRecord', input }, (tx) =>
      recordEffort(tx, clinicId, input),
    );
    return Object.assign(new CollectionEffortPayload(), { collectionEffort: await context.of(efforts).load(kept) });
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient concerned; null when outside the caller's reach.",
  })
  patient(@Root() effort: CollectionEffort, @Ctx() context: Context): Patient | null {
    const mayRead = context.viewer.scopes.includes('patient:read');
    return mayRead ? referenceTo(Patient, effort.clinicId, effort.patientId) : null;
  }
}
