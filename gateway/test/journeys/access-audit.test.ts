import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { demoIds } from '../../../app/src/demo/organisation';
import { openGraph, type Graph } from './graph';

const saved = (name: string) => readFileSync(join(__dirname, `../../../schema/operations/${name}.graphql`), 'utf8');
const inGroup = (id: string) => recordIdText(demoIds.clinics.group, id);
const clinicId = clinicIdText(demoIds.clinics.group);
const patientId = inGroup(demoIds.patients.inBothInventories);

const TRAILS = ['revenue', 'adjustment', 'supply', 'inventory'].map((domain) => `${domain}AuditEvents`);

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

interface Event {
  readonly actorId: string;
  readonly action: string;
  readonly outcome: string;
  readonly requestId: string;
}
const trails = async (ofPatient: string): Promise<Event[][]> => {
  const data = await graph.get('owner', saved('23-access-audit'), { clinicId, patientId: ofPatient });
  // What was loaded beforehand, and what events brought, is in the trail as well; people are called test-….
  return TRAILS.map((field) => (data[field].nodes as Event[]).filter((event) => event.actorId.startsWith('test-')));
};

test('who read one patient is found in all four domains under one request, and nobody else is (Q19)', async () => {
  await graph.get('owner', saved('07-patient-360'), { id: patientId });

  const reads = (await trails(patientId)).map((events) => events.filter((event) => event.action !== 'audit.read'));
  expect(reads.map((events) => events.length > 0)).toEqual([true, true, true, true]);
  expect(new Set(reads.flat().map((event) => event.requestId)).size).toBe(1);
  expect(new Set(reads.flat().map(({ actorId, outcome }) => `${actorId} ${outcome}`))).toEqual(
    new Set(['test-owner ALLOWED']),
  );
});

test('looking a patient up in the trail is on the trail of that patient, and of no other', async () => {
  await trails(patientId);
  const [other] = await graph.sql<{ id: string }>(
    'revenue',
    `SELECT id FROM patient WHERE clinic_id = '${demoIds.clinics.group}' AND id <> '${demoIds.patients.inBothInventories}' ORDER BY id LIMIT 1`,
  );

  const looked = (await trails(patientId)).map((events) => events.filter((event) => event.action === 'audit.read'));
  expect(looked.map((events) => new Set(events.map((event) => event.actorId)))).toEqual(
    TRAILS.map(() => new Set(['test-owner'])),
  );
  expect(await trails(inGroup(other?.id ?? ''))).toEqual([[], [], [], []]);
});

test('without the permission for trails there is none', async () => {
  const { data, errors } = await graph.ask('doctor', saved('23-access-audit'), { clinicId, patientId });

  expect(data).toEqual(Object.fromEntries(TRAILS.map((field) => [field, null])));
  expect(errors?.map((error) => error.extensions['code'])).toEqual(TRAILS.map(() => 'FORBIDDEN'));
});
