import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  clinicId,
  idOf,
  key,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  RECORD,
  REVERSE,
} from '../testing';
import { APPROVE, supervisor } from '../testing/approvals';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const FIELDS = 'id code name startsOn endsOn currency budget granted remaining version';
const SAVE = `mutation ($input: PromotionCampaignInput!) { promotionCampaignSave(input: $input) {
  promotionCampaign { ${FIELDS} } userErrors { code path } } }`;
const LIST = `query ($clinicId: ID!, $activeOnly: Boolean = true) {
  promotionCampaigns(clinicId: $clinicId, activeOnly: $activeOnly) { ${FIELDS} } }`;
const save = async (of: Record<string, unknown>, as = accountant) =>
  (
    await graph.get(as, SAVE, {
      input: {
        idempotencyKey: key(),
        clinicId,
        code: 'SMILE',
        name: ' Summer smiles ',
        startsOn: '2026-06-01',
        endsOn: '2026-08-31',
        budget: '400',
        ...of,
      },
    })
  ).promotionCampaignSave;
const list = async (of: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, LIST, { clinicId, ...of })).promotionCampaigns;
let patients = 920;
const record = async (campaignId: string, of: Record<string, unknown> = {}) =>
  (
    await graph.get(accountant, RECORD.replace('id category', 'id campaign { code } category'), {
      input: anAdjustment({
        patientId: idOf(patient(++patients)),
        category: 'PROMOTIONAL',
        reasonCode: 'PRM-CAMPAIGN',
        campaignId,
        ...of,
      }),
    })
  ).adjustmentRecord;
const written = async () => [
  await graph.sql('SELECT id, version FROM promotion_campaign ORDER BY id'),
  await graph.sql('SELECT count(*) FROM adjustment_entry'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action NOT LIKE '%.read'`),
  await graph.sql('SELECT count(*) FROM idempotency'),
];
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await written();
  const answer = await work();
  expect(await written()).toEqual(before);
  return answer;
};
let smile = '';

test('a campaign grants what was approved, less what was undone, and may be overdrawn (ADJ-84)', async () => {
  const { promotionCampaign, userErrors } = await save({});
  expect(userErrors).toEqual([]);
  smile = promotionCampaign.id;
  expect(promotionCampaign).toEqual({
    id: smile,
    code: 'SMILE',
    name: 'Summer smiles',
    startsOn: '2026-06-01',
    endsOn: '2026-08-31',
    currency: 'USD',
    budget: '400.00',
    granted: '0.00',
    remaining: '400.00',
    version: 1,
  });
  expect((await record(smile, { amount: '200' })).adjustment).toMatchObject({ campaign: { code: 'SMILE' } });
  const small = (await record(smile, { amount: '30' })).adjustment.id as string;
  const large = (await record(smile, { amount: '300' })).adjustment.id as string;
  const money = async () => (await list()).map((of: Record<string, string>) => [of['granted'], of['remaining']]);
  expect(await money()).toEqual([['230.00', '170.00']]);
  await graph.get(supervisor, APPROVE, { ids: [large], input: { idempotencyKey: key() } });
  expect(await money()).toEqual([['530.00', '-130.00']]);
  await graph.get(accountant, REVERSE, { id: small, input: { idempotencyKey: key() } });
  expect(await money()).toEqual([['500.00', '-100.00']]);
});

test('a campaign grants on its first and last day and on no other, and promotional discounts only', async () => {
  const june = (await save({ code: 'JUNE', startsOn: '2026-06-10', endsOn: '2026-06-20' })).promotionCampaign
    .id as string;
  const on = async (adjustmentDate: string) =>
    (await record(june, { adjustmentDate })).userErrors.map((of: { code: string }) => of.code);
  expect([await on('2026-06-10'), await on('2026-06-20')]).toEqual([[], []]);
  for (const day of ['2026-06-09', '2026-06-21'])
    expect(await unchanged(() => on(day))).toEqual(['CAMPAIGN_NOT_RUNNING']);
  const refusal = async (id: string, of: Record<string, unknown> = {}) =>
    (await unchanged(() => record(id, of))).userErrors.map((e: { code: string; path: string[] }) => [
      e.code,
      e.path.join('.'),
    ]);
  expect(await refusal(june, { category: 'OTHER', reasonCode: 'OTH-EXPLAINED', description: 'x' })).toEqual([
    ['INVALID', 'input.campaignId'],
  ]);
  expect(await refusal(idOf(patient(1)))).toEqual([['NOT_FOUND', 'input.campaignId']]);
  expect(await refusal(idOf(patient(1), OTHER_CLINIC))).toEqual([['NOT_FOUND', 'input.campaignId']]);
});

test('those that are over are listed only if asked for, and many with the same number of statements', async () => {
  const codes = async (of: Record<string, unknown> = {}) => (await list(of)).map((c: { code: string }) => c.code);
  expect(await codes()).toEqual(['SMILE']);
  expect(await codes({ activeOnly: false })).toEqual(['JUNE', 'SMILE']);
  expect(await list({}, outsider)).toBeNull();
  const sent = async () => (await graph.statements(() => list())).length;
  const few = await sent();
  for (let i = 0; i < 5; i++) await save({ code: `MORE-${String(i)}` });
  expect(await sent()).toBe(few);
});

test('what a campaign granted is hidden from readers of a part, and of aggregates while few patients stand behind it (E-06)', async () => {
  const few = (await save({ code: 'FEW' })).promotionCampaign.id as string;
  const told = async (of: Partial<typeof accountant>) => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PromotionCampaign { code granted } } }`;
    const r = [{ __typename: 'PromotionCampaign', id: few }];
    const { data, errors } = await graph.ask(viewer({ ...accountant, ...of }), query, { r });
    return data?.['_entities'][0]?.granted ?? errors?.[0]?.extensions['code'];
  };
  const analyst = { aggregateOnly: true };
  expect(await told(analyst)).toBe('0.00');
  for (let n = 0; n < 10; n++) await record(few);
  expect(await told(analyst)).toBe('FORBIDDEN');
  await record(few);
  expect([await told(analyst), await told({})]).toEqual(['220.00', '220.00']);
  expect(await told({ restrictions: { locations: [NORTH] } })).toBe('FORBIDDEN');
});

test('a campaign is changed by those who saw its version', async () => {
  const { promotionCampaign } = await save({ id: smile, name: 'Autumn', expectedVersion: 1 });
  expect(promotionCampaign).toMatchObject({ id: smile, name: 'Autumn', version: 2 });
});

test.each([
  ['a code that is taken', {}, 'DUPLICATE', 'code'],
  ['an end before the begin', { code: 'N', endsOn: '2026-05-31' }, 'BAD_RANGE', 'endsOn'],
  ['a negative budget', { code: 'N', budget: '-1' }, 'BAD_AMOUNT', 'budget'],
  ['a blank code', { code: ' ' }, 'INVALID', 'code'],
  ['a blank name', { code: 'N', name: ' ' }, 'INVALID', 'name'],
  ['an unknown campaign', { id: 'nonsense', code: 'N' }, 'NOT_FOUND', 'id'],
  ['a campaign of another clinic', { id: idOf(patient(1), OTHER_CLINIC), code: 'N' }, 'NOT_FOUND', 'id'],
  ['another clinic', { clinicId: clinicIdText(OTHER_CLINIC), code: 'N' }, 'NOT_FOUND', 'clinicId'],
])('%s is refused and nothing is written', async (_, of, code, path) => {
  const { promotionCampaign, userErrors } = await unchanged(() => save(of));
  expect([promotionCampaign, userErrors]).toEqual([null, [{ code, path: ['input', path] }]]);
});

test('an old version is refused, and of ten campaigns of one code at once one is made', async () => {
  const stale = await unchanged(() => save({ id: smile, expectedVersion: 1 }));
  expect(stale.userErrors).toEqual([{ code: 'STALE_VERSION', path: ['input', 'expectedVersion'] }]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => save({ code: 'RACE' })));
  expect(answers.filter(({ promotionCampaign }) => promotionCampaign)).toHaveLength(1);
});

test('campaigns are known by reference within reach, read by those who see reports and saved by those who set rules', async () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PromotionCampaign { code } } }`;
  const r = [{ __typename: 'PromotionCampaign', id: smile }];
  expect((await graph.get(accountant, query, { r }))._entities).toEqual([{ code: 'SMILE' }]);
  expect((await graph.get(outsider, query, { r }))._entities).toEqual([null]);
  const input = {
    idempotencyKey: key(),
    clinicId,
    code: 'X',
    name: 'X',
    budget: '1',
    startsOn: '2026-01-01',
    endsOn: '2026-01-01',
  };
  for (const as of [
    viewer({ clinicIds: [], scopes: [] }),
    viewer({ ...accountant, scopes: ['finance:manage_adjustments'] }),
  ]) {
    expect((await graph.ask(as, LIST, { clinicId })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await graph.ask(as, SAVE, { input })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  }
});
