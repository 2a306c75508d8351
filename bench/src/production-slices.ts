/** The reports of production over a growing ledger. */
import type { Ledger } from './growth';
import { importBatch, openClinic, type LedgerClinic } from './ledger';
import type { Report } from './report-reading';
import { YEAR_BETWEEN, YEAR_RANGE } from './year';

const MEASURES = 'production { gross net entryCount }';
const amounts = (data: Readonly<Record<string, unknown>>): readonly string[] =>
  (data['performanceReport'] as { rows: readonly { production: { gross: string } }[] }).rows.map(
    ({ production }) => production.gross,
  );
const reportOf = (args: string, member: string, groupBy: string): Report => ({
  query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR_RANGE}, ${args}) { rows { ${member} ${MEASURES} } } }`,
  sums: `SELECT sum(gross)::text AS amount, count(*)::int AS entries FROM production_entry
    WHERE clinic_id = $1 AND production_date ${YEAR_BETWEEN} GROUP BY ${groupBy}`,
  amounts,
});

export const productionLedger: Ledger<LedgerClinic> = {
  subgraph: 'revenue',
  title: 'Production',
  about: 'Five locations, twenty providers, 20,000 patients.',
  open: openClinic,
  fill: importBatch,
  reports: {
    'the clinic': reportOf('groupBy: []', '', '()'),
    'by location and month': reportOf(
      'groupBy: [LOCATION], granularity: MONTH',
      'location { name }',
      "(location_id, date_trunc('month', production_date))",
    ),
    'by provider': reportOf('groupBy: [PROVIDER]', 'provider { name }', '(provider_id)'),
  },
};
