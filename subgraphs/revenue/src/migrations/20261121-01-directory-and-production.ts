import { clinicList, kitTables, rolesOf, tenantTable } from '@practice-graph/kit';
import { sliceTable } from '@practice-graph/practice';

const roles = rolesOf('revenue');

/** The directory, the ledger of production with its slices, and the projection of the ledger of adjustments. */
export class DirectoryAndProduction1763683200000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`${kitTables(roles)}

-- "A clinic by its id", "the clinics within reach".
CREATE TABLE clinic (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('ORTHODONTIC', 'HOSPITAL', 'MEDICAL_SPA')),
  currency text NOT NULL,
  time_zone text NOT NULL,
  fiscal_year_start_month integer NOT NULL CHECK (fiscal_year_start_month BETWEEN 1 AND 12),
  capabilities text[] NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT clinic_clinic_id_check CHECK (clinic_id = id)
);
${tenantTable(roles, 'clinic', 'SELECT, INSERT, UPDATE (external_id, name, kind, currency, time_zone, fiscal_year_start_month, capabilities, version)')}

-- "A location by its id", "the locations of a clinic", "the one that another system calls so".
CREATE TABLE location (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('ORTHODONTIC', 'HOSPITAL', 'MEDICAL_SPA')),
  time_zone text NOT NULL,
  chair_count integer NOT NULL CHECK (chair_count >= 0),
  working_weekdays text[] NOT NULL,
  closed_dates date[] NOT NULL,
  active boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, external_id)
);
CREATE INDEX ON location (id);
${tenantTable(roles, 'location', 'SELECT, INSERT, UPDATE (external_id, name, kind, time_zone, chair_count, working_weekdays, closed_dates, active, version)')}

-- "A provider by its id", "the providers of a clinic", "the one that another system calls so".
CREATE TABLE provider (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text,
  name text NOT NULL,
  role text NOT NULL,
  active boolean NOT NULL,
  is_stub boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, external_id)
);
CREATE INDEX ON provider (id);
${tenantTable(roles, 'provider', 'SELECT, INSERT, UPDATE (external_id, name, role, active, is_stub, version)')}

-- "A patient by its id", "patients of a clinic by reference".
CREATE TABLE patient (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  reference text NOT NULL,
  patient_type text NOT NULL CHECK (patient_type IN ('OUTPATIENT', 'INPATIENT', 'INSURED', 'NHIA', 'CORPORATE', 'STAFF', 'SELF_PAY')),
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, reference)
);
CREATE INDEX ON patient (id);
${tenantTable(roles, 'patient', 'SELECT, INSERT, UPDATE (reference, patient_type, version)')}

-- Human numbers, such as those of patient references: the last one given out per kind.
CREATE TABLE counter (
  clinic_id uuid NOT NULL,
  kind text NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (clinic_id, kind)
);
${tenantTable(roles, 'counter', 'SELECT, INSERT, UPDATE (last)')}

-- "A case by its id", "the cases of a patient", "the cases of a clinic, newest start first", by state.
CREATE TABLE treatment_plan (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text,
  patient_id uuid NOT NULL,
  provider_id uuid,
  location_id uuid,
  appliance_system text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('PHASE_1', 'PHASE_2', 'COMPREHENSIVE', 'LIMITED', 'RETENTION')),
  status text NOT NULL CHECK (status IN ('PROPOSED', 'ACTIVE', 'COMPLETED', 'DISCONTINUED', 'TRANSFERRED_OUT')),
  started_on date,
  ended_on date,
  is_restart boolean NOT NULL,
  is_transfer_in boolean NOT NULL,
  contract_fee numeric(14,2) NOT NULL CHECK (contract_fee >= 0),
  planned_months integer,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, external_id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
  FOREIGN KEY (clinic_id, provider_id) REFERENCES provider (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES location (clinic_id, id)
);
CREATE INDEX ON treatment_plan (id);
CREATE INDEX ON treatment_plan (clinic_id, patient_id);
CREATE INDEX treatment_plan_by_start ON treatment_plan (clinic_id, (coalesce(started_on, '1900-01-01'::date)), id);
${tenantTable(roles, 'treatment_plan', 'SELECT, INSERT, UPDATE (external_id, patient_id, provider_id, location_id, appliance_system, phase, status, started_on, ended_on, is_restart, is_transfer_in, contract_fee, planned_months, version)')}

-- The ledger of production. "Entries of a clinic by day", "of a provider", "of a category", "of a patient", "of a case",
-- "the entry of a procedure", "the reversal of an entry". Location, provider, patient and case stand without foreign
-- keys: they are never deleted, the service looks them up, and a provider or case may become known later.
CREATE TABLE production_entry (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  treatment_plan_id uuid,
  appointment_id text,
  procedure_id text,
  production_date date NOT NULL,
  occurred_at timestamptz NOT NULL,
  original_production_date date,
  procedure_code text NOT NULL,
  category text NOT NULL CHECK (category IN ('CONSULTATION', 'RECORDS', 'TREATMENT_START', 'ADJUSTMENT', 'DEBOND', 'RETENTION', 'EMERGENCY', 'OTHER')),
  phase text CHECK (phase IN ('PHASE_1', 'PHASE_2', 'COMPREHENSIVE', 'LIMITED', 'RETENTION')),
  appliance_system text,
  description text NOT NULL,
  gross numeric(14,2) NOT NULL,
  insurance_expected numeric(14,2) NOT NULL,
  sign smallint NOT NULL,
  start_count smallint NOT NULL,
  debond_count smallint NOT NULL,
  reverses_id uuid,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'POSTED', 'PARTIALLY_COLLECTED', 'COLLECTED', 'VOIDED', 'REVERSED')),
  adjustments numeric(14,2) NOT NULL,
  insurance_written_off numeric(14,2) NOT NULL,
  insurance_portion numeric(14,2) NOT NULL,
  collected numeric(14,2) NOT NULL,
  reversed_by_id uuid,
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, id)
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.01);
CREATE UNIQUE INDEX ON production_entry (clinic_id, procedure_id) WHERE procedure_id IS NOT NULL;
CREATE UNIQUE INDEX ON production_entry (clinic_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX ON production_entry (id);
CREATE INDEX ON production_entry (clinic_id, production_date, id);
CREATE INDEX ON production_entry (clinic_id, provider_id, production_date);
CREATE INDEX ON production_entry (clinic_id, category, production_date);
CREATE INDEX ON production_entry (clinic_id, patient_id);
CREATE INDEX ON production_entry (clinic_id, treatment_plan_id);
${tenantTable(roles, 'production_entry', 'SELECT, INSERT, UPDATE (status, adjustments, insurance_written_off, insurance_portion, collected, reversed_by_id, version, updated_at)')}

-- Adjustments that count, as the other ledger tells of them (E-08). "Was this one applied?", "of an entry", "of a
-- patient", "of a case".
CREATE TABLE production_adjustment (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  entry_id uuid,
  entry_category text NOT NULL,
  patient_id uuid,
  treatment_plan_id uuid,
  location_id uuid,
  provider_id uuid,
  adjustment_date date NOT NULL,
  category text NOT NULL,
  amount numeric(14,2) NOT NULL,
  is_affecting boolean NOT NULL,
  insurance_change numeric(14,2) NOT NULL,
  reverses_id uuid,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.01);
CREATE INDEX ON production_adjustment (clinic_id, entry_id);
CREATE INDEX ON production_adjustment (clinic_id, patient_id);
CREATE INDEX ON production_adjustment (clinic_id, treatment_plan_id);
CREATE INDEX ON production_adjustment (clinic_id, adjustment_date);
${tenantTable(roles, 'production_adjustment', 'SELECT, INSERT')}

-- Which entry makes a case started or debonded now; null after its reversal, so that a later one can. A start without a
-- case stands under an id made of patient and day.
CREATE TABLE case_milestone (
  clinic_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('START', 'DEBOND')),
  case_id uuid NOT NULL,
  entry_id uuid,
  PRIMARY KEY (clinic_id, kind, case_id)
);
CREATE INDEX ON case_milestone (clinic_id, entry_id);
${tenantTable(roles, 'case_milestone', 'SELECT, INSERT, UPDATE (entry_id)')}

-- Who was where on which day, by signed count of entries: visits, and the number of patients behind a figure.
CREATE TABLE visit (
  clinic_id uuid NOT NULL,
  day date NOT NULL,
  location_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (clinic_id, day, location_id, patient_id)
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.01);
${tenantTable(roles, 'visit', 'SELECT, INSERT, UPDATE (entries)')}

CREATE TABLE provider_visit (
  clinic_id uuid NOT NULL,
  day date NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (clinic_id, day, location_id, provider_id, patient_id)
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.01);
${tenantTable(roles, 'provider_visit', 'SELECT, INSERT, UPDATE (entries)')}

-- Production by day and month: all together, by location, by provider, by both, by category.
${sliceTable(roles, {
  table: 'production_slice',
  dims: ['T', 'L', 'P', 'LP', 'C'],
  splits: ['category'],
  measures: {
    gross: 'numeric(16,2)',
    adjustments: 'numeric(16,2)',
    collected: 'numeric(16,2)',
    insurance: 'numeric(16,2)',
    entry_count: 'integer',
    start_count: 'integer',
    start_net: 'numeric(16,2)',
    debond_count: 'integer',
    debond_net: 'numeric(16,2)',
    visit_count: 'integer',
  },
})}
${clinicList(roles, 'clinic')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
