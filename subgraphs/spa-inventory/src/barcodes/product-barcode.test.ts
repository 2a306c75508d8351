import type { TestSubgraph } from '@practice-graph/kit/testing';
import { aLot, aProduct, aSpa, CLINIC_ID, manager, outsider } from '../../test/story';

let graph: TestSubgraph;
let lot: string;
beforeAll(async () => {
  graph = await aSpa();
  const gel = await aProduct(graph, {
    ...{ sku: 'GEL-1', name: 'Gel' },
    barcodes: [
      { gtin: '00301781123453', unitsPerPack: '1' },
      { gtin: '10301781123450', unitsPerPack: '25' },
    ],
  });
  lot = await aLot(graph, gel, { lotNumber: 'AB-12', expirationDate: '2027-04-30' });
});
afterAll(() => graph.stop());

const QUERY = `query ($c: ID!, $s: String!) { productBarcode(clinicId: $c, scanned: $s) {
  barcode { standard gtin hibcProduct lotNumber serialNumber expirationDate problems } product { name } unitsPerPack lot { id } trace { lotNumber gtin } } }`;
const scan = async (scanned: string, as = manager()) =>
  (await graph.get(as, QUERY, { c: CLINIC_ID, s: scanned })).productBarcode;

test.each([
  ['with separators', '010030178112345317270430' + '10AB-12\u001d21S9'],
  ['with the separator written out', '010030178112345317270430' + '10AB-12<GS>21S9'],
  ['with the symbology', ']d2010030178112345317270430' + '10AB-12\u001d21S9'],
  ['in parentheses', '(01)00301781123453(17)270430(10)AB-12(21)S9'],
  ['as a Digital Link', 'https://id.example.com/01/00301781123453/10/AB-12/21/S9?17=270430'],
])('a GS1 code %s names product, pack and lot (SPA-90)', async (_, text) => {
  expect(await scan(text)).toEqual({
    barcode: {
      ...{ standard: 'GS1', gtin: '00301781123453', hibcProduct: null, lotNumber: 'AB-12', serialNumber: 'S9' },
      ...{ expirationDate: '2027-04-30', problems: [] },
    },
    ...{ product: { name: 'Gel' }, unitsPerPack: '1', lot: { id: lot } },
    trace: { lotNumber: 'AB-12', gtin: '00301781123453' },
  });
});

test('the code of a box tells how many units are in it; a new lot is none yet', async () => {
  expect(await scan('(01)10301781123450(10)ZZ-9')).toMatchObject({
    ...{ product: { name: 'Gel' }, unitsPerPack: '25', lot: null },
    trace: { lotNumber: 'ZZ-9' },
  });
});

test('a plain number finds the product by its SKU, an unknown one nothing', async () => {
  expect(await scan(' gel-1 ')).toMatchObject({
    ...{
      barcode: { standard: 'RAW', problems: [] },
      product: { name: 'Gel' },
      unitsPerPack: '1',
      lot: null,
      trace: null,
    },
  });
  expect(await scan('nothing')).toMatchObject({ product: null, unitsPerPack: null, lot: null });
});

test('what is wrong with a code is said with its place, and no product is guessed', async () => {
  const found = await scan('(01)00301781123454(10)AB-12');

  expect(found.barcode.problems).toEqual(['(01) 00301781123454: the check digit at position 14 is 4 and should be 3']);
  expect(found).toMatchObject({ barcode: { gtin: null, lotNumber: 'AB-12' }, product: null, lot: null });
});

test('an outsider learns nothing', async () => {
  expect(await scan('gel-1', outsider())).toBeNull();
});
