import { Patient } from './patient.entity';
import { linkedLoader, type LinkedRows } from './patient-rows.loader';

export const patientRows: LinkedRows<Patient> = {
  action: 'patient.read',
  entityType: 'Patient',
  patientOf: (patient) => patient.id,
};

export const patientLoader = linkedLoader(Patient, patientRows);
