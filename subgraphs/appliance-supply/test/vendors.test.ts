import { eventOf, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf } from '@practice-graph/practice';
import { applianceSupply } from '../src';
import { aPractice, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

const tell = (id: string, name: string, version: number) =>
  graph.deliver(
    eventOf(
      p.clinicId,
      factOf('vendor.saved', id, { id, name, preferred: false, version }),
      new Date('2026-06-30T16:00:00Z'),
    ),
  );
const vendors = async () =>
  (
    await graph.get(p.me, `query ($c: ID!) { supplyLots(clinicId: $c) { nodes { vendor { id name } } } }`, {
      c: p.clinic,
    })
  ).supplyLots.nodes as unknown[];

test('a lot names its vendor as its owner last told it, whatever the order of the news (E-22)', async () => {
  const [known, unknown] = [newId(), newId()];
  const item = await p.anItem();
  await p.receive(item, { vendorId: p.id(known), expirationDate: '2027-01-31' });
  await p.receive(item, { vendorId: p.id(unknown), expirationDate: '2027-02-28' });
  await p.receive(item, { expirationDate: '2027-03-31' });

  await tell(known, 'Vendor 2', 2);
  await tell(known, 'Vendor 1', 1);
  await tell(known, 'Vendor 2', 2);

  expect(await vendors()).toEqual([
    { vendor: { id: p.id(known), name: 'Vendor 2' } },
    { vendor: null },
    { vendor: null },
  ]);
});

test('the names of all vendors of a page take one statement', async () => {
  const sent = await graph.statements(vendors);

  expect(sent.filter((sql) => sql.includes('vendor_copy'))).toHaveLength(1);
});

test('a vendor of another clinic stays unknown', async () => {
  const other = await aPractice(graph);
  const id = newId();
  await graph.deliver(
    eventOf(
      other.clinicId,
      factOf('vendor.saved', id, { id, name: 'Elsewhere', preferred: true, version: 1 }),
      new Date('2026-06-30T16:00:00Z'),
    ),
  );
  const item = await p.anItem();
  const { supplyLot } = await p.receive(item, { vendorId: p.id(id) });

  const found = await graph.get(
    p.me,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on SupplyLot { vendor { name } } } }`,
    { r: [{ __typename: 'SupplyLot', id: supplyLot.id }] },
  );
  expect(found._entities).toEqual([{ vendor: null }]);
});
