import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  defaultFieldResolver,
  GraphQLError,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  valueFromAST,
  valueFromASTUntyped,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
} from 'graphql';
import { buildSchema, createResolversMap, type BuildSchemaOptions } from 'type-graphql';
import type { Context } from './context';

/** How a subgraph answers references to its entities, by type name; N references of one fetch come as N calls. */
export type References = Readonly<Record<string, (reference: Record<string, unknown>, context: Context) => unknown>>;

export interface FederatedSchemaOptions {
  readonly resolvers: BuildSchemaOptions['resolvers'];
  /** Types that only references lead to; without this list they would silently be missing. */
  readonly orphanedTypes?: BuildSchemaOptions['orphanedTypes'];
  readonly references: References;
}

export interface FederatedSchema {
  readonly schema: GraphQLSchema;
  /** The SDL as it is composed: sorted, with directives. */
  readonly sdl: string;
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@requiresScopes", "@cost", "@listSize"])`;

/** type-graphql has no place for the descriptions of the root types; they are the same in every subgraph. */
const ROOT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  Query:
    "Reads. Every list is paged by cursor, every report takes a clinic and a period. A field here, and a reference to a record of another domain, is null when that domain did not answer or the record is outside the caller's reach; a field for which the caller lacks the permission is null with one FORBIDDEN error for its path.",
  Mutation:
    'Changes. A refused change returns userErrors and writes nothing; a retry with the same idempotencyKey returns the first result. A field is null only when its domain did not answer or the request was not allowed; send it again with the same key.',
};

interface WithDirectives {
  astNode?: { directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}
const directivesOf = (of: WithDirectives | undefined): readonly ConstDirectiveNode[] => of?.astNode?.directives ?? [];

interface Node {
  readonly name: { readonly value: string };
  readonly directives?: readonly ConstDirectiveNode[];
  readonly fields?: readonly Node[];
  readonly arguments?: readonly Node[];
}

/**
 * graphql-js prints no directives, and @apollo/subgraph's printer drops the fields of every type that carries one of
 * type-graphql's. So: print, parse, and put the directives back where they stood.
 */
function withDirectives(schema: GraphQLSchema): DocumentNode {
  const add = <N extends Node>(node: N, extra: readonly ConstDirectiveNode[]): N => {
    const own = (node.directives ?? []).filter((d) => !extra.some((e) => e.name.value === d.name.value));
    return extra.length > 0 ? { ...node, directives: [...own, ...extra] } : node;
  };
  const complete = (node: Node) => {
    const type = schema.getType(node.name.value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return undefined;
    const fields = type.getFields();
    const description = ROOT_DESCRIPTIONS[node.name.value];
    return add(
      {
        ...node,
        ...(description ? { description: { kind: Kind.STRING, value: description, block: true } } : {}),
        fields: (node.fields ?? []).map((field) => {
          const definition = fields[field.name.value];
          const made = add(field, directivesOf(definition));
          const args = definition && 'args' in definition ? definition.args : [];
          return made.arguments
            ? {
                ...made,
                arguments: made.arguments.map((arg) =>
                  add(arg, directivesOf(args.find((a) => a.name === arg.name.value))),
                ),
              }
            : made;
        }),
      },
      directivesOf(type),
    );
  };
  const printed: DocumentNode = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    ObjectTypeDefinition: complete,
    InterfaceTypeDefinition: complete,
    InputObjectTypeDefinition: complete,
  } as never);
  return { kind: Kind.DOCUMENT, definitions: [...parse(LINK).definitions, ...printed.definitions] };
}

/** Scope groups of a `@requiresScopes` directive; a caller needs every scope of at least one group. */
export function scopeGroups(directives: readonly ConstDirectiveNode[]): readonly (readonly string[])[] | undefined {
  const directive = directives.find((d) => d.name.value === 'requiresScopes');
  const value = directive?.arguments?.find((a) => a.name.value === 'scopes')?.value;
  return value && (valueFromASTUntyped(value) as string[][]);
}

export const holds = (scopes: readonly string[], groups: readonly (readonly string[])[]): boolean =>
  groups.some((group) => group.every((scope) => scopes.includes(scope)));

/** The gateway enforces scopes first; a subgraph does it again from the same directives, before any resolver runs. */
function enforceScopes(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const groups = scopeGroups(directivesOf(field));
      if (!groups) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: Context, info): unknown => {
        if (!holds(context.viewer.scopes, groups))
          throw new GraphQLError(
            `${type.name}.${field.name} needs the permission ${groups.map((g) => g.join(' and ')).join(', or ')}.`,
            {
              extensions: { code: 'FORBIDDEN' },
            },
          );
        return resolve(source, args, context, info);
      };
    }
  }
}

/**
 * Default values are read while scalars are still plain, so that a default quantity would arrive as text. Once the
 * scalars have their functions, every default is read again.
 */
function readDefaultsAgain(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const inputs: (GraphQLArgument | GraphQLInputField)[] = isInputObjectType(type)
      ? Object.values(type.getFields())
      : isObjectType(type)
        ? Object.values(type.getFields()).flatMap((field) => field.args)
        : [];
    for (const input of inputs)
      if (input.astNode?.defaultValue) input.defaultValue = valueFromAST(input.astNode.defaultValue, input.type);
  }
}

/** Builds a Federation 2 subgraph of type-graphql classes. */
export async function buildFederatedSchema(options: FederatedSchemaOptions): Promise<FederatedSchema> {
  const base = await buildSchema({
    resolvers: options.resolvers,
    orphanedTypes: options.orphanedTypes ?? [],
    // Federation completes the schema, and scalars and rules validate the inputs.
    skipCheck: true,
    validate: false,
  });
  const typeDefs = withDirectives(base);
  const resolvers = createResolversMap(base) as Record<string, Record<string, unknown>>;
  for (const [type, resolve] of Object.entries(options.references)) {
    if (!base.getType(type))
      throw new Error(`${type} has a reference resolver but is not in the schema; list it in orphanedTypes`);
    resolvers[type] = {
      ...resolvers[type],
      __resolveReference: async (reference: Record<string, unknown>, context: Context) => {
        const found = await resolve(reference, context);
        // graphql-js finds the concrete type of an _Entity by this name.
        return found === null || found === undefined ? null : Object.assign(found, { __typename: type });
      },
    };
  }
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
  readDefaultsAgain(schema);
  enforceScopes(schema);
  return { schema, sdl: `${print(typeDefs)}\n` };
}
