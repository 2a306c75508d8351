import { newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aKey,
  anAdjustment,
  anEntry,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';
import { Decimal } from '@practice-graph/kit';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
const plan = (n: number) => of.id(of.plans[n] ?? '');
const patient = (n: number) => of.id(of.patients[n] ?? '');

const BULK = `mutation ($input: ProductionEntriesRecordInput!) { productionEntriesRecord(input: $input) {
  productionEntries { id productionDate gross status procedureId } userErrors { code message path } } }`;
const line = (changed: Record<string, unknown> = {}) => {
  const { idempotencyKey: _key, clinicId: _clinic, ...entry } = anEntry(of, changed);
  return entry;
};
const recordMany = async (entries: readonly unknown[], key = aKey()): Promise<any> =>
  (await graph.get(of.owner, BULK, { input: { idempotencyKey: key, clinicId: of.clinic, entries } }))
    .productionEntriesRecord;
const step = async (name: 'Post' | 'Void', id: string, changed: Record<string, unknown> = {}): Promise<any> =>
  (
    await graph.get(
      of.owner,
      `mutation ($id: ID!, $input: WorkflowStepInput!) { productionEntry${name}(id: $id, input: $input) {
        productionEntry { id status version } userErrors { code path } } }`,
      { id, input: { idempotencyKey: aKey(), ...changed } },
    )
  )[`productionEntry${name}`];

describe('many procedures at once', () => {
  test('are recorded in the order of the call, each counts, and a retry changes nothing', async () => {
    const entries = [
      line({ gross: '10.00' }),
      line({ gross: '20.50', patientId: patient(1), locationId: of.id(of.locations[1]) }),
      line({ gross: '1000.00', category: 'TREATMENT_START', patientId: patient(2), treatmentPlanId: plan(2) }),
      line({ gross: '7.00', post: false, patientId: patient(3) }),
    ];
    const key = aKey();

    const { productionEntries, userErrors } = await recordMany(entries, key);
    const again = await recordMany(entries, key);

    expect(userErrors).toEqual([]);
    expect(productionEntries.map((e: any) => [e.gross, e.status])).toEqual([
      ['10.00', 'POSTED'],
      ['20.50', 'POSTED'],
      ['1000.00', 'POSTED'],
      ['7.00', 'PENDING'],
    ]);
    expect(again).toEqual({ productionEntries, userErrors: [] });
    expect(await production(graph, of, JUNE)).toMatchObject({
      gross: '1030.50',
      entryCount: 3,
      visitCount: 3,
      starts: 1,
    });
    const { treatmentPlan } = await graph.get(
      of.owner,
      'query ($id: ID!) { treatmentPlan(id: $id) { status startedOn } }',
      { id: plan(2) },
    );
    expect(treatmentPlan).toEqual({ status: 'ACTIVE', startedOn: '2026-06-30' });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('say from then on when they were brought in from an older system; what is recorded here does not', async () => {
    const flags = async (isImported?: boolean): Promise<boolean[]> => {
      const input = { ...{ idempotencyKey: aKey(), clinicId: of.clinic, isImported }, entries: [line(), line()] };
      const text = BULK.replace('gross', 'isImported');
      const { productionEntries } = (await graph.get(of.owner, text, { input })).productionEntriesRecord;
      return productionEntries.map((entry: { isImported: boolean }) => entry.isImported);
    };

    expect(await flags(true)).toEqual([true, true]);
    expect(await flags()).toEqual([false, false]);
  });

  test('are refused together, every wrong line by its index, and nothing is written', async () => {
    const before = await rowCounts(graph, of.clinicId);

    const { productionEntries, userErrors } = await recordMany([
      line(),
      line({ gross: '-1.00' }),
      line({ locationId: of.id(newId()) }),
      line({ occurredAt: '2026-07-01T15:00:00Z', splits: null }),
    ]);

    expect(productionEntries).toEqual([]);
    expect(userErrors.map((e: any) => [e.code, e.path])).toEqual([
      ['BAD_AMOUNT', ['input', 'entries', '1', 'gross']],
      ['NOT_FOUND', ['input', 'entries', '2', 'locationId']],
      ['FUTURE_DATE', ['input', 'entries', '3', 'occurredAt']],
    ]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('amounts that add up to more than the books can hold are refused, and nothing is written', async () => {
    const before = await rowCounts(graph, of.clinicId);
    const huge = Array.from({ length: 101 }, () => line({ gross: '999999999999.99' }));

    expect((await recordMany(huge)).userErrors).toMatchObject([{ code: 'INVALID', path: null }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('a procedure recorded before, or twice in one call, gives its first entry (REV-50)', async () => {
    const first = (await record(graph, of, { procedureId: 'PR-1' })).productionEntry.id as string;

    const { productionEntries } = await recordMany([
      line({ procedureId: 'PR-2', gross: '30.00' }),
      line({ procedureId: 'PR-1', gross: '40.00' }),
      line({ procedureId: 'PR-2', gross: '50.00' }),
    ]);

    expect(productionEntries.map((e: any) => e.id)).toEqual([productionEntries[0].id, first, productionEntries[0].id]);
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '130.00', entryCount: 2 });
  });

  test('a procedure that was not done after all earns again when it is done later (REV-50)', async () => {
    const first = (await record(graph, of, { procedureId: 'PR-3' })).productionEntry.id as string;
    await reverse(graph, of, first);
    const second = (await record(graph, of, { procedureId: 'PR-3', gross: '70.00' })).productionEntry.id as string;
    expect(second).not.toBe(first);

    const again = await Promise.all(Array.from({ length: 4 }, () => record(graph, of, { procedureId: 'PR-3' })));

    expect(again.map(({ productionEntry }) => productionEntry.id)).toEqual([second, second, second, second]);
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '70.00', entryCount: 1 });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('more than 500 are refused with TOO_MANY_LINES, and 500 take no more statements than one', async () => {
    expect((await recordMany(Array.from({ length: 501 }, () => line()))).userErrors).toMatchObject([
      { code: 'TOO_MANY_LINES', path: ['input', 'entries'] },
    ]);
    await recordMany([line()]);
    const one = await graph.statements(() => recordMany([line()]));
    const many = await graph.statements(() =>
      recordMany(Array.from({ length: 500 }, (_, n) => line({ patientId: patient(n % 20) }))),
    );

    expect(many.length).toBe(one.length);
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '50200.00', entryCount: 502 });
  });
});

describe('a pending entry', () => {
  const pending = async (changed: Record<string, unknown> = {}) =>
    (await record(graph, of, { post: false, ...changed })).productionEntry;

  test('counts nowhere until it is posted, then on the day of its procedure, and makes its case started', async () => {
    const entry = await pending({
      category: 'TREATMENT_START',
      treatmentPlanId: plan(0),
      occurredAt: '2026-06-10T15:00:00Z',
    });

    expect(entry.status).toBe('PENDING');
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', entryCount: 0, visitCount: 0, starts: 0 });
    expect(await differences(graph, of.clinicId)).toEqual([]);

    const { productionEntry } = await step('Post', entry.id, { expectedVersion: 1 });

    expect(productionEntry).toMatchObject({ status: 'POSTED', version: 2 });
    expect(await production(graph, of, { from: '2026-06-10', to: '2026-06-10' })).toMatchObject({
      gross: '100.00',
      entryCount: 1,
      visitCount: 1,
      starts: 1,
      startNet: '100.00',
    });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('that was posted can be reversed, and its start is taken back', async () => {
    const entry = await pending({ category: 'TREATMENT_START', treatmentPlanId: plan(0) });
    await step('Post', entry.id);

    await reverse(graph, of, entry.id);

    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', entryCount: 0, starts: 0 });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('that is voided never counts, and is neither posted nor reversed any more', async () => {
    const entry = await pending();

    const { productionEntry } = await step('Void', entry.id, { reason: 'Not done' });
    expect(productionEntry.status).toBe('VOIDED');

    expect((await step('Post', entry.id)).userErrors).toEqual([{ code: 'ILLEGAL_STATE_CHANGE', path: ['id'] }]);
    expect((await step('Void', entry.id)).userErrors).toEqual([{ code: 'ILLEGAL_STATE_CHANGE', path: ['id'] }]);
    expect((await reverse(graph, of, entry.id)).userErrors).toMatchObject([{ code: 'NOT_REVERSIBLE' }]);
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', entryCount: 0 });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('is posted by one of two at once, and a version that moved on is refused', async () => {
    const entry = await pending();
    expect((await step('Post', entry.id, { expectedVersion: 7 })).userErrors).toMatchObject([
      { code: 'STALE_VERSION' },
    ]);

    const answers = await Promise.all([step('Post', entry.id), step('Post', entry.id)]);

    expect(answers.flatMap((a) => a.userErrors.map((e: any) => e.code))).toEqual(['ILLEGAL_STATE_CHANGE']);
    expect(await production(graph, of, JUNE)).toMatchObject({ gross: '100.00', entryCount: 1 });
  });

  test('keeps its history for readers of the audit trail', async () => {
    const entry = await pending();
    const auditor = { ...of.owner, scopes: [...of.owner.scopes, 'audit:read'] };
    await step('Post', entry.id, { reason: 'Checked' });

    const { productionEntry } = await graph.get(
      auditor,
      'query ($id: ID!) { productionEntry(id: $id) { auditTrail { action fromState toState note } } }',
      { id: entry.id },
    );

    expect(productionEntry.auditTrail.filter((e: any) => e.action !== 'productionEntry.read')).toEqual([
      { action: 'productionEntry.record', fromState: null, toState: 'PENDING', note: null },
      { action: 'productionEntry.post', fromState: 'PENDING', toState: 'POSTED', note: 'Checked' },
    ]);
  });
});

describe('shares of other providers', () => {
  const SPLITS = 'query ($id: ID!) { productionEntry(id: $id) { net splits { provider { name isStub } role net } } }';
  const shares = (changed: Record<string, unknown>[] = []) =>
    changed.length > 0
      ? changed
      : [
          { providerId: of.id(of.providers[1]), role: 'ASSISTANT', net: '33.33' },
          { providerId: of.id(newId()), role: 'HYGIENIST', net: '33.33' },
        ];

  test('follow net in proportion, to the cent, and a reversal takes them back', async () => {
    const { productionEntry } = await record(graph, of, { splits: shares() });
    const [row] = await graph.sql<{ id: string }>('SELECT id FROM production_entry WHERE clinic_id = $1', [
      of.clinicId,
    ]);
    await asService(graph, of.clinicId, (tx) =>
      importAdjustments(tx, of.clinicId, [
        anAdjustment(of, { productionEntryId: row?.id ?? '', amount: new Decimal('50.00') }),
      ]),
    );

    const after = (await graph.get(of.owner, SPLITS, { id: productionEntry.id })).productionEntry;
    const reversal = (await reverse(graph, of, productionEntry.id)).productionEntry;
    const undone = (await graph.get(of.owner, SPLITS, { id: reversal.id })).productionEntry;

    expect(after).toEqual({
      net: '50.00',
      splits: [
        { provider: { name: 'DR-02', isStub: false }, role: 'ASSISTANT', net: '16.67' },
        { provider: { name: 'Unknown provider', isStub: true }, role: 'HYGIENIST', net: '16.66' },
      ],
    });
    expect(undone.net).toBe('-100.00');
    expect(undone.splits.map((s: any) => s.net)).toEqual(['-33.33', '-33.33']);
  });

  test.each<[string, () => Record<string, unknown>[], string[]]>([
    ['BAD_SHARES', () => [{ providerId: of.id(of.providers[1]), role: 'A', net: '100.01' }], ['input', 'splits']],
    [
      'BAD_AMOUNT',
      () => [{ providerId: of.id(of.providers[1]), role: 'A', net: '-1' }],
      ['input', 'splits', '0', 'net'],
    ],
    [
      'BAD_SHARES',
      () => [{ providerId: of.id(of.providers[0]), role: 'A', net: '1' }],
      ['input', 'splits', '0', 'providerId'],
    ],
    ['INVALID', () => [{ providerId: of.id(of.providers[1]), role: ' ', net: '1' }], ['input', 'splits', '0', 'role']],
  ])('%s', async (code, splits, path) => {
    const before = await rowCounts(graph, of.clinicId);

    expect((await record(graph, of, { splits: splits() })).userErrors).toMatchObject([{ code, path }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });
});
