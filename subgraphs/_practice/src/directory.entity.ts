import { ClinicKey, RowKey } from '@practice-graph/kit';
import { Column, Entity, Index } from 'typeorm';
import type { Day, WeekdayName } from './calendar.rules';
import type { CapabilityName, ClinicKindName } from './events';

// Copies of what the owner of the directory last told, by event. They are no part of any API, so all subgraphs share
// the classes; each has its own tables.

/** What a subgraph knows of a clinic that it does not own. */
@Entity('clinic_copy')
export class ClinicCopy {
  @ClinicKey()
  clinicId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  kind: ClinicKindName;

  @Column({ type: 'text' })
  currency: string;

  @Column({ type: 'text' })
  timeZone: string;

  @Column({ type: 'integer' })
  fiscalYearStartMonth: number;

  @Column({ type: 'text', array: true })
  capabilities: CapabilityName[];

  @Column({ type: 'integer' })
  version: number;
}

/** What a subgraph knows of a location. */
@Entity('location_copy')
@Index(['id'])
export class LocationCopy {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  kind: ClinicKindName;

  @Column({ type: 'text' })
  timeZone: string;

  @Column({ type: 'integer' })
  chairCount: number;

  @Column({ type: 'text', array: true })
  workingWeekdays: WeekdayName[];

  @Column({ type: 'date', array: true })
  closedDates: Day[];

  @Column({ type: 'boolean' })
  active: boolean;

  @Column({ type: 'integer' })
  version: number;
}

/** What a subgraph knows of a provider. */
@Entity('provider_copy')
@Index(['id'])
export class ProviderCopy {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  role: string;

  @Column({ type: 'boolean' })
  active: boolean;

  @Column({ type: 'boolean' })
  isStub: boolean;

  @Column({ type: 'integer' })
  version: number;
}

export const DIRECTORY_ENTITIES = [ClinicCopy, LocationCopy, ProviderCopy];
