/** A small subgraph of the kit's own, to try the mechanisms without any domain: entries of a journal with a balance. */
import { Arg, Ctx, ID, InputType, Int, ObjectType, Query, Resolver, Directive, Field } from 'type-graphql';
import { Check, Entity } from 'typeorm';
import {
  ApiField,
  audit,
  buildFederatedSchema,
  change,
  Change,
  clinicList,
  clinicOfInput,
  connectionOf,
  emit,
  insert,
  kitTables,
  loadById,
  Money,
  MoneyField,
  newId,
  readPage,
  reachableClinic,
  recordLoader,
  refusals,
  rolesOf,
  rows,
  Scopes,
  TenantRecord,
  tenantTable,
  TextField,
  type Context,
  type Decimal,
  type SubgraphDefinition,
  type Tx,
} from '../src';
import { hydrate } from '../src/loaders';

const roles = rolesOf('journal');
export const { UserError, refuse } = refusals({ BAD_AMOUNT: 'The amount is zero.' });

@Entity()
@Check('amount <> 0')
@Directive('@key(fields: "id")')
@ObjectType('Entry', { simpleResolvers: true, description: 'An entry of the journal.' })
export class Entry extends TenantRecord {
  @MoneyField({ description: 'Amount.' })
  amount: Decimal;

  @TextField({ description: 'Words.', nullable: true, scopes: [['journal:words']] })
  words: string | null;
}

@InputType('EntryInput', { description: 'An entry to record.' })
class EntryInput {
  @Field(() => String, { description: 'Key of the retry.' })
  idempotencyKey: string;
  @Field(() => ID, { description: 'Clinic.' })
  clinicId: string;
  @Field(() => Money, { description: 'Amount.' })
  amount: Decimal;
  @Field(() => String, { nullable: true, description: 'Words.' })
  words?: string | null;
}

@ObjectType('EntryPayload', { simpleResolvers: true, description: 'Result.' })
class EntryPayload {
  @ApiField(() => Entry, { nullable: true, description: 'The entry.' })
  entry: Entry | null = null;
  @ApiField(() => [UserError], { description: 'Why not.' })
  userErrors: InstanceType<typeof UserError>[] = [];
}

export const entryLoader = recordLoader(Entry);
const { Connection, ConnectionResolver } = connectionOf(() => Entry, 'Entry', 'entries', 'entries');

async function record(tx: Tx, clinicId: string, input: EntryInput): Promise<{ id: string }> {
  if (input.amount.isZero()) throw refuse('BAD_AMOUNT', 'The amount is zero.', ['input', 'amount']);
  const id = newId();
  await insert(tx, Entry, { clinicId, id, amount: input.amount, words: input.words ?? null } as never);
  await rows(
    tx,
    `INSERT INTO balance AS b (clinic_id, total) VALUES ($1, $2) ON CONFLICT (clinic_id) DO UPDATE SET total = b.total + excluded.total`,
    [clinicId, input.amount],
  );
  await audit(tx, clinicId, { action: 'entry.record', entityType: 'Entry', entityId: id, subjects: [id] });
  await emit(tx, clinicId, { type: 'entry.recorded', key: id, data: { id, amount: input.amount } });
  return { id };
}

@Resolver(() => Entry)
class EntryResolver {
  @Query(() => Entry, { nullable: true, description: 'One entry.' })
  entry(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() context: Context) {
    return loadById(context, entryLoader, id);
  }

  @Scopes(['journal:read'])
  @Query(() => Connection, { nullable: true, description: 'Entries, largest first.' })
  async entries(
    @Arg('clinicId', () => ID, { description: 'Clinic.' }) clinicId: string,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Size.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor.' }) after: string | null,
    @Ctx() context: Context,
  ) {
    const tx = await context.read();
    return readPage(tx, {
      select: 'e.*',
      from: 'entry e',
      where: ['e.clinic_id = $1'],
      params: [reachableClinic(context.viewer, clinicId) ?? null],
      order: [
        { expression: 'e.amount', type: 'numeric', direction: 'DESC' },
        { expression: 'e.id', type: 'uuid', direction: 'ASC' },
      ],
      first,
      after,
      map: (found) => hydrate(tx, Entry, found),
    });
  }

  @Query(() => Int, { nullable: true, description: 'Fails.' })
  broken(): number {
    throw new TypeError('secret insides');
  }

  @Change(() => EntryPayload, { description: 'Records an entry.' })
  async entryRecord(
    @Arg('input', () => EntryInput, { description: 'Data.' }) input: EntryInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'entryRecord', input }, (tx) =>
      record(tx, clinicId, input),
    );
    return { entry: await context.of(entryLoader).load({ clinicId, id }), userErrors: [] };
  }
}

class Journal1763683200000 {
  async up(runner: { query(sql: string): Promise<unknown> }) {
    await runner.query(`${kitTables(roles)}
      CREATE TABLE entry (clinic_id uuid NOT NULL, id uuid NOT NULL, amount numeric(14,2) NOT NULL CHECK (amount <> 0), words text, PRIMARY KEY (clinic_id, id));
      CREATE INDEX ON entry (id);
      ${tenantTable(roles, 'entry', 'SELECT, INSERT')}
      CREATE TABLE balance (clinic_id uuid PRIMARY KEY, total numeric(14,2) NOT NULL);
      ${tenantTable(roles, 'balance', 'SELECT, INSERT, UPDATE (total)')}
      ${clinicList(roles, 'balance')}`);
  }
  down(): Promise<never> {
    throw new Error('migrations go forward only');
  }
}

export const journal: SubgraphDefinition = {
  name: 'journal',
  database: 'journal',
  roles,
  entities: [Entry],
  migrations: [Journal1763683200000],
  ports: {},
  schema: () =>
    buildFederatedSchema({
      resolvers: [EntryResolver, ConnectionResolver],
      references: { Entry: (reference, context) => loadById(context, entryLoader, String(reference['id'])) },
    }),
  publishes: { 'entry.recorded': ['mirror'] },
  handlers: {
    'entry.recorded': async (tx, event) => {
      const { amount } = event.data as { amount: string };
      await rows(
        tx,
        `INSERT INTO balance AS b (clinic_id, total) VALUES ($1, $2) ON CONFLICT (clinic_id) DO UPDATE SET total = b.total + excluded.total`,
        [event.clinicId, amount],
      );
    },
  },
  verifiers: [],
  resync: async (tx, clinicId) => {
    const all = await rows<{ id: string; amount: string }>(tx, 'SELECT id, amount FROM entry WHERE clinic_id = $1', [
      clinicId,
    ]);
    await emit(
      tx,
      clinicId,
      all.map((row) => ({ type: 'entry.recorded', key: row.id, data: row })),
    );
  },
};
