/** The demonstration as rows, from a size and an anchor day alone: no clock, no database, no chance. */
import { generateCampaigns, generateReviews } from './campaigns';
import { generateChairs } from './chairs';
import { Cases } from './cases';
import { generateGoals } from './goals';
import { generateConsultations } from './hospital';
import { Ledger } from './ledger';
import {
  clinicId,
  DEMO_SEED,
  locationId,
  organisationsOf,
  providerId,
  providersOf,
  roleOf,
  vendorId,
  type DemoSize,
  type Organisation,
} from './organisation';
import { generateFees } from './payers';
import { Payments } from './payments';
import { Random } from './random';
import { generateEfforts, generateRequests } from './requests';
import type { ClinicRows, VendorRow } from './rows.types';
import { scaleOf } from './scale';
import { Spa } from './spa';
import { Supplies } from './supplies';
import { WriteOffs } from './write-offs';

export interface DemoOptions {
  readonly size: DemoSize;
  /** Day before which everything happened, YYYY-MM-DD. */
  readonly anchor: string;
}

const VENDORS = 6;

function vendors(of: Organisation): VendorRow[] {
  return Array.from({ length: VENDORS }, (_, at) => ({
    clinicId: clinicId(of.key),
    id: vendorId(of.key, at + 1),
    name: `Vendor V-${String(at + 1).padStart(2, '0')}`,
    paymentTerms: at % 2 === 0 ? 'NET30' : 'NET15',
    preferred: at === 0,
  }));
}

function clinicRows(of: Organisation, { size, anchor }: DemoOptions): ClinicRows {
  const id = clinicId(of.key);
  const random = new Random(`${DEMO_SEED}/${size}/${of.key}`);
  const ledger = new Ledger(of, id, scaleOf(size, of.key, anchor), random);
  const cases = new Cases(ledger);
  cases.generate();
  generateConsultations(ledger);
  const spa = new Spa(ledger).generate();
  const entries = ledger.sorted();
  const campaigns = generateCampaigns(ledger);
  const fees = generateFees(ledger);
  const adjustments = new WriteOffs(ledger, campaigns, fees).generate(entries);
  const goals = generateGoals(ledger, entries);
  const chairs = generateChairs(ledger);
  const requests = generateRequests(ledger, entries);
  const { kind, name, currency, timeZone } = of;
  return {
    clinic: { id, name, kind, currency, timeZone },
    locations: of.places.map((place) => ({
      clinicId: id,
      id: locationId(of.key, place.key),
      ...{ name: place.name, kind: place.kind, timeZone: place.timeZone, chairCount: place.chairs },
    })),
    providers: providersOf(of).map((code) => ({
      clinicId: id,
      id: providerId(of.key, code),
      ...{ name: code, role: roleOf(code) },
    })),
    patients: ledger.patients,
    plans: ledger.plans,
    entries,
    payments: new Payments(ledger).generate(entries, adjustments, requests),
    goals,
    chairs,
    campaigns,
    adjustments,
    requests,
    fees,
    efforts: generateEfforts(ledger, adjustments),
    reviews: generateReviews(ledger),
    vendors: vendors(of),
    supplies: new Supplies(ledger, cases.recalled).generate(entries),
    spa,
  };
}

/**
 * All rows of all clinics. The same size and anchor give the same rows, byte for byte, on every machine; the seed
 * names the version of the generator. Throws when the anchor is not a day.
 */
export const generateDemo = (options: DemoOptions): readonly ClinicRows[] =>
  organisationsOf(options.size).map((of) => clinicRows(of, options));
