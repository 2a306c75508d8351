/** Reports of clinics of different size in one database, read in turn, so that the machine is the same for all sizes. */
import type { Database } from '@practice-graph/kit';
import { copyClinic } from './copies';
import { asOwner, type Ground } from './ground';
import type { Peer } from './postgraphile';
import { readReports, type Report, type ReportMeasured } from './report-reading';
import { fillYear, type NumberedDay } from './year';

const SMALL_CLINICS = 9;
const SMALL_ENTRIES = 10_000;
/** Larger clinics are copies of the largest one that was filled. */
const FILLED_MAX = 1_000_000;

/** A ledger that can be filled, and the reports over it. */
export interface Ledger<C extends { readonly id: string }> {
  /** Subgraph that keeps it. */
  readonly subgraph: string;
  readonly title: string;
  readonly about: string;
  readonly open: (database: Database, name: string) => Promise<C>;
  /** Writes the entries of these numbers and days by the bulk use case, in one transaction. */
  readonly fill: (database: Database, clinic: C, entries: readonly NumberedDay[]) => Promise<void>;
  /** Table of its entries. */
  readonly entries: string;
  readonly reports: Readonly<Record<string, Report>>;
  /** Starts what answers some of them from the same tables. */
  readonly peer?: (ground: Ground, stops: (() => unknown)[]) => Promise<Peer>;
}

export interface Growth {
  readonly title: string;
  readonly about: string;
  readonly reports: readonly ReportMeasured[];
  /** Entries per second of the bulk use case, by the size of the clinic. */
  readonly bulk: readonly { readonly entries: number; readonly perSecond: number }[];
  /** Version of the peer, or why there is none; null where none is meant to be. */
  readonly peer: string | null;
}

/** Clinics of each size beside small ones, and what their reports cost. */
export async function measureGrowth<C extends { readonly id: string }>(
  ground: Ground,
  ledger: Ledger<C>,
  sizes: readonly number[],
  peer: Peer | string | null,
): Promise<Growth> {
  const { database } = ground;
  const other = typeof peer === 'string' ? null : peer;
  const fill = (clinic: C, entries: number) => fillYear(0, entries, (batch) => ledger.fill(database, clinic, batch));
  for (let n = 1; n <= SMALL_CLINICS; n += 1)
    await fill(await ledger.open(database, `Small ${String(n)}`), SMALL_ENTRIES);
  const clinics: { clinicId: string; entries: number }[] = [];
  const bulk: { entries: number; perSecond: number }[] = [];
  for (const entries of sizes) {
    process.stderr.write(`${ledger.title}: a clinic of ${entries.toLocaleString('en-US')} entries\n`);
    const original = clinics.findLast((clinic) => clinic.entries <= FILLED_MAX && entries % clinic.entries === 0);
    if (entries > FILLED_MAX && original) {
      const clinicId = await copyClinic(ground, original.clinicId, entries / original.entries, ledger.entries);
      clinics.push({ clinicId, entries });
      continue;
    }
    const clinic = await ledger.open(database, `Clinic of ${String(entries)}`);
    bulk.push({ entries, perSecond: entries / (await fill(clinic, entries)) });
    clinics.push({ clinicId: clinic.id, entries });
  }
  await asOwner(ground, (owner) => owner.query('VACUUM (ANALYZE)'));
  const reports: ReportMeasured[] = [];
  for (const [name, report] of Object.entries(ledger.reports)) {
    process.stderr.write(`${ledger.title}: ${name}\n`);
    reports.push(...(await readReports(ground, clinics, name, report, other ?? undefined)));
  }
  return {
    ...{ title: ledger.title, about: ledger.about, reports, bulk },
    peer: typeof peer === 'string' ? peer : (peer?.version ?? null),
  };
}
