import fc from 'fast-check';
import { parseBarcode } from 'gs1-barcode-parser-mod';
import { gtin14, scanBarcode } from './barcode.rules';
import { addDays } from './calendar.rules';
import { gs1CheckDigit } from './gs1.rules';
import { hibcCheck } from './hibc.rules';
import { fullYear, GROUP_SEPARATOR as GS } from './scanned-code.rules';

const TODAY = '2026-06-30';
const scan = (text: string) => {
  const { packQuantity, ...code } = scanBarcode(text, TODAY);
  const said = Object.entries({ ...code, packQuantity: packQuantity?.toFixed() ?? null });
  return Object.fromEntries(
    said.filter(([name, value]) => value !== null && (name !== 'problems' || code.problems.length > 0)),
  );
};
const VIAL = {
  standard: 'GS1',
  gtin: '00301781123453',
  expirationDate: '2027-04-30',
  lotNumber: 'AB-12',
  serialNumber: 'S9',
};

test.each([
  ['0030178112345', '3'],
  ['1030178112345', '0'],
  ['0060882100044', '7'],
])('the check digit of %s is %s', (digits, check) => {
  expect(gs1CheckDigit(digits)).toBe(check);
});

test.each([
  ['element string', `01003017811234531727043010AB-12${GS}21S9`],
  ['separator as a keyboard scanner writes it', '01003017811234531727043010AB-12<GS>21S9'],
  ['leading separator', `${GS}01003017811234531727043010AB-12${GS}21S9`],
  ['DataMatrix', `]d201003017811234531727043010AB-12${GS}21S9`],
  ['GS1-128', `]C101003017811234531727043010AB-12${GS}21S9`],
  ['other order', `10AB-12${GS}21S9${GS}17270430${GS}0100301781123453`],
  ['brackets', '(01)00301781123453(17)270430(10)AB-12(21)S9'],
  ['Digital Link', 'https://id.gs1.org/01/00301781123453/10/AB-12/21/S9?17=270430'],
  ['Digital Link of another host', 'https://maker.example/p/01/301781123453/10/AB%2D12/21/S9?17=270430&x=1'],
])('a GS1 code as %s says gtin, expiry, lot and serial', (_, text) => {
  expect(scan(text)).toEqual(VIAL);
});

test.each([
  ['17270200', { expirationDate: '2027-02-28' }],
  ['17280200', { expirationDate: '2028-02-29' }],
  ['1126013117270131', { manufacturedOn: '2026-01-31', expirationDate: '2027-01-31' }],
  [']d202006088210004473012', { gtin: '00608821000447', packQuantity: '12' }],
  [`]d2310300123410A${GS}2401x`, { lotNumber: 'A' }],
])('%s is read', (text, said) => {
  expect(scan(text)).toEqual({ standard: 'GS1', ...said });
});

test.each([
  [
    'a wrong check digit',
    '010030178112345417270430',
    '(01) 00301781123454: the check digit at position 14 is 4 and should be 3',
  ],
  ['an unknown identifier', ']d2010030178112345304ABC', 'position 20: "04AB" begins no application identifier'],
  ['an unknown identifier in brackets', '(01)00301781123453(04)1', '(04) is no application identifier'],
  ['a code cut short', ']d2010030178', 'position 6: (01) needs 14 digits and has 7'],
  ['a month that does not exist', '17271301', '(17) 271301 is no date YYMMDD'],
  ['a day that does not exist', '17270230', '(17) 270230 is no date YYMMDD'],
  [
    'a missing separator',
    '0100301781123453' + '10ABCDEFGHIJ17270430' + '21S1234567',
    '(10) has 28 characters, at most 20 are allowed; a separator is missing after it',
  ],
  ['an empty lot', `]d210${GS}17270430`, '(10) is empty'],
  ['two lots', `]d210A${GS}10B`, '(10) is given twice with different data'],
  ['a count of letters', ']d2301X', '(30) needs 1 to 8 digits'],
  ['nothing at all', ']d2', 'the code is empty'],
  ['a badly encoded link', 'https://id.gs1.org/01/00301781123453/10/AB%2', '(10) in the link is wrongly encoded'],
])('%s is told precisely', (_, text, problem) => {
  expect(scanBarcode(text, TODAY).problems).toEqual([problem]);
});

test('a wrong check digit gives no GTIN to look up', () => {
  expect(scanBarcode('(01)00301781123454', TODAY).gtin).toBeNull();
});

test.each([
  ['3017811234531', { standard: 'RAW' }],
  ['301781123453', { standard: 'RAW', gtin: '00301781123453' }],
  ['00301781123453', { standard: 'RAW', gtin: '00301781123453' }],
  ['BRK-0042', { standard: 'RAW' }],
  ['https://maker.example/brackets', { standard: 'RAW' }],
])('plain %s is looked up as it stands', (text, said) => {
  expect(scan(text)).toEqual(said);
});

test('two digits mean a year from 49 back to 50 ahead', () => {
  expect([fullYear('76', TODAY), fullYear('77', TODAY), fullYear('00', TODAY), fullYear('26', '2080-01-01')]).toEqual([
    2076, 1977, 2000, 2126,
  ]);
});

const lotText = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh0123456789-./_!%&*+,:;=?"\'')),
  minLength: 1,
  maxLength: 20,
});
const digits = (n: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: n, maxLength: n });
const expiry = fc.integer({ min: 0, max: 9000 }).map((n) => addDays('2020-01-01', n));

test('what is written into a GS1 code is read from it, by another parser too (C-S14)', () => {
  fc.assert(
    fc.property(digits(13), expiry, lotText, lotText, fc.boolean(), (body, day, lot, serial, fixedFirst) => {
      const gtin = body + gs1CheckDigit(body);
      const fixed = `01${gtin}17${day.slice(2).replaceAll('-', '')}`;
      const text = fixedFirst ? `]d2${fixed}10${lot}${GS}21${serial}` : `]d210${lot}${GS}21${serial}${GS}${fixed}`;
      expect(scan(text)).toEqual({ standard: 'GS1', gtin, expirationDate: day, lotNumber: lot, serialNumber: serial });
      const other = Object.fromEntries(parseBarcode(text).parsedCodeItems.map((item) => [item.ai, item.raw]));
      expect([other['01'], other['10'], other['21']]).toEqual([gtin, lot, serial]);
      const link = `https://id.gs1.org/01/${gtin}/10/${encodeURIComponent(lot)}/21/${encodeURIComponent(serial)}?17=${day.slice(2).replaceAll('-', '')}`;
      expect(scan(link)).toEqual({ standard: 'GS1', gtin, expirationDate: day, lotNumber: lot, serialNumber: serial });
    }),
  );
});

test('any wrong digit of a GTIN is refused', () => {
  fc.assert(
    fc.property(digits(13), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
      const gtin = Array.from(body + gs1CheckDigit(body));
      gtin[at] = String((Number(gtin[at]) + by) % 10);
      const { gtin: found, problems } = scanBarcode(`(01)${gtin.join('')}`, TODAY);
      expect(found).toBeNull();
      expect(problems).toHaveLength(1);
    }),
  );
});

const closed = (body: string) => body + hibcCheck(body);

test.each([
  ['primary data', '+A123BJC5D6E71G', { hibcProduct: 'A123BJC5D6E7' }],
  ['primary data in Code 39', '*+A123BJC5D6E71G*', { hibcProduct: 'A123BJC5D6E7' }],
  [
    'both in one code, year month day',
    closed('+A123BJC5D6E71/$$3270430AB-12'),
    { hibcProduct: 'A123BJC5D6E7', expirationDate: '2027-04-30', lotNumber: 'AB-12' },
  ],
  ['secondary alone, month and year', closed('+$$0427AB12G'), { expirationDate: '2027-04-30', lotNumber: 'AB12' }],
  ['month day year', closed('+$$2043027AB12G'), { expirationDate: '2027-04-30', lotNumber: 'AB12' }],
  ['day of the year', closed('+$$527120AB12G'), { expirationDate: '2027-04-30', lotNumber: 'AB12' }],
  ['with an hour', closed('+$$427043023AB12G'), { expirationDate: '2027-04-30', lotNumber: 'AB12' }],
  ['no date', closed('+$$7AB12G'), { lotNumber: 'AB12' }],
  [
    'quantity, date and lot',
    closed('+$$8243270430AB12G'),
    { packQuantity: '24', expirationDate: '2027-04-30', lotNumber: 'AB12' },
  ],
  ['lot alone', closed('+$AB12G'), { lotNumber: 'AB12' }],
  ['serial', closed('+$$+3270430S9G'), { expirationDate: '2027-04-30', serialNumber: 'S9' }],
  ['the old form', closed('+27120AB12G'), { expirationDate: '2027-04-30', lotNumber: 'AB12' }],
  [
    'supplements',
    closed('+A123BJC5D6E71/$$7AB12/SX77/16D20260131'),
    { hibcProduct: 'A123BJC5D6E7', lotNumber: 'AB12', serialNumber: 'X77', manufacturedOn: '2026-01-31' },
  ],
])('HIBC is read: %s', (_, text, said) => {
  expect(scan(text)).toEqual({ standard: 'HIBC', ...said });
});

test.each([
  ['a wrong check character', '+A123BJC5D6E71H', 'the check character at position 15 is "H" and should be "G"'],
  ['a strange character', '+A123BJ#5D6E71G', 'position 8: "#" is not allowed in HIBC'],
  ['a day that does not exist', closed('+$$3270230AB12G'), '"3270230" in the secondary data is no expiry date'],
  ['a product code that is none', closed('+A12'), '"A12" is no labeler, product code and unit of measure'],
])('HIBC with %s is told precisely', (_, text, problem) => {
  expect(scanBarcode(text, TODAY).problems).toEqual([problem]);
});

test.each([
  ['00301781123453', '00301781123453'],
  ['10301781123450', '10301781123450'],
  ['0608821000447', '00608821000447'],
  ['96385074', '00000096385074'],
  ['00301781123454', null],
  ['123', null],
  ['0030178112345X', null],
])('GTIN %s is %s', (text, digits) => {
  expect(gtin14(text)).toBe(digits);
});
