import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import { withoutPointsOfService } from '@practice-graph/practice';
import { ChairHours } from './chair-time/chair-hours.entity';
import { compareChairTime } from './chair-time/chair-time-verify.service';
import { Clinic } from './clinics/clinic.entity';
import { resyncDirectory } from './clinics/directory-resync.service';
import { Location } from './clinics/location.entity';
import { Provider } from './clinics/provider.entity';
import { DaySheet } from './day-sheets/day-sheet.entity';
import { DirectoryAndProduction1763683200000 } from './migrations/20261121-01-directory-and-production';
import { PendingAndSplits17636900000041 } from './migrations/20261121-04-pending-and-splits';
import { Payments17636900000042 } from './migrations/20261121-04-payments';
import { DaySheets17636900000043 } from './migrations/20261121-04-day-sheets';
import { Recognition17636900000044 } from './migrations/20261121-04-recognition';
import { ChairHours17636900000053 } from './migrations/20261121-05-chair-hours';
import { SlicesOfMembers17636900000051 } from './migrations/20261121-05-slices-of-members';
import { FinancialPeriods1763690000061 } from './migrations/20261121-06-financial-periods';
import { ClosedTotals17636900000062 } from './migrations/20261121-06-closed-totals';
import { ProviderGoals17636900000052 } from './migrations/20261121-05-provider-goals';
import { ProceduresDoneAgain17636900000161 } from './migrations/20261121-16-procedures-done-again';
import { ImportedEntries17636900000211 } from './migrations/20261121-21-imported-entries';
import { FewerIndexes17637800000021 } from './migrations/20261122-02-fewer-indexes';
import { ProviderGoal, ProviderGoalVersion } from './goals/provider-goal.entity';
import { Patient } from './patients/patient.entity';
import { Payment } from './payments/payment.entity';
import { applyPeriodConfirmed, resendPeriods } from './periods/financial-period.service';
import { compareClosedMonths } from './periods/period-verify.service';
import { applyAdjustmentEvent } from './production/production-adjustment.service';
import { resendBalances } from './production/production-balance.service';
import { ProductionEntry } from './production/production-entry.entity';
import { compareProduction } from './production/production-verify.service';
import { recognizeDue } from './recognition/recognition-due.service';
import { RecognitionPolicy } from './recognition/recognition-policy.entity';
import { compareRecognition } from './recognition/recognition-verify.service';
import { schema } from './schema';
import { TreatmentPlan } from './treatment-plans/treatment-plan.entity';

const HOUR_MS = 3_600_000;
const EVERYBODY_ELSE = ['adjustments', 'appliance-supply', 'spa-inventory'];

/** The subgraph of production: the directory, the ledger of production and the grid of the scorecard. */
export const revenue: SubgraphDefinition = {
  name: 'revenue',
  database: 'revenue',
  roles: rolesOf('revenue'),
  entities: [
    Clinic,
    Location,
    Provider,
    Patient,
    TreatmentPlan,
    ProductionEntry,
    Payment,
    DaySheet,
    RecognitionPolicy,
    ProviderGoal,
    ProviderGoalVersion,
    ChairHours,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [
    DirectoryAndProduction1763683200000,
    FinancialPeriods1763690000061,
    PendingAndSplits17636900000041,
    Payments17636900000042,
    DaySheets17636900000043,
    Recognition17636900000044,
    SlicesOfMembers17636900000051,
    ClosedTotals17636900000062,
    ProviderGoals17636900000052,
    ChairHours17636900000053,
    ImportedEntries17636900000211,
    ProceduresDoneAgain17636900000161,
    FewerIndexes17637800000021,
  ],
  schema,
  viewer: withoutPointsOfService,
  publishes: {
    'clinic.saved': EVERYBODY_ELSE,
    'location.saved': EVERYBODY_ELSE,
    'provider.saved': EVERYBODY_ELSE,
    'production_entry.changed': ['adjustments'],
    'period.closing': EVERYBODY_ELSE,
    'period.closed': EVERYBODY_ELSE,
    'period.reopened': EVERYBODY_ELSE,
  },
  handlers: {
    'adjustment.posted': applyAdjustmentEvent,
    'adjustment.reversed': applyAdjustmentEvent,
    'period.confirmed': applyPeriodConfirmed,
  },
  verifiers: [compareProduction, compareChairTime, compareRecognition, compareClosedMonths],
  // Monthly parts of fees become due with the day at each place, so all hours are looked at.
  chores: [{ name: 'recognition', everyMs: HOUR_MS, run: recognizeDue }],
  resync: async (tx, clinicId) => {
    await resyncDirectory(tx, clinicId);
    await resendPeriods(tx, clinicId);
    await resendBalances(tx, clinicId);
  },
};
