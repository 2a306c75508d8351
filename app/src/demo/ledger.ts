/** What the parts of the generator share about one clinic: its identifiers, its patients, its books so far. */
import { DAY_MS, dateOf, instantMs } from './days';
import { locationId, patientId, providerId, type Organisation, type Place } from './organisation';
import type { Random } from './random';
import type { Scale } from './scale';
import type { EntryCategory, EntryRow, PatientRow, PlanRow } from './rows.types';

/** What was done to a patient, before it has an identifier. */
export interface Procedure {
  readonly place: Place;
  readonly provider: string;
  readonly patientId: string;
  readonly plan: PlanRow | null;
  readonly day: number;
  /** Minute of the day by the clocks of the place. */
  readonly minute: number;
  readonly code: string;
  readonly category: EntryCategory;
  readonly description: string;
  readonly grossCents: number;
  readonly insuranceCents: number;
}

export class Ledger {
  readonly patients: PatientRow[] = [];
  readonly plans: PlanRow[] = [];
  readonly entries: EntryRow[] = [];
  private patientsSoFar: number;
  private readonly ids: Random;

  constructor(
    readonly of: Organisation,
    readonly clinicId: string,
    readonly scale: Scale,
    readonly random: Random,
  ) {
    // The first numbers belong to patients who are treated from both inventories.
    this.patientsSoFar = scale.recalled.both;
    this.ids = random.fork('ids');
  }

  /** An identifier for something that happened at this instant. */
  idAt(milliseconds: number): string {
    return this.ids.id(milliseconds);
  }

  /** An identifier for something that counts on a day. */
  idOn(day: number): string {
    return this.ids.id(day * DAY_MS);
  }

  location(place: Place): string {
    return locationId(this.of.key, place.key);
  }

  provider(code: string): string {
    return providerId(this.of.key, code);
  }

  isOpen(day: number): boolean {
    return day >= this.scale.firstDay && day <= this.scale.lastDay;
  }

  /** A patient by number, or the next new one. */
  patient(patientType: PatientRow['patientType'], number = ++this.patientsSoFar): string {
    const id = patientId(this.of.key, number);
    this.patients.push({
      clinicId: this.clinicId,
      id,
      reference: `PT-${String(number).padStart(6, '0')}`,
      patientType,
    });
    return id;
  }

  /** Books a procedure, if its day is within the demonstration. */
  book(done: Procedure): EntryRow | undefined {
    if (!this.isOpen(done.day)) return undefined;
    const ms = instantMs(done.place.timeZone, done.day, done.minute);
    const entry: EntryRow = {
      clinicId: this.clinicId,
      id: this.idAt(ms),
      locationId: this.location(done.place),
      providerId: this.provider(done.provider),
      patientId: done.patientId,
      planId: done.plan?.id ?? null,
      occurredAt: new Date(ms).toISOString(),
      date: dateOf(done.day),
      procedureCode: done.code,
      category: done.category,
      description: done.description,
      grossCents: done.grossCents,
      insuranceCents: done.insuranceCents,
    };
    this.entries.push(entry);
    return entry;
  }

  /** The books by time, which is the order in which stock is used. */
  sorted(): EntryRow[] {
    return this.entries.sort((a, b) =>
      a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.id < b.id ? -1 : 1,
    );
  }
}
