import type { Day } from './calendar.rules';
import { gs1DigitalLink, gs1Elements, hasRightCheckDigit, isGs1, readGs1 } from './gs1.rules';
import { isHibc, readHibc } from './hibc.rules';
import { GROUP_SEPARATOR, NOTHING_SCANNED, type ScannedCode } from './scanned-code.rules';

// Scanners that type like a keyboard write the separator in one of these ways.
const WRITTEN_SEPARATOR = /<GS>|\{GS\}|\[GS\]|\u241d|<FNC1>/gi;

/**
 * Reads a scanned code: GS1 element strings and Digital Links, HIBC, or anything else as it stands (SPA-90 to SPA-92).
 * `today` places two-digit years. A bare trade number of 8, 12, 13 or 14 digits with a right check digit gives a GTIN.
 */
export function scanBarcode(scanned: string, today: Day): ScannedCode {
  const text = scanned.trim().replace(WRITTEN_SEPARATOR, GROUP_SEPARATOR);
  if (isHibc(text)) return readHibc(text, today);
  if (/^https?:\/\//i.test(text)) {
    const link = gs1DigitalLink(text);
    if (link) return readGs1(link, today);
  } else if (isGs1(text)) return readGs1(gs1Elements(text), today);
  return { ...NOTHING_SCANNED, standard: 'RAW', gtin: gtin14(text) };
}

/** Codes by which goods are kept, as a scan names them: the labeler's product code, or the whole text of a plain code. */
export const scannedNumber = (scanned: string, code: ScannedCode): string | null =>
  code.standard === 'HIBC' ? code.hibcProduct : code.standard === 'RAW' ? scanned.trim() : null;

/** A trade number of 8, 12, 13 or 14 digits as a GTIN-14; null when its form or its check digit is wrong. */
export const gtin14 = (text: string): string | null =>
  /^(\d{8}|\d{12,14})$/.test(text) && hasRightCheckDigit(text) ? text.padStart(14, '0') : null;
