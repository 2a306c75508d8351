import { clinicIdText, newId, recordIdText } from '@practice-graph/kit';
import { EVENTS } from '@practice-graph/practice';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, aPractice, asService, record, rowCounts, SCOPES, type Practice } from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const CLINIC = `mutation ($input: ClinicInput!) { clinicSave(input: $input) {
  clinic { id externalId name kind currency timeZone fiscalYearStartMonth capabilities version } userErrors { code path } } }`;
const LOCATION = `mutation ($input: LocationInput!) { locationSave(input: $input) {
  location { id externalId name kind timeZone chairCount workingWeekdays active version closedDates(period: { range: { from: "2026-01-01", to: "2026-12-31" } }) clinic { id } }
  userErrors { code path } } }`;
const operator = viewer({ subject: 'operator', clinicIds: [], scopes: ['platform:admin'] });
const newClinic = (changed: object = {}) => ({
  idempotencyKey: aKey(),
  name: 'Bay Clinic',
  kind: 'MEDICAL_SPA',
  currency: 'NGN',
  timeZone: 'Africa/Lagos',
  ...changed,
});
const told = async (type: string, id: string) =>
  (await graph.events()).filter(
    ({ event }) => event.type === type && (event.clinicId === id || (event.data as { id?: string }).id === id),
  );

describe('clinics', () => {
  test('an operator creates a clinic with the defaults; a retry gives the same one, under a server-made id', async () => {
    const input = newClinic();

    const first = (await graph.get(operator, CLINIC, { input })).clinicSave;
    const again = (await graph.get(operator, CLINIC, { input })).clinicSave;

    expect(first.userErrors).toEqual([]);
    expect(first.clinic).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      externalId: null,
      name: 'Bay Clinic',
      kind: 'MEDICAL_SPA',
      currency: 'NGN',
      timeZone: 'Africa/Lagos',
      fiscalYearStartMonth: 1,
      capabilities: ['PRODUCTION', 'REVENUE_POINTS', 'ADJUSTMENTS', 'APPLIANCE_SUPPLY', 'SPA_INVENTORY'],
      version: 1,
    });
    expect(again).toEqual(first);
    const other = (await graph.get(operator, CLINIC, { input: { ...input, name: 'Other' } })).clinicSave;
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    const next = (await graph.get(operator, CLINIC, { input: newClinic() })).clinicSave;
    expect(next.clinic.id).not.toBe(first.clinic.id);
  });

  test('creating needs platform:admin, changing needs directory:write and reach', async () => {
    const codes = async (as: ReturnType<typeof viewer>, input: object) => {
      const answer = await graph.ask(as, CLINIC, { input });
      return (
        answer.errors?.map((e) => e.extensions['code']) ?? answer.data.clinicSave.userErrors.map((e: any) => e.code)
      );
    };
    expect(await codes(of.owner, newClinic())).toEqual(['FORBIDDEN']);
    expect(await codes(operator, newClinic({ id: of.clinic }))).toEqual(['FORBIDDEN']);
    expect(await codes(viewer({ clinicIds: [newId()], scopes: SCOPES }), newClinic({ id: of.clinic }))).toEqual([
      'NOT_FOUND',
    ]);
    expect(await codes(viewer({ clinicIds: [of.clinicId], scopes: [] }), newClinic({ id: of.clinic }))).toEqual([
      'FORBIDDEN',
    ]);
  });

  test('members left out keep their value, an explicit null empties, a list replaces (E-26)', async () => {
    const change = async (changed: object) =>
      (await graph.get(of.owner, CLINIC, { input: newClinic({ id: of.clinic, currency: 'USD', ...changed }) }))
        .clinicSave;

    const first = (
      await change({ externalId: 'X-1', fiscalYearStartMonth: 7, capabilities: ['SPA_INVENTORY', 'PRODUCTION'] })
    ).clinic;
    expect(first).toMatchObject({
      externalId: 'X-1',
      fiscalYearStartMonth: 7,
      capabilities: ['PRODUCTION', 'SPA_INVENTORY'],
      version: 2,
    });
    const second = (await change({ fiscalYearStartMonth: null })).clinic;
    expect(second).toMatchObject({
      externalId: 'X-1',
      fiscalYearStartMonth: 7,
      capabilities: ['PRODUCTION', 'SPA_INVENTORY'],
      version: 3,
    });
    const third = (await change({ externalId: null })).clinic;
    expect(third).toMatchObject({ externalId: null, version: 4 });
  });

  test('a stale version, a wrong month and another currency over entries are refused and change nothing', async () => {
    const codes = async (changed: object) =>
      (await graph.get(of.owner, CLINIC, { input: newClinic({ id: of.clinic, currency: 'USD', ...changed }) }))
        .clinicSave.userErrors;

    expect(await codes({ expectedVersion: 9 })).toEqual([
      { code: 'STALE_VERSION', path: ['input', 'expectedVersion'] },
    ]);
    expect(await codes({ fiscalYearStartMonth: 13 })).toMatchObject([{ code: 'INVALID' }]);
    expect(await codes({ name: ' ' })).toMatchObject([{ code: 'INVALID', path: ['input', 'name'] }]);
    expect(await codes({ currency: 'EUR' })).toEqual([]);
    expect(await codes({ currency: 'USD' })).toEqual([]);
    await record(graph, of);
    expect(await codes({ currency: 'EUR' })).toEqual([{ code: 'IN_USE', path: ['input', 'currency'] }]);
    expect(await graph.sql('SELECT currency, version FROM clinic WHERE clinic_id = $1', [of.clinicId])).toEqual([
      { currency: 'USD', version: 3 },
    ]);
  });

  test('the other domains hear of it, with its full state and version', async () => {
    await graph.get(of.owner, CLINIC, { input: newClinic({ id: of.clinic, currency: 'USD' }) });

    const events = (await told('clinic.saved', of.clinicId)).filter(
      ({ event }) => (event.data as { version: number }).version === 2,
    );
    expect(events.map((e) => e.subscriber)).toEqual(['adjustments', 'appliance-supply', 'spa-inventory']);
    expect(EVENTS['clinic.saved'].parse(events[0]?.event.data)).toEqual({
      name: 'Bay Clinic',
      kind: 'MEDICAL_SPA',
      currency: 'USD',
      timeZone: 'Africa/Lagos',
      fiscalYearStartMonth: 1,
      capabilities: ['PRODUCTION', 'REVENUE_POINTS', 'ADJUSTMENTS', 'APPLIANCE_SUPPLY', 'SPA_INVENTORY'],
      version: 2,
    });
  });
});

describe('locations', () => {
  const save = async (changed: object, as = of.owner) =>
    (
      await graph.get(as, LOCATION, {
        input: {
          idempotencyKey: aKey(),
          clinicId: of.clinic,
          name: 'Place 3',
          timeZone: 'America/Chicago',
          ...changed,
        },
      })
    ).locationSave;

  test('a new one has the defaults of the contract and is told to the others', async () => {
    const { location } = await save({});

    expect(location).toEqual({
      id: expect.any(String),
      externalId: null,
      name: 'Place 3',
      kind: 'ORTHODONTIC',
      timeZone: 'America/Chicago',
      chairCount: 0,
      workingWeekdays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
      active: true,
      version: 1,
      closedDates: [],
      clinic: { id: of.clinic },
    });
    const [row] = await graph.sql<{ id: string }>(`SELECT id FROM location WHERE clinic_id = $1 AND name = 'Place 3'`, [
      of.clinicId,
    ]);
    expect(location.id).toBe(of.id(row?.id ?? ''));
    expect((await told('location.saved', row?.id ?? '')).map((e) => e.subscriber)).toEqual([
      'adjustments',
      'appliance-supply',
      'spa-inventory',
    ]);
  });

  test('a known external id changes the location that has it, also when two come at once', async () => {
    const [a, b] = await Promise.all([save({ externalId: 'L-9' }), save({ externalId: 'L-9', chairCount: 4 })]);
    const third = await save({ externalId: 'L-9', closedDates: ['2026-12-25', '2026-07-03', '2026-12-25'] });

    expect(a.location.id).toBe(b.location.id);
    expect(third.location).toMatchObject({ id: a.location.id, version: 3, closedDates: ['2026-07-03', '2026-12-25'] });
    expect((await save({ id: of.id(of.locations[0]), externalId: 'L-9' })).userErrors).toEqual([
      { code: 'DUPLICATE', path: ['input', 'externalId'] },
    ]);
  });

  test('refusals change nothing', async () => {
    const before = await rowCounts(graph, of.clinicId);
    const codes = async (changed: object, as = of.owner) =>
      (await save(changed, as)).userErrors.map((e: any) => e.code);

    expect(await codes({ id: of.id(newId()) })).toEqual(['NOT_FOUND']);
    expect(await codes({ id: recordIdText(newId(), of.locations[0]) })).toEqual(['NOT_FOUND']);
    expect(await codes({ id: 'nonsense' })).toEqual(['NOT_FOUND']);
    expect(await codes({ chairCount: -1 })).toEqual(['INVALID']);
    expect(await codes({ id: of.id(of.locations[0]), expectedVersion: 3 })).toEqual(['STALE_VERSION']);
    expect(await codes({ clinicId: clinicIdText(newId()) })).toEqual(['NOT_FOUND']);
    expect(await codes({}, viewer({ clinicIds: [newId()], scopes: SCOPES }))).toEqual(['NOT_FOUND']);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('its closed days are shown for a period only', async () => {
    const answer = await graph.get(
      of.owner,
      `query ($id: ID!) { location(id: $id) { closedDates(period: { month: "2026-06" }) } }`,
      { id: of.id(of.locations[0]) },
    );
    expect(answer.location.closedDates).toEqual(['2026-06-19']);
  });
});

test('locations and providers of many clinics are read with one statement each', async () => {
  const others = [await aPractice(graph), await aPractice(graph)];
  const all = viewer({ clinicIds: [of, ...others].map((p) => p.clinicId), scopes: SCOPES });

  const statements = await graph.statements(async () => {
    const answer = await graph.get(
      all,
      '{ clinics { name locations { name clinic { id } } providers { name clinic { name } } } }',
    );
    expect(answer.clinics).toHaveLength(3);
  });

  expect(statements).toHaveLength(3);
});

test('a resync sends the directory again under the same event ids', async () => {
  await asService(graph, of.clinicId, (tx) => revenue.resync(tx, of.clinicId));

  const mine = (await graph.events()).filter(({ event }) => event.clinicId === of.clinicId);
  // A job that waits is replaced by the one of the same event: still one per event and subscriber.
  expect(mine).toHaveLength((1 + 2 + 2) * 3);
  expect(new Set(mine.map(({ subscriber, event }) => `${subscriber} ${event.id}`)).size).toBe(mine.length);
});
