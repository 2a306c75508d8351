import {
  clinicIdText,
  newId,
  recordIdText,
  systemViewer,
  transactFor,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, aLocation, aProvider, tellDirectory } from '@practice-graph/practice/testing';
import { applianceSupply } from '../src';

export const SCOPES = [
  'inventory:read',
  'inventory:write',
  'inventory:adjust',
  'inventory:order',
  'inventory:recall',
  'appliance:read',
  'appliance:update',
  'patient:read',
  'finance:view_revenue',
];

export const TODAY = '2026-06-30';

const ERRORS = 'userErrors { code message path }';

const SAVE_ITEM = `mutation ($input: SupplyItemInput!) { supplyItemSave(input: $input) { supplyItem { id sku name category bucket currency currentUnitCost active version } ${ERRORS} } }`;
const RECEIVE = `mutation ($input: SupplyLotReceiveInput!) { supplyLotReceive(input: $input) {
  supplyLot { id lotNumber unitCost status disposition version } transactions { id type quantity quantityBefore quantityAfter unitCost totalCost } warnings ${ERRORS} } }`;
const RECORD = `mutation ($input: ApplianceRecordInput!) { applianceRecordSave(input: $input) { appliance { id status version applianceType externalId } ${ERRORS} } }`;
const DEDUCTED = `{ appliances { id status placedOn } usages { id quantity unitCost totalCost isRework fefoOverrideReason lot { lotNumber } item { name } }
  lines { index available usages { id } skippedLots { lotNumber reason quantity } error { code } } totalCost currency lowStock { item { name } onHand available severity } alerts { type severity status } ${ERRORS} }`;
const PLACE = `mutation ($id: ID!, $input: AppliancePlaceInput!) { applianceRecordPlace(id: $id, input: $input) ${DEDUCTED} }`;
const DEDUCT = `mutation ($id: ID!, $input: ApplianceDeductInput!) { applianceInventoryDeduct(applianceId: $id, input: $input) ${DEDUCTED} }`;

const STOCK_CHANGED = `{ supplyLot { lotNumber } transactions { type quantity quantityBefore quantityAfter unitCost totalCost reason businessDate location { id } counterpart { id type } } warnings ${ERRORS} }`;
const ADJUST = `mutation ($input: SupplyStockAdjustInput!) { supplyStockAdjust(input: $input) ${STOCK_CHANGED} }`;
const TRANSFER = `mutation ($input: SupplyTransferInput!) { supplyTransfer(input: $input) ${STOCK_CHANGED} }`;
const BULK = `mutation ($input: ApplianceBulkDeductInput!) { applianceInventoryBulkDeduct(input: $input) ${DEDUCTED} }`;
const REVERSE = `mutation ($id: ID!, $input: ApplianceUsageReverseInput!) { applianceUsageReverse(id: $id, input: $input) ${DEDUCTED} }`;
const UNPLACE = `mutation ($id: ID!, $input: ApplianceUnplaceInput!) { applianceRecordUnplace(id: $id, input: $input) ${DEDUCTED} }`;
const END = `mutation ($id: ID!, $input: ApplianceEndInput!) { applianceRecordEnd(id: $id, input: $input) { appliance { status removedOn } ${ERRORS} } }`;

const SAVE_OFFER = `mutation ($input: SupplyOfferInput!) { supplyOfferSave(input: $input) { supplyOffer { id vendorSku packPrice packSize unitCost rank version } ${ERRORS} } }`;
const SAVE_KIT = `mutation ($input: KitTemplateInput!) { kitTemplateSave(input: $input) { kitTemplate { id version lines { quantity } } ${ERRORS} } }`;
const ORDER = `mutation ($input: SupplyOrderRecordInput!) { supplyOrderRecord(input: $input) { supplyOrder { id number ordered received pending status } ${ERRORS} } }`;
const CLOSE_SHORT = `mutation ($id: ID!, $input: WorkflowStepInput!) { supplyOrderCloseShort(id: $id, input: $input) { supplyOrder { status pending closeReason version } ${ERRORS} } }`;

type Input = Record<string, unknown>;

/** A clinic of its own with two locations and two providers, as the directory tells of it. */
export async function aPractice(graph: TestSubgraph, of: { capabilities?: never[]; clinicId?: string } = {}) {
  const clinicId = of.clinicId ?? newId();
  const [north, south] = [newId(), newId()];
  const [doctor, other] = [newId(), newId()];
  await tellDirectory(graph, clinicId, {
    clinic: aClinic(of.capabilities ? { capabilities: of.capabilities } : {}),
    locations: [aLocation({ id: north }), aLocation({ id: south, name: 'Harbour South', timeZone: 'America/Phoenix' })],
    providers: [aProvider({ id: doctor }), aProvider({ id: other, name: 'DR-08' })],
  });
  const me = viewer({ clinicIds: [clinicId], scopes: SCOPES });
  const id = (row: string) => recordIdText(clinicId, row);
  const [clinic, northId, southId, doctorId, otherId] = [
    clinicIdText(clinicId),
    id(north),
    id(south),
    id(doctor),
    id(other),
  ];
  let skus = 0;

  const saveItem = async (input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, SAVE_ITEM, {
        input: {
          idempotencyKey: newId(),
          clinicId: clinic,
          sku: `SKU-${String(++skus)}`,
          name: `Item ${String(skus)}`,
          category: 'BRACKET',
          unit: 'piece',
          reorderPoint: '0',
          maxLevel: '100',
          ...input,
        },
      })
    ).supplyItemSave;
  const perishable = new Set<string>();
  const anItem = async (input: Input = {}): Promise<string> => {
    const { supplyItem } = await saveItem(input);
    if (supplyItem.bucket === 'BONDING') perishable.add(supplyItem.id);
    return supplyItem.id;
  };
  const receive = async (itemId: string, input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, RECEIVE, {
        input: {
          idempotencyKey: newId(),
          itemId,
          locationId: northId,
          reason: 'opening stock',
          lotNumber: `LOT-${String(++skus)}`,
          packs: '10',
          packPrice: '2.50',
          receivedOn: '2026-06-01',
          // Bonding materials do not come in without their last day of use.
          ...(perishable.has(itemId) ? { expirationDate: '2027-12-31' } : {}),
          ...input,
        },
      })
    ).supplyLotReceive;
  const record = async (input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, RECORD, {
        input: {
          idempotencyKey: newId(),
          clinicId: clinic,
          locationId: northId,
          patientId: id(newId()),
          treatmentPlanId: id(newId()),
          applianceType: 'BRACKETS',
          applianceSystem: 'METAL_BRACKETS',
          ...input,
        },
      })
    ).applianceRecordSave;
  const place = async (applianceId: string, input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, PLACE, {
        id: applianceId,
        input: {
          idempotencyKey: newId(),
          placedOn: TODAY,
          providerId: doctorId,
          ...(input['lines'] || input['kitTemplateId'] ? {} : { withoutInventory: true }),
          ...input,
        },
      })
    ).applianceRecordPlace;
  /** An appliance that is placed, nothing deducted yet. */
  const aPlaced = async (input: Input = {}): Promise<string> => {
    const { appliance } = await record(input);
    await place(appliance.id);
    return appliance.id as string;
  };
  const deduct = async (applianceId: string, lines: Input[], input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, DEDUCT, {
        id: applianceId,
        input: { idempotencyKey: newId(), usedOn: TODAY, providerId: doctorId, lines, ...input },
      })
    ).applianceInventoryDeduct;

  const key = () => ({ idempotencyKey: newId() });
  const adjust = async (input: Input, as: Viewer = me) =>
    (await graph.get(as, ADJUST, { input: { ...key(), locationId: northId, ...input } })).supplyStockAdjust;
  const transfer = async (input: Input, as: Viewer = me) => {
    const route = { fromLocationId: northId, toLocationId: southId, transferredOn: TODAY };
    return (await graph.get(as, TRANSFER, { input: { ...key(), ...route, ...input } })).supplyTransfer;
  };
  const deductBulk = async (entries: Input[], input: Input = {}, as: Viewer = me) =>
    (await graph.get(as, BULK, { input: { ...key(), usedOn: TODAY, providerId: doctorId, entries, ...input } }))
      .applianceInventoryBulkDeduct;
  const reverse = async (usageId: string, input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, REVERSE, {
        id: usageId,
        input: { ...key(), condition: 'UNUSED', reason: 'not used', ...input },
      })
    ).applianceUsageReverse;
  const unplace = async (applianceId: string, input: Input = {}, as: Viewer = me) =>
    (
      await graph.get(as, UNPLACE, {
        id: applianceId,
        input: { ...key(), on: TODAY, returns: [], reason: 'debonded', ...input },
      })
    ).applianceRecordUnplace;
  const end = async (applianceId: string, input: Input, as: Viewer = me) =>
    (await graph.get(as, END, { id: applianceId, input: { ...key(), on: TODAY, ...input } })).applianceRecordEnd;

  const saveOffer = async (input: Input, as: Viewer = me) =>
    (await graph.get(as, SAVE_OFFER, { input: { ...key(), ...input } })).supplyOfferSave;
  const saveKit = async (input: Input, as: Viewer = me) =>
    (await graph.get(as, SAVE_KIT, { input: { ...key(), clinicId: clinic, ...input } })).kitTemplateSave;
  const order = async (input: Input, as: Viewer = me) => {
    const common = { vendorId: id(newId()), locationId: northId, orderedOn: '2026-06-01' };
    return (await graph.get(as, ORDER, { input: { ...key(), ...common, ...input } })).supplyOrderRecord;
  };
  const closeShort = async (orderId: string, input: Input, as: Viewer = me) =>
    (await graph.get(as, CLOSE_SHORT, { id: orderId, input: { ...key(), ...input } })).supplyOrderCloseShort;

  /** Everything of the clinic that a change may write, counted; a refusal must leave it as it was. */
  const written = async () =>
    (
      await graph.sql<{ line: string }>(
        [
          'supply_item',
          'supply_lot',
          'supply_stock',
          'supply_transaction',
          'appliance_record',
          'appliance_usage',
          'supply_offer',
          'kit_template',
          'kit_line',
          'supply_order',
          'supply_order_count',
          'supply_alert',
        ]
          .map(
            (t) =>
              `SELECT '${t}' || count(*) || coalesce(md5(string_agg(x::text, ',' ORDER BY x::text)), '') AS line FROM ${t} x WHERE clinic_id = $1`,
          )
          .concat(
            ['supply_slice', 'supply_presence', 'idempotency', 'audit_event'].map(
              (t) => `SELECT '${t}' || count(*) AS line FROM ${t} WHERE clinic_id = $1`,
            ),
          )
          .join(' UNION ALL '),
        [clinicId],
      )
    ).map((row) => row.line);
  const onHand = async (itemId: string) =>
    (
      await graph.get(me, 'query ($id: ID!) { supplyItem(id: $id) { stock { onHand } } }', { id: itemId })
    ).supplyItem.stock.map((level: { onHand: string }) => level.onHand);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    transactFor(graph.running.database, systemViewer(clinicId), [clinicId], work);
  /** Differences between balances or slices and their ledgers; what was compared must not be nothing. */
  const verify = async () => {
    const all = await within(async (tx) =>
      (await Promise.all(applianceSupply.verifiers.map((v) => v(tx, clinicId)))).flat(),
    );
    return { differences: all.flatMap((c) => c.differences), compared: all.map((c) => c.compared) };
  };

  return {
    clinicId,
    clinic,
    me,
    id,
    north,
    south,
    doctor,
    northId,
    southId,
    doctorId,
    otherId,
    saveItem,
    anItem,
    receive,
    record,
    place,
    aPlaced,
    deduct,
    adjust,
    transfer,
    deductBulk,
    reverse,
    unplace,
    end,
    saveOffer,
    saveKit,
    order,
    closeShort,
    written,
    onHand,
    within,
    verify,
  };
}
export type Practice = Awaited<ReturnType<typeof aPractice>>;

/** Refusals of a payload as codes with their path. */
export const refused = (payload: { userErrors: { code: string; path: string[] | null }[] }): string[] =>
  payload.userErrors.map(({ code, path }) => `${code} ${(path ?? []).join('.')}`.trim());

type Answer = { userErrors: { code: string; path: string[] | null }[] };

/** Expects a refusal with these codes, and that nothing at all was written: no row, no key, no audit event. */
export async function expectRefused<A extends Answer>(
  p: Practice,
  work: () => Promise<A>,
  codes: string[],
): Promise<A> {
  const before = await p.written();
  const payload = await work();
  expect(refused(payload)).toEqual(codes);
  expect(await p.written()).toEqual(before);
  return payload;
}
