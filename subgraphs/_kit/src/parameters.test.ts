import fc from 'fast-check';
import { newId, recordIdOf, recordIdText } from './ids';
import { canonical } from './change';
import { Decimal } from './decimal';
import { arrayText } from './parameters';

// What the driver itself writes for a parameter.
const { prepareValue } = jest.requireActual<{ prepareValue: (value: unknown) => string }>('pg/lib/utils');

/** Members of the text of an array of one dimension, read by the rules of PostgreSQL. */
function membersOf(text: string): (string | null)[] {
  const members: (string | null)[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;
  for (const [, quoted, plain] of text.slice(1, -1).matchAll(pattern))
    members.push(quoted === undefined ? (plain === 'NULL' ? null : (plain ?? '')) : quoted.replace(/\\(.)/gs, '$1'));
  return members;
}

test('array parameters say what those of the driver say', () => {
  const member = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('"', '\\', '\\"', ',', '{}', 'NULL', ' ', ''),
  );
  fc.assert(
    fc.property(fc.array(fc.option(member)), (members) => {
      expect(membersOf(arrayText(members) ?? '')).toEqual(members);
      expect(membersOf(prepareValue(members))).toEqual(members);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.constant(null))), (members) => {
      expect(membersOf(arrayText(members) ?? '')).toEqual(members.map((one) => (one === null ? null : String(one))));
    }),
  );
  const amounts = ['0.10', '-12345678901234567890.25', '1e-7'].map((text) => new Decimal(text));
  expect(arrayText(amounts)).toBe('{0.1,-12345678901234567890.25,0.0000001}');
  expect(arrayText([Buffer.from([0, 255])])).toBe('{\\\\x00ff}');
  expect(arrayText([new Date('2026-06-30T14:00:00.125Z'), null])).toBe('{"2026-06-30T14:00:00.125Z",NULL}');
});

test('arrays that are not written here are left to the driver', () => {
  for (const member of [new Date('+012026-06-30T14:00:00Z'), new Date(Number.NaN), ['nested'], { a: 1 }, 10n])
    expect(arrayText([member])).toBeUndefined();
});

test('an opaque identifier has one spelling only', () => {
  const [clinicId, id] = [newId(), newId()];
  const opaque = recordIdText(clinicId, id);
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const known = ALPHABET.split('').filter((last) => recordIdOf(opaque.slice(0, -1) + last)?.id === id);

  expect(known).toEqual([opaque.at(-1)]);
  expect(recordIdOf(opaque)).toEqual({ clinicId, id });
  expect(recordIdOf(`${opaque}A`)).toBeUndefined();
  expect(recordIdOf(opaque.replace(/.$/, '='))).toBeUndefined();
});

test('equal inputs have equal text, whatever the order of their members, one after the other', () => {
  const input = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)));
  fc.assert(
    fc.property(fc.array(input), (inputs) => {
      const turned = inputs.map((one) => Object.fromEntries(Object.entries(one).reverse()));
      const sorted = inputs.map((one) => Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))));

      expect(canonical(turned)).toBe(canonical(inputs));
      // Members that look like numbers come first in every object of the language, whatever their order.
      if (inputs.every((one) => Object.keys(one).every((name) => !/^\d+$/.test(name))))
        expect(canonical(inputs)).toBe(JSON.stringify(sorted));
    }),
  );
  expect(canonical({ b: undefined, a: [undefined, { d: 1, c: new Decimal('10.50') }] })).toBe(
    '{"a":[null,{"c":"10.5","d":1}]}',
  );
});
