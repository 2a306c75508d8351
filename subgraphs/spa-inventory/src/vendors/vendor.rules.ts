/** A tax number with all but its last four characters masked; short ones are masked whole. */
export const maskedTaxId = (taxId: string): string =>
  taxId.length <= 4 ? '*'.repeat(taxId.length) : `${'*'.repeat(taxId.length - 4)}${taxId.slice(-4)}`;

/** True for text of the form of an e-mail address; whether it exists is not known. */
export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && text.length <= 254;

const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  US: /^\d{5}(-\d{4})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
  DE: /^\d{5}$/,
  FR: /^\d{5}$/,
  ES: /^\d{5}$/,
  IT: /^\d{5}$/,
  AU: /^\d{4}$/,
  NG: /^\d{6}$/,
};

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && COUNTRIES.of(code) !== undefined;

export interface AddressText {
  readonly street: string;
  readonly city: string;
  readonly zipCode?: string | null | undefined;
  readonly country: string;
}

/**
 * What is wrong with a postal address: the member and a sentence, or null. The postal code is checked where the form of
 * the country is known; elsewhere any short text goes (SPA-95).
 */
export function addressProblem(address: AddressText): { member: string; message: string } | null {
  if (address.street.trim() === '') return { member: 'street', message: 'The street is missing.' };
  if (address.city.trim() === '') return { member: 'city', message: 'The city is missing.' };
  if (!isCountry(address.country))
    return { member: 'country', message: `"${address.country}" is not a country code of two letters, for example US.` };
  const { zipCode } = address;
  const form = POSTAL_CODES[address.country];
  if (zipCode !== null && zipCode !== undefined && (form ? !form.test(zipCode) : zipCode.length > 12))
    return { member: 'zipCode', message: `"${zipCode}" is not a postal code of ${address.country}.` };
  return null;
}
