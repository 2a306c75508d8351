import { buildFederatedSchema, loadById, reachableClinic, type FederatedSchema } from '@practice-graph/kit';
import { AuditEventConnectionResolver, auditEventsResolver } from '@practice-graph/practice';
import { ClinicResolver } from './clinics/clinic.resolver';
import { chairHoursLoader } from './chair-time/chair-time.loader';
import { ChairHoursConnectionResolver, ChairHoursResolver } from './chair-time/chair-hours.resolver';
import { clinicLoader, locationLoader, providerLoader } from './clinics/directory.loader';
import { LocationResolver } from './clinics/location.resolver';
import { ProviderResolver } from './clinics/provider.resolver';
import { ViewerResolver } from './clinics/viewer.resolver';
import { daySheetLoader } from './day-sheets/day-sheet.loader';
import { DaySheetConnectionResolver, DaySheetResolver, EntryDaySheetResolver } from './day-sheets/day-sheet.resolver';
import { GoalOfProviderResolver, ProviderGoalResolver, ProviderGoalYearResolver } from './goals/provider-goal.resolver';
import { providerGoalLoader } from './goals/provider-goal.loader';
import { GoalOfBreakdownRowResolver, GoalOfReportResolver } from './goals/report-goal.resolver';
import { patientLoader } from './patients/patient.loader';
import { PatientConnectionResolver, PatientResolver } from './patients/patient.resolver';
import { paymentLoader } from './payments/payment.loader';
import { PaymentResolver } from './payments/payment.resolver';
import { FinancialPeriodResolver, periodOfReference } from './periods/financial-period.resolver';
import { PerformanceResolver } from './performance/performance.resolver';
import { rowOfKey } from './performance/performance.service';
import { ProductionEntryStepsResolver } from './production/production-entry-steps.resolver';
import { productionEntryLoader } from './production/production-entry.loader';
import { ProductionEntryConnectionResolver, ProductionEntryResolver } from './production/production-entry.resolver';
import { ProductionReportResolver } from './reports/production-report.resolver';
import {
  CaseRecognitionResolver,
  RecognitionPartResolver,
  RecognitionPolicyResolver,
} from './recognition/recognition.resolver';
import { TreatmentPlanStepsResolver } from './treatment-plans/treatment-plan-steps.resolver';
import { treatmentPlanLoader } from './treatment-plans/treatment-plan.loader';
import { TreatmentPlanConnectionResolver, TreatmentPlanResolver } from './treatment-plans/treatment-plan.resolver';

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** A row with what other domains already said of it; null for a clinic outside the viewer's reach. */
const rowOf = (reference: Record<string, unknown>) =>
  Object.assign(
    rowOfKey({
      clinicId: text(reference['clinicId']),
      locationId: (reference['locationId'] ?? null) as string | null,
      providerId: (reference['providerId'] ?? null) as string | null,
      from: text(reference['from']),
      to: text(reference['to']),
    }),
    { supplies: reference['supplies'] ?? null, spa: reference['spa'] ?? null },
  );

const RevenueAuditResolver = auditEventsResolver('revenueAuditEvents', 'revenue domain', async (context, clinicId) => {
  const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
  return clinic && { clinicId, timeZone: clinic.timeZone, fiscalYearStartMonth: clinic.fiscalYearStartMonth };
});

export const schema = (): Promise<FederatedSchema> =>
  buildFederatedSchema({
    resolvers: [
      ClinicResolver,
      LocationResolver,
      ProviderResolver,
      ViewerResolver,
      PatientResolver,
      PatientConnectionResolver,
      TreatmentPlanResolver,
      TreatmentPlanConnectionResolver,
      ProductionEntryResolver,
      ProductionEntryConnectionResolver,
      ProductionEntryStepsResolver,
      ProductionReportResolver,
      PaymentResolver,
      TreatmentPlanStepsResolver,
      RecognitionPolicyResolver,
      CaseRecognitionResolver,
      RecognitionPartResolver,
      DaySheetResolver,
      DaySheetConnectionResolver,
      EntryDaySheetResolver,
      ChairHoursResolver,
      ChairHoursConnectionResolver,
      ProviderGoalResolver,
      ProviderGoalYearResolver,
      GoalOfProviderResolver,
      GoalOfReportResolver,
      GoalOfBreakdownRowResolver,
      PerformanceResolver,
      FinancialPeriodResolver,
      RevenueAuditResolver,
      AuditEventConnectionResolver,
    ],
    references: {
      Clinic: (reference, context) => {
        const clinicId = reachableClinic(context.viewer, text(reference['id']));
        return clinicId === undefined ? null : context.of(clinicLoader).load({ clinicId, id: clinicId });
      },
      Location: (reference, context) => loadById(context, locationLoader, text(reference['id'])),
      Provider: (reference, context) => loadById(context, providerLoader, text(reference['id'])),
      Patient: (reference, context) => loadById(context, patientLoader, text(reference['id'])),
      TreatmentPlan: (reference, context) => loadById(context, treatmentPlanLoader, text(reference['id'])),
      ProductionEntry: (reference, context) => loadById(context, productionEntryLoader, text(reference['id'])),
      DaySheet: (reference, context) => loadById(context, daySheetLoader, text(reference['id'])),
      Payment: (reference, context) => loadById(context, paymentLoader, text(reference['id'])),
      FinancialPeriod: periodOfReference,
      ChairHours: (reference, context) => loadById(context, chairHoursLoader, text(reference['id'])),
      ProviderGoal: (reference, context) => loadById(context, providerGoalLoader, text(reference['id'])),
      PerformanceRow: (reference, context) =>
        reachableClinic(context.viewer, text(reference['clinicId'])) === undefined ? null : rowOf(reference),
    },
  });
