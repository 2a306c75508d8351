import { clinicList, tenantTable, type Roles } from '@practice-graph/kit';

/**
 * Tables of the directory's copies, for a migration of a subgraph that does not own the directory. Questions: a clinic
 * by its id, a location or provider by its id, all of a clinic. There are no foreign keys between them: events come in
 * any order. `known_clinics`, which verification and resync ask, reads the clinics from here.
 */
export const directoryTables = (roles: Roles): string => `
CREATE TABLE clinic_copy (
  clinic_id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  time_zone text NOT NULL,
  fiscal_year_start_month integer NOT NULL,
  capabilities text[] NOT NULL,
  version integer NOT NULL
);
${tenantTable(roles, 'clinic_copy', 'SELECT, INSERT, UPDATE (name, kind, currency, time_zone, fiscal_year_start_month, capabilities, version)')}

CREATE TABLE location_copy (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  time_zone text NOT NULL,
  chair_count integer NOT NULL,
  working_weekdays text[] NOT NULL,
  closed_dates date[] NOT NULL,
  active boolean NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON location_copy (id);
${tenantTable(roles, 'location_copy', 'SELECT, INSERT, UPDATE (name, kind, time_zone, chair_count, working_weekdays, closed_dates, active, version)')}

CREATE TABLE provider_copy (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  active boolean NOT NULL,
  is_stub boolean NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON provider_copy (id);
${tenantTable(roles, 'provider_copy', 'SELECT, INSERT, UPDATE (name, role, active, is_stub, version)')}
${clinicList(roles, 'clinic_copy')}`;
