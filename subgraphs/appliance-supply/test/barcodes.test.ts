import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
let lot: string;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  const etch = await p.anItem({ name: 'Etch gel', sku: 'ETCH-1', gtin: '301781123453' });
  await p.anItem({ name: 'Archwire', sku: 'A99912345' });
  lot = (await p.receive(etch, { lotNumber: 'ab-12', expirationDate: '2027-04-30' })).supplyLot.id;
});
afterAll(() => graph.stop());

const QUERY = `query ($c: ID!, $s: String!) { supplyBarcode(clinicId: $c, scanned: $s) {
  barcode { standard gtin hibcProduct lotNumber expirationDate problems } item { name } lot { id } trace { lotNumber gtin supplyLots { id } } } }`;
const scan = async (scanned: string, as = p.me) =>
  (await graph.get(as, QUERY, { c: p.clinic, s: scanned })).supplyBarcode;

test('a GS1 code names item and lot, whatever the spelling of the lot and the length of the GTIN (SUP-51)', async () => {
  expect(await scan('01003017811234531727043010AB-12')).toEqual({
    barcode: {
      ...{ standard: 'GS1', gtin: '00301781123453', hibcProduct: null, lotNumber: 'AB-12' },
      ...{ expirationDate: '2027-04-30', problems: [] },
    },
    ...{ item: { name: 'Etch gel' }, lot: { id: lot } },
    trace: { lotNumber: 'AB-12', gtin: '00301781123453', supplyLots: [{ id: lot }] },
  });
});

test('an HIBC code names the item by labeler and product code', async () => {
  // +A99912345 with unit of measure 0; the check character follows from the rest, modulo 43.
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';
  const body = '+A999123450/$7LOT7';
  const check = alphabet[Array.from(body).reduce((sum, c) => sum + alphabet.indexOf(c), 0) % 43] ?? '';

  const found = await scan(body + check);

  expect(found).toMatchObject({
    barcode: { standard: 'HIBC', hibcProduct: 'A99912345', problems: [] },
    item: { name: 'Archwire' },
  });
  expect((await scan(`${body}${check === '0' ? '1' : '0'}`)).barcode.problems[0]).toMatch(
    /^the check character at position/,
  );
});

test('a plain number is looked up as it stands, a faulty code says what is wrong', async () => {
  expect(await scan('etch-1')).toMatchObject({
    barcode: { standard: 'RAW' },
    item: { name: 'Etch gel' },
    lot: null,
    trace: null,
  });
  expect(await scan('301781123453')).toMatchObject({
    barcode: { standard: 'RAW', gtin: '00301781123453' },
    item: { name: 'Etch gel' },
  });
  expect((await scan('(17)271301')).barcode.problems).toEqual(['(17) 271301 is no date YYMMDD']);
});

test('an outsider learns nothing', async () => {
  expect(await scan('etch-1', viewer({ clinicIds: [newId()], scopes: SCOPES }))).toBeNull();
});
