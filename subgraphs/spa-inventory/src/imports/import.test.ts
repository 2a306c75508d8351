import { Decimal, stableId, systemViewer, transact } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { addDays } from '@practice-graph/practice';
import { importLots, importMovements, importProducts, importVendors, spaInventory, type ImportedMovement } from '..';
import { aSpa, CLINIC, id, INJECTOR, manager, NORTH, NURSE, patient, SOUTH } from '../../test/story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

const COUNT = Number(process.env['IMPORT_ROWS'] ?? 2_000);
const row = (kind: string, n: number) => stableId(`import ${kind} ${String(n)}`);
const inClinic = <T>(work: (tx: Parameters<Parameters<typeof transact<T>>[3]>[0]) => Promise<T>) =>
  transact(graph.running.database, systemViewer(CLINIC, 'import'), CLINIC, work);
const at = (day: string) => new Date(`${day}T18:00:00Z`);

test('vendors, products, receipts, uses and waste are taken over with balances and slices that agree', async () => {
  const products = Array.from({ length: 20 }, (_, n) => row('product', n));
  const lots = Array.from({ length: 200 }, (_, n) => ({
    id: row('lot', n),
    productId: products[n % 20] ?? '',
    locationId: n % 2 ? NORTH : SOUTH,
    lotNumber: `LOT-${String(n)}`,
    expirationDate: '2027-12-31',
    quantity: new Decimal(10_000),
    unitCost: new Decimal('6.333333'),
    at: at('2024-07-01'),
    day: '2024-07-01',
  }));
  const movements = Array.from({ length: COUNT }, (_, n): ImportedMovement => {
    const lot = n % 200;
    const day = addDays('2024-07-01', Math.floor((n * 700) / COUNT));
    const common = {
      id: row('movement', n),
      productId: products[lot % 20] ?? '',
      lotId: row('lot', lot),
      locationId: lot % 2 ? NORTH : SOUTH,
      quantity: new Decimal(n % 7).plus('0.5'),
      at: at(day),
      day,
    };
    return n % 10 === 9
      ? {
          ...common,
          type: 'WASTE',
          reason: n % 20 === 9 ? 'EXPIRED_UNUSED' : 'DRAW_UP_LOSS',
          providerId: n % 30 === 9 ? null : NURSE,
        }
      : {
          ...common,
          type: 'TREATMENT_USE',
          patientId: patient(n % 977),
          providerId: n % 3 ? INJECTOR : NURSE,
          revenue: new Decimal(n % 900),
        };
  });
  const started = Date.now();

  await inClinic(async (tx) => {
    await importVendors(tx, CLINIC, [
      { id: row('vendor', 1), name: 'Vendor 01', categories: ['NEUROTOXIN'], preferred: true, at: at('2024-07-01') },
    ]);
    await importProducts(
      tx,
      CLINIC,
      products.map((product, n) => ({
        id: product,
        sku: `SKU-${String(n)}`,
        name: `Product ${String(n)}`,
        category: 'NEUROTOXIN' as const,
        unitCost: new Decimal('6.333333'),
        unitType: 'unit',
        unitsPerPackage: new Decimal(100),
        reorderPoint: new Decimal(100),
        preferredVendorId: row('vendor', 1),
        barcodes: n === 0 ? [{ gtin: '00301781123453', unitsPerPack: new Decimal(100) }] : [],
        at: at('2024-07-01'),
      })),
    );
    await importLots(tx, CLINIC, lots);
    await importMovements(tx, CLINIC, movements);
  });
  if (process.env['IMPORT_ROWS']) process.stdout.write(`${String(COUNT)} rows in ${String(Date.now() - started)} ms\n`);

  const found = await inClinic((tx) => spaInventory.verifiers[0]!(tx, CLINIC));
  expect(found.flatMap((each) => each.differences)).toEqual([]);
  expect(Object.fromEntries(found.map((each) => [each.what, each.compared > 0]))).toEqual({
    'balances of lots at places': true,
    'chain of movements': true,
    'lots under recall': true,
    'receipts of lots': true,
    'uses and their movements': true,
    'spa slices': true,
    'presence of patients': true,
  });
  const read = await graph.get(manager(), `query ($id: ID!) { vendor(id: $id) { name categories products { sku } } }`, {
    id: id(row('vendor', 1)),
  });
  expect(read.vendor.products).toHaveLength(20);
});

test('a use of more than the lot holds is refused as a whole', async () => {
  const count = () => graph.sql('SELECT count(*) FROM lot_usage');
  const before = await count();

  await expect(
    inClinic((tx) =>
      importMovements(tx, CLINIC, [
        {
          type: 'TREATMENT_USE',
          id: row('movement', 1_000_000),
          productId: row('product', 0),
          lotId: row('lot', 0),
          locationId: SOUTH,
          patientId: patient(1),
          providerId: NURSE,
          quantity: new Decimal(1),
          at: at('2026-06-01'),
          day: '2026-06-01',
        },
        {
          type: 'TREATMENT_USE',
          id: row('movement', 1_000_001),
          productId: row('product', 0),
          lotId: row('lot', 0),
          locationId: SOUTH,
          patientId: patient(1),
          providerId: NURSE,
          quantity: new Decimal(1_000_000),
          at: at('2026-06-01'),
          day: '2026-06-01',
        },
      ]),
    ),
  ).rejects.toThrow('INSUFFICIENT_STOCK');

  expect(await count()).toEqual(before);
});
