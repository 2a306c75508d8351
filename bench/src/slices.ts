import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAdjustments, type AdjustmentResults } from './adjustment-slices';
import { asOwner, headersFor, openGround, post, type Ground } from './ground';
import { importEntries, openClinic, type LedgerClinic } from './ledger';
import type { LoadAnswer } from './load-program';
import { percentile, sortedNumbers } from './numbers';
import { readReport, type Report, type ReportMeasured } from './report-reading';
import { sliceReport } from './slice-report';

export interface SliceOptions {
  /** Entries of the large clinic at which the reports are measured, rising. */
  readonly entries: readonly number[];
  readonly output: string | undefined;
  readonly command: string;
}

export interface SliceResults {
  readonly reports: readonly ReportMeasured[];
  /** Entries per second of the bulk use case while the large clinic grew, by the size reached. */
  readonly bulk: readonly { readonly entries: number; readonly perSecond: number }[];
  /** Entries per second, recorded one by one through the graph. */
  readonly single: readonly { readonly what: string; readonly perSecond: number; readonly p50: number }[];
  readonly adjustments: AdjustmentResults;
}

const SMALL_CLINICS = 9;
const SMALL_ENTRIES = 10_000;
const WRITERS = 8;
const WRITE_SECONDS = 5;
const WRITES_MAX = 40_000;

/** From the third to the last day but one: whole months are read by month, the rest by day. */
const YEAR = '{ range: { from: "2025-07-03", to: "2026-06-28" } }';
const MEASURES = 'production { gross net entryCount }';
const ROWS = (data: Readonly<Record<string, unknown>>): readonly string[] =>
  (data['performanceReport'] as { rows: readonly { production: { gross: string } }[] }).rows.map(
    ({ production }) => production.gross,
  );
const reportOf = (args: string, member: string, groupBy: string): Report => ({
  query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR}, ${args}) { rows { ${member} ${MEASURES} } } }`,
  sums: `SELECT sum(gross)::text AS amount, count(*)::int AS entries FROM production_entry
    WHERE clinic_id = $1 AND production_date BETWEEN '2025-07-03' AND '2026-06-28' GROUP BY ${groupBy}`,
  amounts: ROWS,
});
const REPORTS: Readonly<Record<string, Report>> = {
  'the clinic': reportOf('groupBy: []', '', '()'),
  'by location and month': reportOf(
    'groupBy: [LOCATION], granularity: MONTH',
    'location { name }',
    "(location_id, date_trunc('month', production_date))",
  ),
  'by provider': reportOf('groupBy: [PROVIDER]', 'provider { name }', '(provider_id)'),
};
const RECORD =
  'mutation ($input: ProductionEntryRecordInput!) { productionEntryRecord(input: $input) { productionEntry { id } userErrors { code message } } }';

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Grows a clinic's ledger and measures what its reports cost, then how fast entries are written. */
export async function benchSlices(options: SliceOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-graph-slices-'));
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const results = await measure(options, await openGround('revenue', folder, stops));
    const adjustments = await measureAdjustments(options.entries, await openGround('adjustments', folder, stops));
    const text = sliceReport({ ...results, adjustments }, options);
    process.stdout.write(text);
    if (options.output !== undefined) writeFileSync(options.output, text);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function measure(options: SliceOptions, ground: Ground): Promise<Omit<SliceResults, 'adjustments'>> {
  const large = await openClinic(ground.database, 'Large');
  const small: LedgerClinic[] = [];
  tell(`${String(SMALL_CLINICS)} clinics of ${String(SMALL_ENTRIES)} entries`);
  for (let n = 0; n < SMALL_CLINICS; n += 1) {
    const clinic = await openClinic(ground.database, `Small ${String(n + 1)}`);
    await importEntries(ground.database, clinic, 0, SMALL_ENTRIES);
    small.push(clinic);
  }
  const reports: ReportMeasured[] = [];
  const bulk: { entries: number; perSecond: number }[] = [];
  let imported = 0;
  for (const entries of options.entries) {
    tell(`importing up to ${String(entries)} entries`);
    const seconds = await importEntries(ground.database, large, imported, entries);
    bulk.push({ entries, perSecond: (entries - imported) / seconds });
    imported = entries;
    await asOwner(ground, (owner) => owner.query('VACUUM (ANALYZE)'));
    for (const [name, report] of Object.entries(REPORTS))
      reports.push(await readReport(ground, large.id, entries, name, report));
  }
  tell('recording single entries');
  return { reports, bulk, single: await writes(ground, large, small) };
}

async function writes(
  ground: Ground,
  large: LedgerClinic,
  small: readonly LedgerClinic[],
): Promise<SliceResults['single']> {
  const single: { what: string; perSecond: number; p50: number }[] = [];
  for (const [what, clinics] of [
    ['into one clinic', [large]],
    [`into ${String(small.length + 1)} clinics`, [large, ...small]],
  ] as const) {
    const bodies = Array.from({ length: WRITES_MAX }, (_, n) =>
      recordBody(clinics[n % clinics.length] as LedgerClinic, n),
    );
    const before = await entriesOf(ground, clinics);
    const { seconds, failures, latencies } = await ground.load.ask<LoadAnswer>('run', {
      ...{
        url: ground.url,
        connections: WRITERS,
        seconds: WRITE_SECONDS,
        requestsMax: WRITES_MAX,
        first: 0,
        isEven: false,
      },
      ...{ bodies, headers: [headersFor(ground, idsOf(clinics))] },
    });
    // A refusal is a good answer over HTTP; only rows count.
    const written = (await entriesOf(ground, clinics)) - before;
    if (failures > 0 || written !== latencies.length)
      throw new Error(
        `${what}: ${String(latencies.length)} requests wrote ${String(written)} entries: ${await post(ground.url, bodies.at(-1) ?? '', headersFor(ground, idsOf(clinics)))}`,
      );
    const p50 = percentile(sortedNumbers(latencies), 0.5) / 1_000;
    single.push({ what, perSecond: latencies.length / seconds, p50 });
  }
  return single;
}

const idsOf = (clinics: readonly LedgerClinic[]): string[] => clinics.map(({ id }) => id);

const entriesOf = (ground: Ground, clinics: readonly LedgerClinic[]): Promise<number> =>
  asOwner(ground, async (owner) => {
    const text = 'SELECT count(*)::int AS n FROM production_entry WHERE clinic_id = ANY ($1::uuid[])';
    return (await owner.query<{ n: number }>(text, [idsOf(clinics)])).rows[0]?.n ?? 0;
  });

function recordBody(clinic: LedgerClinic, n: number): string {
  const key = (list: readonly string[]): string => recordIdText(clinic.id, list[n % list.length] as string);
  const input = {
    ...{ idempotencyKey: randomUUID(), clinicId: clinicIdText(clinic.id), locationId: key(clinic.locations) },
    ...{ providerId: key(clinic.providers), patientId: key(clinic.patients), occurredAt: '2026-06-30T14:00:00Z' },
    ...{ procedureCode: 'D8670', category: 'ADJUSTMENT', description: 'Visit', gross: '125.50' },
  };
  return JSON.stringify({ query: RECORD, variables: { input } });
}
