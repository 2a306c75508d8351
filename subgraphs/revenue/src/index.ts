export { revenue } from './definition';
export { importDirectory, type DirectoryImport } from './clinics/directory-import.service';
export { importProduction, type ImportedEntry } from './production/production-import.service';
export { applyAdjustments as importAdjustments } from './production/production-adjustment.service';
export { importGoals, type ImportedGoal } from './goals/goal-import.service';
export { importPeriods, type ImportedPeriod } from './periods/period-import.service';
export { importChairHours, type ChairDay } from './chair-time/chair-hours.service';
export { recordProduction, recordProductions } from './production/production-recording.service';
export type { ProductionEntryLineInput } from './production/production-entry.inputs';
