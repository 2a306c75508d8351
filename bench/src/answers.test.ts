import { parting, partingOfAnswers } from './answers';

test('answers are equal whatever the order of an object’s members', () => {
  expect(parting({ a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 })).toBeUndefined();
});

test.each([
  ['a value', { rows: [{ net: '10.00' }] }, { rows: [{ net: '10.0' }] }, 'rows.0.net'],
  ['the order of a list', { rows: [1, 2] }, { rows: [2, 1] }, 'rows.0'],
  ['a member that is missing', { a: null }, {}, 'a'],
  ['a row more', { rows: [1] }, { rows: [1, 2] }, 'rows.1'],
  ['null in place of a list', { rows: [] }, { rows: null }, 'rows'],
])('answers part at %s', (_, one, other, at) => {
  expect(parting(one, other)).toBe(at);
});

test('errors count by their places and not by their words', () => {
  const error = (message: string, path: string[]) => ({ data: { a: null }, errors: [{ message, path }] });

  expect(partingOfAnswers(error('one', ['a']), error('two', ['a']))).toBeUndefined();
  expect(partingOfAnswers(error('one', ['a']), error('one', ['b']))).toBe('errors.0');
  expect(partingOfAnswers(error('one', ['a']), { data: { a: null } })).toBe('errors.0');
});
