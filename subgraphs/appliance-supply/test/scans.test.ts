import { newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, type Practice } from './practice';

const GS = '\u001d';
let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  await p.anItem({ name: 'Etch gel', gtin: '301781123453' });
});
afterAll(async () => {
  const { differences } = await p.verify();
  await graph.stop();
  expect(differences).toEqual([]);
});

const gs1 = (lot: string, expiry = '270430', gtin = '00301781123453') => `01${gtin}17${expiry}10${lot}`;
const received = async (scanned: string, input: object = {}) =>
  p.receive(null as never, { itemId: undefined, lotNumber: undefined, scanned, packs: '5', ...input });
const lotShown = async (lotNumber: string) =>
  (
    await graph.get(
      p.me,
      'query ($c: ID!, $n: String) { supplyLots(clinicId: $c, filter: { lotNumber: $n }) { nodes { item { name } lotNumber gtin serialNumber expirationDate } } }',
      { c: p.clinic, n: lotNumber },
    )
  ).supplyLots.nodes;

describe('receiving by scan (SUP-51)', () => {
  test.each([
    ['an element string', `${gs1('S-1')}${GS}21SN9`, 'S-1', 'SN9'],
    ['brackets', '(01)00301781123453(17)270430(10)S-2', 'S-2', null],
    ['a Digital Link', 'https://id.example/01/00301781123453/10/S-3?17=270430', 'S-3', null],
    ['a separator that a keyboard wedge writes', `01003017811234531727043010S-4<GS>21SN4`, 'S-4', 'SN4'],
  ])('%s names item, lot, expiry and serial number', async (_, scanned, lotNumber, serialNumber) => {
    expect((await received(scanned)).userErrors).toEqual([]);

    expect(await lotShown(lotNumber)).toEqual([
      {
        ...{
          item: { name: 'Etch gel' },
          lotNumber,
          serialNumber,
          gtin: '00301781123453',
          expirationDate: '2027-04-30',
        },
      },
    ]);
  });

  test('many codes are read with as many statements as one', async () => {
    const many = (count: number, mark: string) =>
      graph.statements(() =>
        graph.get(
          p.me,
          'mutation ($input: SupplyLotsReceiveInput!) { supplyLotsReceive(input: $input) { supplyLots { id } userErrors { code } } }',
          {
            input: {
              ...{ idempotencyKey: newId(), clinicId: p.clinic, reason: 'opening stock' },
              lines: Array.from({ length: count }, (_, i) => ({
                ...{ scanned: gs1(`${mark}${String(i)}`), locationId: p.northId, packs: '1', receivedOn: '2026-06-01' },
              })),
            },
          },
        ),
      );

    expect((await many(100, 'M')).length).toBe((await many(1, 'N')).length);
  });

  test('what is typed must agree with the code; faulty and unknown codes say precisely what is wrong', async () => {
    const no = (scanned: string, codes: string[], input: object = {}) =>
      expectRefused(p, () => received(scanned, input), codes);

    await no(gs1('S-5'), ['INVALID input.lotNumber'], { lotNumber: 'S-6' });
    await no(gs1('S-5'), ['INVALID input.expirationDate'], { expirationDate: '2027-04-29' });
    await no(gs1('S-5'), ['INVALID input.gtin'], { gtin: '10301781123450' });
    await no(gs1('S-5'), ['INVALID input.itemId'], { itemId: await p.anItem() });
    const answer = await no(gs1('S-5', '270430', '00301781123454'), ['BARCODE_UNREADABLE input.scanned']);
    expect((answer as { userErrors: { message: string }[] }).userErrors[0]?.message).toMatch(/check digit/);
    await no(gs1('S-5', '270430', '00608821000447'), ['BARCODE_UNKNOWN input.scanned']);
    await no('nothing like it', ['BARCODE_UNKNOWN input.scanned']);
    const twin = { gtin: '608821000447' };
    await Promise.all([p.anItem(twin), p.anItem(twin)]);
    await no(gs1('S-5', '270430', '00608821000447'), ['INVALID input.scanned']);
  });
});

describe('deducting by scan (SUP-51)', () => {
  test('takes the lot that the code names, from the place of the appliance', async () => {
    await received(gs1('D-1', '270131'), { locationId: p.southId });
    await received(gs1('D-1', '270131'), { vendorId: p.id(newId()) });
    const appliance = await p.aPlaced({ locationId: p.southId });

    const answer = await p.deduct(appliance, [{ scanned: gs1('d-1', '270131'), quantity: '2' }]);

    expect(answer).toMatchObject({ userErrors: [], usages: [{ quantity: '2', lot: { lotNumber: 'D-1' } }] });
  });

  test('a code without a lot leaves the choice to first-expiry-first-out; a plain number is that of the item', async () => {
    const gel = await p.anItem({ name: 'Primer', gtin: '96385074', sku: 'PRIMER-1' });
    await p.saveOffer({
      itemId: gel,
      vendorId: p.id(newId()),
      packPrice: '1.00',
      validFrom: '2026-01-01',
      vendorSku: 'VX-77',
    });
    await p.receive(gel, { lotNumber: 'LATE', expirationDate: '2027-12-31' });
    await p.receive(gel, { lotNumber: 'SOON', expirationDate: '2026-12-31' });
    const appliance = await p.aPlaced();

    const lots = await Promise.all(
      ['0100000096385074', '96385074', 'primer-1', 'vx-77'].map(
        async (scanned) => (await p.deduct(appliance, [{ scanned }])).usages[0].lot.lotNumber as string,
      ),
    );

    expect(lots).toEqual(['SOON', 'SOON', 'SOON', 'SOON']);
  });

  test('a code that does not fit is refused at its line', async () => {
    await received(gs1('D-2'));
    const appliance = await p.aPlaced();
    const no = (line: object, codes: string[]) => expectRefused(p, () => p.deduct(appliance, [line as never]), codes);

    await no({ scanned: gs1('D-9') }, ['NOT_FOUND input.lines.0.scanned']);
    await no({ scanned: gs1('D-2', '270501') }, ['EXPIRY_MISMATCH input.lines.0.scanned']);
    await no({ scanned: gs1('D-2', '271345') }, ['BARCODE_UNREADABLE input.lines.0.scanned']);
    await no({ scanned: '(01)10301781123450(10)D-2' }, ['BARCODE_UNKNOWN input.lines.0.scanned']);
    await no({ scanned: gs1('D-2'), itemId: await p.anItem() }, ['INVALID input.lines.0.itemId']);
    await no({ scanned: gs1('D-2'), lotId: (await lotIds('S-1'))[0] }, ['INVALID input.lines.0.lotId']);
    await no({ scanned: gs1('D-2'), quantity: '0.5' }, ['WHOLE_UNITS_ONLY input.lines.0.quantity']);
  });
});

async function lotIds(lotNumber: string): Promise<string[]> {
  const { supplyLots } = await graph.get(
    p.me,
    'query ($c: ID!, $n: String) { supplyLots(clinicId: $c, filter: { lotNumber: $n }) { nodes { id } } }',
    { c: p.clinic, n: lotNumber },
  );
  return supplyLots.nodes.map((lot: { id: string }) => lot.id);
}
