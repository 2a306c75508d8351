import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { demoIds } from '../../../app/src/demo/organisation';
import { openGraph, type Graph } from './graph';
import { leavesOf } from './walking';

const FOLDER = join(__dirname, '../../../schema/operations');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length));

const inGroup = (id: string): string => recordIdText(demoIds.clinics.group, id);
const clinicId = clinicIdText(demoIds.clinics.group);

/** Variables by operation where it asks for more than the clinic. */
const VARIABLES: Readonly<Record<string, Record<string, unknown>>> = {
  '05-recall-trace': { clinicId, lot: demoIds.recalledLot },
  '06-case-profile': { id: inGroup(demoIds.treatmentPlans.inBothInventories) },
  '07-patient-360': { id: inGroup(demoIds.patients.inBothInventories) },
  '27-recall-start': {
    input: {
      ...{ idempotencyKey: 'recall-start-1', clinicId, recallNumber: 'RCL-2026-014', recallClass: 'CLASS_III' },
      ...{ lotNumber: 'AB-40881', reason: 'the label is not legible', announcedOn: '2026-06-01' },
    },
  },
  '09-provider-review': { id: inGroup(demoIds.providers.courtesyProvider), month: '2026-11' },
  '29-kit-availability': { clinicId, locationId: inGroup(demoIds.locations.harbor) },
  '23-access-audit': { clinicId, patientId: inGroup(demoIds.patients.inBothInventories) },
  '22-working-capital': {},
  '21-promotion-effect': { clinicId, campaignId: inGroup(demoIds.campaigns.latest) },
};

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

describe.each(names)('saved operation %s', (name) => {
  const variables = JSON.parse(readFileSync(join(FOLDER, `${name}.variables.json`), 'utf8')) as Record<string, unknown>;

  test('has the identifiers of the demonstration beside it', () => {
    expect(variables).toEqual(VARIABLES[name] ?? { clinicId });
  });

  test('answers the owner whole, and an outsider with nothing', async () => {
    const query = readFileSync(join(FOLDER, `${name}.graphql`), 'utf8');

    expect(leavesOf(await graph.get('owner', query, variables)).length).toBeGreaterThan(3);
    const { data } = await graph.ask('outsider', query, variables);
    if (Object.keys(variables).length === 0) {
      // It asks for the clinics of the caller, whoever that is.
      expect(data.clinics.map((clinic: { name: string }) => clinic.name)).toEqual(['Linden Practices']);
      return;
    }
    // A change tells why it was refused, and nothing else.
    const refusals = leavesOf(
      Object.values((data ?? {}) as object).map((of: { userErrors?: unknown } | null) => of?.userErrors),
    );
    expect(leavesOf(data)).toEqual(refusals);
  });
});
