import { buildSchema } from 'graphql';
import * as contract from './contract';

/** A subgraph that breaks every rule, so that each rule is seen to find what it is for. */
const SDL = `
type Query { thing: Thing! other: Thing @shareable }
type Mutation { thingSave(input: ThingInput!): Thing thingDrop(id: ID!): Thing }
type Thing @key(fields: "id code") { id: ID! code: ID! price(of: Int): Int! @requiresScopes(scopes: [["a"]]) sum: Int @requires(fields: "price(of: 1)") clinic: Clinic! }
type Clinic @key(fields: "id") { id: ID! things: [Thing!]! }
input ThingInput { name: String = "x" }
`;

const schema = buildSchema(SDL, { assumeValid: true, assumeValidSDL: true });

test.each([
  ['arguments inside @requires', () => contract.argumentsInSelections(SDL), ['Thing.sum']],
  ['a composite key that is not allowed', () => contract.unexpectedKeys(SDL), ['Thing: id code']],
  [
    'root fields that empty the whole answer, or cost fetches',
    () => contract.badRootFields(SDL),
    ['Query.thing is not nullable', 'Query.other is shareable'],
  ],
  ['a scope on a field that may not be null', () => contract.scopedButNotNullable(SDL), ['Thing.price']],
  [
    'what would take the answers of others away',
    () => contract.notNullableAcrossDomains(SDL, 'things', { Clinic: 'directory', Thing: 'things' }),
    ['Thing.clinic refers to Clinic of directory', 'Clinic.things is added to an entity of directory'],
  ],
  ['a default that would overwrite on every change', () => contract.defaultsInSaves(schema), ['ThingInput.name']],
  ['mutations that cannot be sent again', () => contract.mutationsWithoutKey(schema), ['thingSave', 'thingDrop']],
])('the contract finds %s', (_, find, expected) => {
  expect(find()).toEqual(expected);
});

test('the contract finds whatever has no description', () => {
  const found = contract.undescribed(
    buildSchema('"""Said."""\ntype Query { a(b: Int): C }\nenum C { D }\ninput I { j: Int }'),
  );
  expect(found).toEqual(['Query.a', 'Query.a(b)', 'C', 'C.D', 'I', 'I.j']);
});
