import { CATEGORIES, type AdjustmentCategory } from '../entries/adjustment-category.rules';

/** A reason of a clinic, saved or standard. */
export interface Reason {
  readonly code: string;
  readonly label: string;
  readonly category: AdjustmentCategory;
  readonly requiresDocumentation: boolean;
  readonly requiresApproval: boolean;
  readonly active: boolean;
  readonly version: number;
}

/** Form of a code: letters, digits, dot, dash and underscore, at most 40. */
export const isReasonCode = (code: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(code);

/**
 * Reasons of a clinic: those it saved, and the standard ones of which it saved no version of its own, which stand as
 * version 0. In the order of the categories, then by code.
 */
export function reasonsOfClinic<R extends Reason>(saved: readonly R[], standard: readonly R[]): R[] {
  const codes = new Set(saved.map((reason) => reason.code));
  const rank = (reason: Reason) => CATEGORIES.indexOf(reason.category);
  return [...saved, ...standard.filter((reason) => !codes.has(reason.code))].sort(
    (a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1),
  );
}
