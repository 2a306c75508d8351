import { eventOf, migrationSource, newId, systemViewer, transactFor, type Tx } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { checkDefinition } from '../test/database';
import { clinicOf, factOf, locationOf, locationsOf, providerOf, providersOf, todayAt } from '.';
import { aClinic, aLocation, aProvider, tellDirectory } from './testing';

let subgraph: TestSubgraph;
const as = <T>(clinicId: string, work: (tx: Tx) => Promise<T>) =>
  transactFor(subgraph.running.database, systemViewer(clinicId), [clinicId], work);
const refusal = (code: string) => ({ refusals: [expect.objectContaining({ code }) as unknown] });

beforeAll(async () => {
  subgraph = await testSubgraph(checkDefinition);
});
afterAll(() => subgraph.stop());

test('a subgraph knows a clinic, its locations and providers from events', async () => {
  const clinicId = newId();
  const north = aLocation({ id: newId(), closedDates: ['2026-07-03'], timeZone: 'Africa/Lagos' });
  const shut = aLocation({ id: newId(), name: 'Old House', active: false });
  const doctor = aProvider({ id: newId() });

  await tellDirectory(subgraph, clinicId, { locations: [north, shut], providers: [doctor] });

  const seen = await as(clinicId, async (tx) => ({
    clinic: await clinicOf(tx, clinicId, 'ADJUSTMENTS'),
    open: (await locationsOf(tx, clinicId, { activeOnly: true })).map((l) => l.id),
    all: (await locationsOf(tx, clinicId, { activeOnly: false })).map((l) => l.id),
    north: await locationOf(tx, { clinicId, id: north.id }, ['input', 'locationId']),
    doctor: await providerOf(tx, { clinicId, id: doctor.id }),
    providers: (await providersOf(tx, clinicId, { activeOnly: true })).map((p) => p.name),
    unknown: await providerOf(tx, { clinicId, id: newId() }),
  }));
  expect(seen.clinic).toEqual({ clinicId, ...aClinic() });
  expect(seen.open).toEqual([north.id]);
  expect(seen.all).toEqual([north.id, shut.id]);
  expect(seen.north).toEqual({ clinicId, ...north });
  expect(seen.doctor).toEqual({ clinicId, ...doctor });
  expect(seen.providers).toEqual(['DR-07']);
  expect(seen.unknown).toBeNull();
  expect(await subgraph.running.worker.clinics()).toContain(clinicId);
});

test('only a higher version replaces a copy, in whatever order events come', async () => {
  const clinicId = newId();
  const id = newId();
  for (const version of [2, 1, 3, 2, 3]) {
    await tellDirectory(subgraph, clinicId, {
      clinic: aClinic({ version, name: `Group ${version}`, capabilities: version === 3 ? [] : ['PRODUCTION'] }),
      locations: [aLocation({ id, version, name: `Place ${version}` })],
      providers: [aProvider({ id, version, name: `DR-${version}` })],
    });
  }

  const names = await subgraph.sql<{ name: string }>(
    `SELECT name FROM clinic_copy WHERE clinic_id = $1 UNION ALL SELECT name FROM location_copy WHERE clinic_id = $1
     UNION ALL SELECT name FROM provider_copy WHERE clinic_id = $1`,
    [clinicId],
  );
  expect(names.map((row) => row.name)).toEqual(['Group 3', 'Place 3', 'DR-3']);
  await expect(as(clinicId, (tx) => clinicOf(tx, clinicId, 'PRODUCTION'))).rejects.toMatchObject(
    refusal('CAPABILITY_OFF'),
  );
});

test('a clinic or location that is not known here yet is asked for again later', async () => {
  const clinicId = newId();
  await expect(as(clinicId, (tx) => clinicOf(tx, clinicId, 'PRODUCTION'))).rejects.toMatchObject(
    refusal('CONFLICT_RETRY'),
  );
  await expect(as(clinicId, (tx) => locationOf(tx, { clinicId, id: newId() }, ['x']))).rejects.toMatchObject(
    refusal('CONFLICT_RETRY'),
  );
});

test('another clinic sees none of it', async () => {
  const [ours, theirs] = [newId(), newId()];
  const place = aLocation({ id: newId() });
  await tellDirectory(subgraph, theirs, { locations: [place] });
  await as(ours, async (tx) => {
    expect(await locationsOf(tx, theirs, { activeOnly: false })).toEqual([]);
    expect(await tx.query('SELECT * FROM clinic_copy')).toEqual([]);
  });
});

test('today is cut in the zone of the place', async () => {
  // 16:00 UTC on 30 June 2026.
  await as(newId(), (tx) => {
    expect(todayAt(tx, { timeZone: 'America/New_York' })).toBe('2026-06-30');
    expect(todayAt(tx, { timeZone: 'Pacific/Auckland' })).toBe('2026-07-01');
    return Promise.resolve();
  });
});

test('an event of the wrong form is not taken and leaves nothing', async () => {
  const clinicId = newId();
  const event = eventOf(clinicId, factOf('clinic.saved', clinicId, aClinic()), new Date());
  const answer = await subgraph.deliver({ ...event, data: { ...aClinic(), currency: 7 } });
  expect(answer.status).toBe(500);
  expect(await subgraph.sql('SELECT 1 FROM clinic_copy WHERE clinic_id = $1', [clinicId])).toEqual([]);
  expect(await subgraph.sql('SELECT 1 FROM inbox WHERE clinic_id = $1', [clinicId])).toEqual([]);
});

test('the entities of the copies are the tables of the migration', async () => {
  const source = await migrationSource(checkDefinition, subgraph.database.urls.owner).initialize();
  try {
    expect((await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query)).toEqual([]);
  } finally {
    await source.destroy();
  }
});
