import type { WasteReason } from './waste-reason.types';

/** True for waste of goods that had expired or outlived their stability. */
export const countsAsExpired = (reason: WasteReason): boolean =>
  reason === 'EXPIRED_UNUSED' || reason === 'STABILITY_EXCEEDED';
