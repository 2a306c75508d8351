import { registerEnumType } from 'type-graphql';

export const PatientType = {
  OUTPATIENT: 'OUTPATIENT',
  INPATIENT: 'INPATIENT',
  INSURED: 'INSURED',
  NHIA: 'NHIA',
  CORPORATE: 'CORPORATE',
  STAFF: 'STAFF',
  SELF_PAY: 'SELF_PAY',
} as const;
export type PatientType = keyof typeof PatientType;
registerEnumType(PatientType, {
  name: 'PatientType',
  description: 'How a patient is billed.',
  valuesConfig: {
    OUTPATIENT: { description: 'Pays per visit, not admitted.' },
    INPATIENT: { description: 'Admitted to a ward.' },
    INSURED: { description: 'Covered by a private insurer.' },
    NHIA: { description: 'Covered by the national health scheme.' },
    CORPORATE: { description: "Covered by an employer's contract." },
    STAFF: { description: 'Member of staff or their family.' },
    SELF_PAY: { description: 'Pays everything alone.' },
  },
});
