import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';

/**
 * The rules of the graph that composition does not check. Each answers what breaks it, one line per finding; an empty
 * list means that it holds.
 */

/** Entities with more than one member in their key; they are three and do not overlap (E-28). */
export const COMPOSITE_KEYS: Readonly<Record<string, string>> = {
  PerformanceRow: 'clinicId locationId providerId from to',
  LotTrace: 'clinicId lotNumber gtin',
  FinancialPeriod: 'clinicId type from to',
};

const stringArgument = (directive: ConstDirectiveNode, name: string): string => {
  const value = directive.arguments?.find((a) => a.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
};

const directives = (of: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, name: string) =>
  (of.directives ?? []).filter((d) => d.name.value === name);

const isRoot = (type: string) => type === 'Query' || type === 'Mutation' || type === 'Subscription';
const isNullable = (type: TypeNode) => type.kind !== Kind.NON_NULL_TYPE;
const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));

const eachField = (sdl: DocumentNode, look: (type: ObjectTypeDefinitionNode, field: FieldDefinitionNode) => void) => {
  visit(sdl, {
    ObjectTypeDefinition: (type) => {
      for (const field of type.fields ?? []) look(type, field);
    },
  });
};

/** Every type, field, argument, input member and enum value has a description. */
export function undescribed(schema: GraphQLSchema): string[] {
  const found: string[] = [];
  const look = (path: string, description: string | null | undefined) => {
    if (!description?.trim()) found.push(path);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type.description);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value.description);
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      for (const field of Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields())) {
        look(`${type.name}.${field.name}`, field.description);
        if ('args' in field)
          for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg.description);
      }
  }
  return found;
}

/** The planner answers arguments inside @requires and @provides wrongly and silently. */
export function argumentsInSelections(sdl: string): string[] {
  const found: string[] = [];
  eachField(parse(sdl), (type, field) => {
    for (const directive of [...directives(field, 'requires'), ...directives(field, 'provides')])
      if (stringArgument(directive, 'fields').includes('(')) found.push(`${type.name.value}.${field.name.value}`);
  });
  return found;
}

/** Keys: one simple key per entity, composite ones only where they are allowed. */
export function unexpectedKeys(sdl: string): string[] {
  const found: string[] = [];
  visit(parse(sdl), {
    ObjectTypeDefinition: (type) => {
      for (const key of directives(type, 'key')) {
        const fields = stringArgument(key, 'fields').replaceAll(/\s+/g, ' ').trim();
        if (fields !== 'id' && COMPOSITE_KEYS[type.name.value] !== fields) found.push(`${type.name.value}: ${fields}`);
      }
    },
  });
  return found;
}

/** Root fields are nullable, so that a domain that is away empties its own part only; none is shareable. */
export function badRootFields(sdl: string): string[] {
  const found: string[] = [];
  eachField(parse(sdl), (type, field) => {
    if (!isRoot(type.name.value)) return;
    if (!isNullable(field.type)) found.push(`${type.name.value}.${field.name.value} is not nullable`);
    if (directives(field, 'shareable').length > 0) found.push(`${type.name.value}.${field.name.value} is shareable`);
  });
  return found;
}

/** A field with scopes is nullable, so that a caller without them keeps the rest of the answer. */
export function scopedButNotNullable(sdl: string): string[] {
  const found: string[] = [];
  eachField(parse(sdl), (type, field) => {
    if (directives(field, 'requiresScopes').length > 0 && !isNullable(field.type))
      found.push(`${type.name.value}.${field.name.value}`);
  });
  return found;
}

/** What a domain adds to an entity of another one, and every reference to one, is nullable. */
export function notNullableAcrossDomains(
  sdl: string,
  subgraph: string,
  owners: Readonly<Record<string, string>>,
): string[] {
  const found: string[] = [];
  const document = parse(sdl);
  const stateless = new Set(Object.keys(COMPOSITE_KEYS));
  const keyOf = new Map<string, string[]>();
  visit(document, {
    ObjectTypeDefinition: (type) => {
      const [key] = directives(type, 'key');
      if (key) keyOf.set(type.name.value, stringArgument(key, 'fields').split(/\s+/));
    },
  });
  eachField(document, (type, field) => {
    const of = type.name.value;
    const foreign = (entity: string) => owners[entity] !== undefined && owners[entity] !== subgraph;
    const external = directives(field, 'external').length > 0;
    const inKey = keyOf.get(of)?.includes(field.name.value) ?? false;
    if (foreign(of) && keyOf.has(of) && !external && !inKey && !isNullable(field.type))
      found.push(`${of}.${field.name.value} is added to an entity of ${String(owners[of])}`);
    const target = named(field.type);
    if (foreign(target) && !stateless.has(target) && keyOf.has(target) && field.type.kind === Kind.NON_NULL_TYPE)
      found.push(`${of}.${field.name.value} refers to ${target} of ${String(owners[target])}`);
  });
  return found;
}

/** Defaults of save inputs would overwrite members on every change, so they stand in descriptions only. */
export function defaultsInSaves(schema: GraphQLSchema): string[] {
  const found: string[] = [];
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    if (!field.name.endsWith('Save')) continue;
    for (const arg of field.args) {
      const type = isNonNullType(arg.type) ? arg.type.ofType : arg.type;
      if (!isInputObjectType(type)) continue;
      for (const member of Object.values(type.getFields()))
        if (member.defaultValue !== undefined) found.push(`${type.name}.${member.name}`);
    }
  }
  return found;
}

/** Every mutation can be sent again: its input has an idempotency key. */
export function mutationsWithoutKey(schema: GraphQLSchema): string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {})
    .filter((field) => {
      const input = field.args.find((arg) => arg.name === 'input')?.type;
      const type = input && isNonNullType(input) ? input.ofType : input;
      return !(isInputObjectType(type) && type.getFields()['idempotencyKey'] !== undefined);
    })
    .map((field) => field.name);
}
