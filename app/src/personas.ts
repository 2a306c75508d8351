/** Who may do what in the demo: one table for tokens, tests and docs/personas.md (decision E-04). */

/** Clinics of the demo data: the group with the books in question, its hospital, and somebody else's group. */
export type DemoClinic = 'group' | 'hospital' | 'foreign';

export interface Persona {
  readonly name: string;
  readonly title: string;
  readonly role: string;
  readonly clinics: readonly DemoClinic[];
  readonly scopes: readonly string[];
  /** Codes of the demo data (locations, providers) or of the contract (points) to which answers are narrowed. */
  readonly restrictions?: Readonly<Partial<Record<'locations' | 'providers' | 'points', readonly string[]>>>;
  /** True for callers who may see sums only. */
  readonly aggregateOnly?: boolean;
}

const READ_REPORTS = ['finance:view_revenue', 'finance:view_reports', 'appliance:read', 'inventory:read'];
const FINANCE = [
  'finance:view_revenue',
  'finance:view_reports',
  'finance:export',
  'finance:record_revenue',
  'finance:manage_adjustments',
  'finance:manage_expenses',
  'finance:manage_policy',
  'finance:close_periods',
];
const STOCK = [
  'inventory:read',
  'inventory:use',
  'inventory:write',
  'inventory:adjust',
  'inventory:order',
  'inventory:recall',
];

/** Everything inside a clinic; creating clinics belongs to the operator of the platform. */
const EVERYTHING = [
  ...FINANCE,
  'finance:approve_adjustments',
  'appliance:read',
  'appliance:update',
  ...STOCK,
  'inventory:approve',
  'directory:write',
  'patient:read',
  'audit:read',
  'records:backdate',
  'graph:introspect',
];

export const PERSONAS: readonly Persona[] = [
  {
    name: 'owner',
    title: 'Owner of the practice group',
    role: 'ADMIN',
    clinics: ['group', 'hospital'],
    scopes: EVERYTHING,
  },
  {
    name: 'accountant',
    title: 'Accountant: all books, no patients',
    role: 'ACCOUNTANT',
    clinics: ['group', 'hospital'],
    scopes: [...FINANCE, 'appliance:read', 'inventory:read', 'records:backdate'],
  },
  {
    name: 'supervisor',
    title: 'Supervisor: approves what others record',
    role: 'SUPERVISOR',
    clinics: ['group', 'hospital'],
    scopes: [
      ...READ_REPORTS,
      'finance:manage_adjustments',
      'finance:approve_adjustments',
      'inventory:approve',
      'patient:read',
    ],
  },
  {
    name: 'department-head',
    title: 'Head of the operating theatre: its revenue only',
    role: 'DEPARTMENT_HEAD',
    clinics: ['hospital'],
    scopes: ['finance:view_revenue', 'finance:view_reports'],
    restrictions: { points: ['THEATRE'] },
  },
  {
    name: 'doctor',
    title: 'Doctor: own work only',
    role: 'DOCTOR',
    clinics: ['group'],
    scopes: ['finance:view_revenue', 'appliance:read', 'appliance:update', 'inventory:read', 'patient:read'],
    restrictions: { providers: ['DR-01'] },
  },
  {
    name: 'inventory-manager',
    title: 'Inventory manager: both inventories',
    role: 'INVENTORY_MANAGER',
    clinics: ['group'],
    scopes: [...STOCK, 'appliance:read', 'appliance:update', 'patient:read'],
  },
  {
    name: 'injector',
    title: 'Injector: opens vials and treats',
    role: 'INJECTOR',
    clinics: ['group'],
    scopes: ['inventory:read', 'inventory:use', 'patient:read'],
    restrictions: { providers: ['IN-01'] },
  },
  {
    name: 'analyst',
    title: 'Analyst: sums only, never rows of patients',
    role: 'ANALYST',
    clinics: ['group', 'hospital'],
    scopes: [...READ_REPORTS, 'graph:introspect'],
    aggregateOnly: true,
  },
  {
    name: 'partner',
    title: 'Partner program: records production, reads stock',
    role: 'PARTNER',
    clinics: ['group'],
    scopes: ['finance:view_revenue', 'finance:record_revenue', 'appliance:read', 'inventory:read'],
  },
  { name: 'outsider', title: 'Owner of another clinic group', role: 'ADMIN', clinics: ['foreign'], scopes: EVERYTHING },
  {
    name: 'operator',
    title: 'Operator of the platform: creates clinics',
    role: 'OPERATOR',
    clinics: [],
    scopes: ['platform:admin', 'graph:introspect'],
  },
];

export const personaNamed = (name: string): Persona | undefined => PERSONAS.find((persona) => persona.name === name);
