import { Decimal, eventOf, type GraphEvent } from '@practice-graph/kit';
import { CAPABILITIES, eventData, factOf, WEEKDAYS, type AdjustmentPosted } from '@practice-graph/practice';
import {
  importAdjustments,
  importChairHours,
  importDirectory,
  importGoals,
  importPayments,
  importProduction,
  type DirectoryImport,
} from '@practice-graph/revenue';
import { cents, inBatches, RECORDED_BY, write, type Target } from './loading';
import type { ClinicRows } from './rows.types';

const WORKDAYS = WEEKDAYS.slice(0, 5);

/** The directory as the rows tell it; everything is switched on everywhere. */
function directoryOf(rows: ClinicRows): DirectoryImport {
  return {
    clinic: {
      ...{ id: rows.clinic.id, externalId: null, name: rows.clinic.name, kind: rows.clinic.kind },
      ...{ currency: rows.clinic.currency, timeZone: rows.clinic.timeZone, fiscalYearStartMonth: 1 },
      capabilities: [...CAPABILITIES],
    },
    locations: rows.locations.map(({ id, name, kind, timeZone, chairCount }) => ({
      ...{ id, externalId: null, name, kind, timeZone, chairCount },
      ...{ workingWeekdays: [...WORKDAYS], closedDates: [], active: true },
    })),
    providers: rows.providers.map(({ id, name, role }) => ({
      ...{ id, externalId: name, name, role },
      ...{ active: true, isStub: false },
    })),
    patients: rows.patients.map(({ id, reference, patientType }) => ({ id, reference, patientType })),
    treatmentPlans: rows.plans.map(({ clinicId: _, contractFeeCents, ...plan }) => ({
      ...{ ...plan, externalId: null },
      contractFee: cents(contractFeeCents),
    })),
  };
}

/** Directory, patients, cases and production of a clinic; answers the events by which the others hear of the directory. */
export async function loadDirectory(target: Target): Promise<GraphEvent[]> {
  const directory = directoryOf(target.rows);
  await write(target, (tx) => importDirectory(tx, directory));
  target.progress.add(directory.patients.length + directory.treatmentPlans.length, 'patients and cases');
  const clinicId = directory.clinic.id;
  const { name, kind, currency, timeZone, fiscalYearStartMonth, capabilities } = directory.clinic;
  const version = 1;
  return [
    factOf('clinic.saved', clinicId, { name, kind, currency, timeZone, fiscalYearStartMonth, capabilities, version }),
    ...directory.locations.map(({ externalId: _, ...location }) =>
      factOf('location.saved', location.id, { ...location, version }),
    ),
    ...directory.providers.map(({ externalId: _, ...provider }) =>
      factOf('provider.saved', provider.id, { ...provider, version }),
    ),
  ].map((fact) => eventOf(clinicId, fact, target.database.clock.now()));
}

/** Production entries of a clinic; answers the events by which adjustments hear of them. */
export async function loadProduction(target: Target): Promise<GraphEvent[]> {
  const { clinic, entries } = target.rows;
  const events = await inBatches(target, 'production', entries, (tx, batch) =>
    importProduction(
      tx,
      clinic.id,
      batch.map((entry) => ({
        ...{ id: entry.id, locationId: entry.locationId, providerId: entry.providerId, patientId: entry.patientId },
        ...{ treatmentPlanId: entry.planId, appointmentId: null, procedureId: null, reversesId: null },
        ...{ productionDate: entry.date, occurredAt: new Date(entry.occurredAt), procedureCode: entry.procedureCode },
        ...{ category: entry.category, description: entry.description },
        gross: cents(entry.grossCents),
        insurancePortion: cents(entry.insuranceCents),
      })),
    ),
  );
  return events.flat();
}

/** Payments of one transaction: those of an entry mostly lie within few months, so that it is changed once. */
const PAYMENTS = 10_000;

/** Money received, once net production is known; answers the events by which adjustments hear of it. */
export async function loadPayments(target: Target): Promise<GraphEvent[]> {
  const { clinic, payments } = target.rows;
  const events = await inBatches(
    target,
    'payments',
    payments,
    (tx, batch) =>
      importPayments(
        tx,
        clinic.id,
        batch.map(({ clinicId: _, date, paidAt, parts, ...payment }) => ({
          ...{ ...payment, businessDate: date, paidAt: new Date(paidAt), settlementId: null },
          amount: cents(parts.reduce((sum, part) => sum + part.cents, 0)),
          parts: parts.map((part) => ({ entryId: part.entryId, amount: cents(part.cents) })),
        })),
      ),
    PAYMENTS,
  );
  return events.flat();
}

/** Goals of the providers of a clinic. */
export async function loadGoals(target: Target): Promise<void> {
  const { clinic, goals } = target.rows;
  await inBatches(target, 'goals', goals, (tx, batch) =>
    importGoals(
      tx,
      clinic.id,
      batch.map(({ id, providerId, month, values }) => ({
        ...{ id, providerId, month, metric: 'NET' },
        values: values.map(({ targetCents, setAt }) => ({
          ...{ target: cents(targetCents), setBy: RECORDED_BY, setAt: new Date(setAt) },
        })),
      })),
    ),
  );
}

/** Time of the chairs of a clinic. */
export async function loadChairs(target: Target): Promise<void> {
  const { clinic, chairs } = target.rows;
  await inBatches(target, 'chair time', chairs, (tx, batch) =>
    importChairHours(
      tx,
      clinic.id,
      batch.map(({ clinicId: _, date, ...day }) => ({ ...day, businessDate: date })),
    ),
  );
}

/** What revenue hears of the adjustments, by the same use case that applies their events. */
export async function loadNetProduction(target: Target, events: readonly GraphEvent[]): Promise<void> {
  const payloads = events.map((event): AdjustmentPosted =>
    event.type === 'adjustment.reversed'
      ? eventData('adjustment.reversed', event)
      : eventData('adjustment.posted', event),
  );
  await inBatches(target, 'net production', payloads, (tx, batch) =>
    importAdjustments(
      tx,
      target.rows.clinic.id,
      batch.map((each) => ({ ...each, amount: new Decimal(each.amount) })),
    ),
  );
}
