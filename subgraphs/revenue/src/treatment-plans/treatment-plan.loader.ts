import {
  batchLoader,
  hydrate,
  prepared,
  columnsOf,
  recordLoader,
  type RecordKey,
  type Viewer,
} from '@practice-graph/kit';
import { linkedLoader, recordRead, type LinkedRows } from '../patients/patient-rows.loader';
import { TreatmentPlan } from './treatment-plan.entity';

const within = (only: readonly string[] | undefined, id: string | null) =>
  only === undefined || (id !== null && only.includes(id));

const isVisible = (plan: TreatmentPlan, { restrictions }: Viewer) =>
  within(restrictions['locations'], plan.locationId) && within(restrictions['providers'], plan.providerId);

export const treatmentPlanRows: LinkedRows<TreatmentPlan> = {
  action: 'treatmentPlan.read',
  entityType: 'TreatmentPlan',
  patientOf: (plan) => plan.patientId,
  isVisible,
};

export const treatmentPlanLoader = linkedLoader(TreatmentPlan, treatmentPlanRows);

/** Whether a case is known here at all; shows nothing of it. */
export const knownPlanLoader = recordLoader(TreatmentPlan);

/** Cases of a patient that the viewer may see, newest first. */
export const plansOfPatient = batchLoader<RecordKey, TreatmentPlan[]>(
  async (tx, patients, context) => {
    const metadata = tx.dataSource.getMetadata(TreatmentPlan);
    const found = hydrate(
      tx,
      TreatmentPlan,
      await prepared(
        tx,
        `SELECT ${columnsOf(metadata, 't')} FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
         JOIN treatment_plan t ON t.clinic_id = k.clinic_id AND t.patient_id = k.id
         ORDER BY t.started_on DESC NULLS FIRST, t.id DESC`,
        [patients.map((p) => p.clinicId), patients.map((p) => p.id)],
      ),
    ).filter((plan) => isVisible(plan, context.viewer));
    recordRead(context, treatmentPlanRows, found);
    return patients.map((p) => found.filter((plan) => plan.clinicId === p.clinicId && plan.patientId === p.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);
