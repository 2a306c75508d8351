import { type GraphQLSchema, Kind, parse, valueFromASTUntyped } from 'graphql';

import { type FieldRules, readFieldRules } from './directives';

export interface SubgraphAddress {
  readonly name: string;
  readonly url: string;
}

/** One loaded supergraph. It never changes: a new file makes a new one. */
export interface Graph {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly rules: FieldRules;
  readonly subgraphs: readonly SubgraphAddress[];
}

/**
 * The stock gateway refuses a supergraph whose directives are marked as security features, because it would ignore
 * them. This gateway enforces them itself, so it takes the mark off and leaves the committed file as the standard
 * says.
 */
export const withoutSecurityPurpose = (sdl: string): string => sdl.replaceAll(/, for: SECURITY\b/g, '');

export function graphOf(supergraphSdl: string, schema: GraphQLSchema): Graph {
  const document = parse(supergraphSdl, { noLocation: true });
  return { schema, rules: readFieldRules(document), subgraphs: subgraphsOf(supergraphSdl) };
}

/** Names and addresses of the subgraphs that a supergraph is made of. */
export function subgraphsOf(supergraphSdl: string): SubgraphAddress[] {
  const found: SubgraphAddress[] = [];
  for (const type of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (type.kind !== Kind.ENUM_TYPE_DEFINITION || type.name.value !== 'join__Graph') continue;
    for (const value of type.values ?? []) {
      const graph = value.directives?.find((d) => d.name.value === 'join__graph');
      const argument = (name: string) => {
        const node = graph?.arguments?.find((a) => a.name.value === name);
        return node ? String(valueFromASTUntyped(node.value)) : '';
      };
      found.push({ name: argument('name'), url: argument('url') });
    }
  }
  return found;
}
