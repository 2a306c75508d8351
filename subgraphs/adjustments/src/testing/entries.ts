import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  CASE,
  DR_LEE,
  DR_RAY,
  ENTRY,
  idOf,
  key,
  NORTH,
  OTHER_CLINIC,
  patient,
  REVERSE,
  SOUTH,
  take,
} from '.';

export const INVOICE = '00000000-0000-7000-8000-0000000000aa';
export const row = (n: number): string => `00000000-0000-7000-8000-0000000100${String(n).padStart(2, '0')}`;

/** Six adjustments of two months, two places, two providers and three patients, the last one reversed today; one elsewhere. */
export async function takeSomeEntries(graph: TestSubgraph): Promise<void> {
  const day = (n: number) => `2026-06-${String(n).padStart(2, '0')}`;
  await take(graph, [
    anImport({
      id: row(1),
      category: 'COURTESY_DISCOUNT',
      amount: '10',
      adjustmentDate: day(1),
      locationId: NORTH,
      providerId: DR_LEE,
      patientId: patient(1),
      productionEntryId: ENTRY,
      treatmentPlanId: CASE,
    }),
    anImport({
      id: row(2),
      category: 'INSURANCE_WRITEOFF',
      amount: '800',
      adjustmentDate: day(2),
      locationId: NORTH,
      providerId: DR_RAY,
      patientId: patient(1),
      productionEntryId: ENTRY,
      payer: 'Delta',
      procedureDate: '2026-05-30',
    }),
    anImport({
      id: row(3),
      category: 'ERROR_CORRECTION',
      amount: '-30',
      adjustmentDate: day(3),
      locationId: SOUTH,
      providerId: DR_LEE,
      patientId: patient(2),
      treatmentPlanId: CASE,
    }),
    anImport({
      id: row(4),
      category: 'PROMOTIONAL',
      amount: '40',
      adjustmentDate: day(3),
      locationId: SOUTH,
      patientId: patient(2),
      invoiceId: INVOICE,
    }),
    anImport({
      id: row(5),
      category: 'BAD_DEBT',
      amount: '50',
      adjustmentDate: day(4),
      patientId: patient(3),
      providerId: DR_RAY,
    }),
    anImport({
      id: row(6),
      category: 'COURTESY_DISCOUNT',
      amount: '60',
      adjustmentDate: '2026-05-31',
      locationId: NORTH,
      patientId: patient(3),
    }),
  ]);
  await take(graph, [anImport({ clinicId: OTHER_CLINIC, id: row(7), category: 'OTHER', amount: '70' })]);
  await graph.get(accountant, REVERSE, { id: idOf(row(6)), input: { idempotencyKey: key() } });
}
