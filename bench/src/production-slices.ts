/** The reports of production over a growing ledger, each with the same sums in SQL and as a peer is asked for them. */
import type { Ledger } from './growth';
import { importBatch, openClinic, type LedgerClinic } from './ledger';
import { questionsOf, startPostgraphile, type PeerGroups } from './postgraphile';
import type { Report } from './report-reading';
import { YEAR_BETWEEN, YEAR_RANGE } from './year';

const sumsBy = (groupBy: string) =>
  `SELECT sum(gross)::text AS amount FROM production_entry WHERE clinic_id = $1 AND production_date ${YEAR_BETWEEN} GROUP BY ${groupBy}`;
const MONTH = "date_trunc('month', production_date)";

interface Measured {
  readonly gross: string;
}

/** The grid of the graph, here with the measures of production alone. */
const scorecard = (args: string, member: string, groupBy: string, peer: PeerGroups | null): Report => ({
  query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR_RANGE}, ${args}) { rows { ${member} production { gross net entryCount } } } }`,
  sums: sumsBy(groupBy),
  amounts: (data) =>
    (data['performanceReport'] as { rows: readonly { production: Measured }[] }).rows.map(
      ({ production }) => production.gross,
    ),
  others: questionsOf(peer),
});

const breakdown = (args: string, groupBy: string, peer: PeerGroups | null): Report => ({
  query: `query ($id: ID!) { productionReport(clinicId: $id, period: ${YEAR_RANGE}) { breakdown(${args}) { label measures { gross net entryCount } } } }`,
  sums: sumsBy(groupBy),
  amounts: (data) =>
    (data['productionReport'] as { breakdown: readonly { measures: Measured }[] }).breakdown.map(
      ({ measures }) => measures.gross,
    ),
  others: questionsOf(peer),
});

/** Groups that slices keep. */
const kept = (dim: string, ledger: readonly string[], columns: readonly string[]): PeerGroups => ({
  ledger,
  slices: { dim, columns },
});
const member = (dim: string, column: string) => kept(dim, [column], ['MEMBER']);

const REPORTS: Readonly<Record<string, Report>> = {
  'summary of the clinic': {
    query: `query ($id: ID!) { productionReport(clinicId: $id, period: ${YEAR_RANGE}) { measures { gross adjustments net collected outstanding entryCount starts } } }`,
    sums: sumsBy('()'),
    amounts: (data) => [(data['productionReport'] as { measures: Measured }).measures.gross],
    others: questionsOf(kept('T', [], [])),
  },
  'by location': breakdown('by: [LOCATION]', 'location_id', kept('L', ['LOCATION_ID'], ['LOCATION_ID'])),
  'by provider': breakdown('by: [PROVIDER]', 'provider_id', kept('P', ['PROVIDER_ID'], ['PROVIDER_ID'])),
  'by category': breakdown('by: [CATEGORY]', 'category', member('C', 'CATEGORY')),
  'by procedure code': breakdown('by: [PROCEDURE_CODE]', 'procedure_code', member('K', 'PROCEDURE_CODE')),
  'by phase': breakdown('by: [PHASE]', 'phase', member('H', 'PHASE')),
  'by appliance system': breakdown('by: [APPLIANCE_SYSTEM]', 'appliance_system', member('S', 'APPLIANCE_SYSTEM')),
  'by month': breakdown('by: [], granularity: MONTH', MONTH, null),
  'by location and provider': breakdown(
    'by: [LOCATION, PROVIDER]',
    'location_id, provider_id',
    kept('LP', ['LOCATION_ID', 'PROVIDER_ID'], ['LOCATION_ID', 'PROVIDER_ID']),
  ),
  'by category and location': breakdown('by: [CATEGORY, LOCATION]', 'category, location_id', {
    ledger: ['CATEGORY', 'LOCATION_ID'],
    slices: null,
  }),
  'performanceReport of the clinic': scorecard('groupBy: []', '', '()', kept('T', [], [])),
  'performanceReport by location and month': scorecard(
    'groupBy: [LOCATION], granularity: MONTH',
    'location { name }',
    `location_id, ${MONTH}`,
    null,
  ),
  'performanceReport by provider': scorecard(
    'groupBy: [PROVIDER]',
    'provider { name }',
    'provider_id',
    kept('P', ['PROVIDER_ID'], ['PROVIDER_ID']),
  ),
};

export const productionLedger: Ledger<LedgerClinic> = {
  subgraph: 'revenue',
  entries: 'production_entry',
  title: 'Production',
  about:
    'Five locations, twenty providers, 20,000 patients of whom half have a case. Category and location together have no slices and are read from the ledger.',
  open: openClinic,
  fill: importBatch,
  reports: REPORTS,
  peer: startPostgraphile,
};
