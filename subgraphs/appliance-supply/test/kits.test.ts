import { newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
let bracket: string;
let gel: string;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  bracket = await p.anItem({ name: 'Bracket' });
  gel = await p.anItem({ name: 'Gel', unit: 'gram', wholeUnitsOnly: false });
  await p.receive(bracket, { lotNumber: 'B1', packs: '100', packPrice: '1.50' });
  await p.receive(gel, {
    lotNumber: 'G1',
    packs: '1',
    packSize: '10',
    packPrice: '5.00',
    expirationDate: '2026-09-01',
  });
});
afterAll(async () => {
  const { differences } = await p.verify();
  await graph.stop();
  expect(differences).toEqual([]);
});

const lines = () => [
  { itemId: bracket, quantity: '20' },
  { itemId: gel, quantity: '0.5' },
];
const KITS = `query ($c: ID!, $t: [ApplianceRecordType!], $l: ID!, $d: Date) { kitTemplates(clinicId: $c, applianceTypes: $t) {
  name currentCost currency lines { quantity item { name } } availability(locationId: $l, on: $d) { kits limitedBy { name } } version } }`;

describe('a kit', () => {
  test('lists what an appliance takes, its present cost, and how many the stock makes on a day', async () => {
    await p.saveKit({ name: 'Springs', applianceType: 'SPRING', lines: lines() });
    const ask = (d?: string) => graph.get(p.me, KITS, { c: p.clinic, t: ['SPRING'], l: p.northId, d });

    expect((await ask()).kitTemplates).toEqual([
      {
        ...{ name: 'Springs', currentCost: '30.25', currency: 'USD', version: 1 },
        lines: [
          { quantity: '20', item: { name: 'Bracket' } },
          { quantity: '0.5', item: { name: 'Gel' } },
        ],
        availability: { kits: 5, limitedBy: [{ name: 'Bracket' }] },
      },
    ]);
    expect((await ask('2026-09-02')).kitTemplates[0].availability).toEqual({ kits: 0, limitedBy: [{ name: 'Gel' }] });
  });

  test('many kits cost as many statements as one', async () => {
    const ask = (t: string[]) => graph.statements(() => graph.get(p.me, KITS, { c: p.clinic, t, l: p.northId }));
    await p.saveKit({ name: 'Headgear', applianceType: 'HEADGEAR', lines: lines() });
    await p.saveKit({ name: 'Facemask', applianceType: 'FACEMASK', lines: lines() });

    const one = await ask(['SPRING']);
    const three = await ask(['SPRING', 'HEADGEAR', 'FACEMASK']);

    expect(three).toHaveLength(one.length);
  });

  test('a change replaces its lines as a whole', async () => {
    const { kitTemplate } = await p.saveKit({ name: 'Herbst', applianceType: 'HERBST', lines: lines() });

    const changed = await p.saveKit({
      ...{ id: kitTemplate.id, name: 'Herbst', applianceType: 'HERBST', expectedVersion: 1 },
      lines: [{ itemId: gel, quantity: '2' }],
    });

    expect(changed).toMatchObject({ userErrors: [], kitTemplate: { version: 2, lines: [{ quantity: '2' }] } });
    expect(changed.kitTemplate.lines).toHaveLength(1);
  });

  test('what cannot be a kit is refused and writes nothing', async () => {
    const { kitTemplate } = await p.saveKit({ name: 'Mara', applianceType: 'MARA', lines: lines() });
    const no = (input: object, codes: string[]) =>
      expectRefused(p, () => p.saveKit({ name: 'X', applianceType: 'MARA', lines: lines(), ...input }), codes);

    await no({ lines: [] }, ['EMPTY_KIT input.lines']);
    await no({ name: ' ' }, ['INVALID input.name']);
    await no({ name: 'Mara' }, ['DUPLICATE input.name']);
    await no({ lines: [{ itemId: p.id(newId()), quantity: '1' }] }, ['NOT_FOUND input.lines.0.itemId']);
    await no({ lines: [...lines(), { itemId: gel, quantity: '1' }] }, ['INVALID input.lines.2.itemId']);
    await no({ lines: [{ itemId: gel, quantity: '0' }] }, ['BAD_QUANTITY input.lines.0.quantity']);
    await no({ lines: [{ itemId: bracket, quantity: '0.5' }] }, ['WHOLE_UNITS_ONLY input.lines.0.quantity']);
    await no({ lines: Array.from({ length: 501 }, () => lines()[0]) }, ['TOO_MANY_LINES input.lines']);
    await no({ id: kitTemplate.id, expectedVersion: 3 }, ['STALE_VERSION input.expectedVersion']);
    await no({ id: p.id(newId()) }, ['NOT_FOUND input.id']);
  });
});

describe('placing by kit (SUP-46)', () => {
  test('takes the kit of its kind and system, else the one for any system, else the one that is named', async () => {
    await p.saveKit({ name: 'Any bracket', applianceType: 'BRACKETS', lines: [{ itemId: bracket, quantity: '1' }] });
    const metal = { name: 'Metal', applianceType: 'BRACKETS', applianceSystem: 'METAL_BRACKETS' };
    await p.saveKit({ ...metal, lines: [{ itemId: bracket, quantity: '2' }] });
    const placed = async (system: string, input: object = {}) => {
      const { appliance } = await p.record({ applianceSystem: system });
      const answer = await p.place(appliance.id, { withoutInventory: false, placedOn: TODAY, ...input });
      expect(answer.userErrors).toEqual([]);
      return answer.usages.map((usage: { quantity: string }) => usage.quantity);
    };

    expect(await placed('METAL_BRACKETS')).toEqual(['2']);
    expect(await placed('CERAMIC_BRACKETS')).toEqual(['1']);
    const other = await p.saveKit({
      name: 'Half',
      applianceType: 'BRACKETS',
      active: true,
      applianceSystem: 'HALF',
      lines: lines(),
    });
    expect(await placed('METAL_BRACKETS', { kitTemplateId: other.kitTemplate.id })).toEqual(['20', '0.5']);
  });

  test('never deducts nothing in silence: no kit, an unused one, one of another kind, or a choice of two is refused', async () => {
    const tad = async () => (await p.record({ applianceType: 'TAD' })).appliance.id as string;
    const no = async (input: object, codes: string[]) => {
      const id = await tad();
      await expectRefused(p, () => p.place(id, { withoutInventory: false, ...input }), codes);
    };
    const { kitTemplate: bands } = await p.saveKit({ name: 'Bands', applianceType: 'BANDS', lines: lines() });

    await no({}, ['EMPTY_KIT input.kitTemplateId']);
    await no({ lines: [] }, ['EMPTY_KIT input.lines']);
    await no({ kitTemplateId: bands.id }, ['INVALID input.kitTemplateId']);
    await no({ kitTemplateId: p.id(newId()) }, ['NOT_FOUND input.kitTemplateId']);
    await no({ kitTemplateId: bands.id, lines: [{ itemId: gel }] }, ['INVALID input.kitTemplateId']);
    await no({ kitTemplateId: bands.id, withoutInventory: true }, ['INVALID input.withoutInventory']);
    const { kitTemplate: old } = await p.saveKit({
      name: 'Tad old',
      applianceType: 'TAD',
      active: false,
      lines: lines(),
    });
    await no({}, ['EMPTY_KIT input.kitTemplateId']);
    await no({ kitTemplateId: old.id }, ['ILLEGAL_STATE_CHANGE input.kitTemplateId']);
    await p.saveKit({ name: 'Tad one', applianceType: 'TAD', lines: lines() });
    await p.saveKit({ name: 'Tad two', applianceType: 'TAD', lines: lines() });
    await no({}, ['INVALID input.kitTemplateId']);
  });

  test('a kit that the stock does not make is refused as a whole', async () => {
    await p.saveKit({
      name: 'Expander',
      applianceType: 'EXPANDER',
      lines: [...lines(), { itemId: await p.anItem(), quantity: '1' }],
    });
    const { appliance } = await p.record({ applianceType: 'EXPANDER' });

    const answer = await expectRefused(p, () => p.place(appliance.id, { withoutInventory: false }), [
      'INSUFFICIENT_STOCK input.kitTemplateId',
    ]);

    expect(answer).toMatchObject({
      lines: [{ error: null }, { error: null }, { error: { code: 'INSUFFICIENT_STOCK' } }],
    });
  });
});
