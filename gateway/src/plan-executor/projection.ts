import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
} from 'graphql';
import { isJsonObject, type Json, type JsonObject, Unsupported } from './plan';

/** Null that an error was reported for. */
const FAILED = Symbol('failed');
/** Null where none may be: the object or list around it becomes null. */
const BUBBLE = Symbol('bubble');
type Completed = Json | typeof FAILED | typeof BUBBLE;

/** What a projection needs while it runs. */
interface Run {
  readonly path: (string | number)[];
  readonly errors: GraphQLError[];
}

export interface Projected {
  readonly data: JsonObject | null;
  readonly errors: GraphQLError[];
}

type Complete = (value: Json, run: Run) => Completed;

interface FieldStep {
  readonly key: string;
  /** Name in the data of the plan. */
  readonly from: string;
  /** Null for `__typename`. */
  readonly complete: Complete | null;
}

const invalid = (run: Run, key: string | number | undefined, message: string): typeof FAILED => {
  const path = key === undefined ? [...run.path] : [...run.path, key];
  run.errors.push(new GraphQLError(message, { path, extensions: { code: 'INVALID_GRAPHQL' } }));
  return FAILED;
};

const INTEGER = /^-?(0|[1-9][0-9]*)$/;

/** Asked for every value of an answer, so the names of the five scalars of GraphQL are compared directly. */
function isValidLeaf(type: GraphQLLeafType, value: Json): boolean {
  switch (type.name) {
    case 'String':
      return typeof value === 'string';
    case 'ID':
      return typeof value === 'string' || isInteger(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Int':
      return isInteger(value);
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return !isEnumType(type) || (typeof value === 'string' && type.getValue(value) !== undefined);
  }
}

const isInteger = (value: Json): boolean => typeof value === 'number' && INTEGER.test(String(value));

/**
 * What the client asked for, compiled once for an operation: which members of the merged data go out, in which order,
 * and where a null must bubble up to. `holds` decides `@skip` and `@include`; an operation whose conditions vary is
 * compiled once for each way they fall.
 */
export class Projection {
  private readonly plans = new Map<SelectionSetNode[], Map<string, readonly FieldStep[]>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly holds: (node: SelectionNode) => boolean,
    private readonly nameInPlan: (node: FieldNode) => string,
  ) {}

  /** Compiles the root selection; the result maps merged data to what goes out. */
  compile(root: GraphQLCompositeType, selectionSet: SelectionSetNode) {
    const sets = [selectionSet];
    // Compiled now, so that whatever is not supported shows before anything is sent.
    this.stepsFor(root, sets);
    return (data: JsonObject): Projected => {
      const run: Run = { path: [], errors: [] };
      const completed = this.object(data, root, this.stepsFor(root, sets), run);
      return { data: completed === FAILED ? null : completed, errors: run.errors };
    };
  }

  /** Whether anything but the names of types is asked for. */
  asksForData(root: GraphQLCompositeType, selectionSet: SelectionSetNode): boolean {
    return this.compileSteps(root, [selectionSet]).some(({ complete }) => complete !== null);
  }

  private stepsFor(type: GraphQLCompositeType, sets: SelectionSetNode[]): readonly FieldStep[] {
    let byType = this.plans.get(sets);
    if (!byType) this.plans.set(sets, (byType = new Map<string, readonly FieldStep[]>()));
    let steps = byType.get(type.name);
    if (!steps) byType.set(type.name, (steps = this.compileSteps(type, sets)));
    return steps;
  }

  private compileSteps(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): FieldStep[] {
    const fields = new Map<string, FieldNode[]>();
    for (const set of sets) this.collect(type, set, fields);
    return [...fields].map(([key, nodes]) => {
      const [node] = nodes as [FieldNode];
      const name = node.name.value;
      const from = this.nameInPlan(node);
      if (key === '__proto__') throw new Unsupported('a response name that is no member of an object');
      if (name === '__typename') return { key, from, complete: null };
      if (name === '__schema' || name === '__type') throw new Unsupported('introspection');
      const definition = 'getFields' in type ? type.getFields()[name] : undefined;
      if (!definition) throw new Unsupported(`${type.name}.${name} is not in the schema`);
      const inner = nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
      return { key, from, complete: this.completer(definition.type, inner, `field ${type.name}.${key}`, key) };
    });
  }

  /** Fields of a type in the order of the operation, fragments opened, equal response names together. */
  private collect(type: GraphQLCompositeType, set: SelectionSetNode, into: Map<string, FieldNode[]>): void {
    for (const selection of set.selections) {
      if (!this.holds(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = into.get(key);
        if (known) known.push(selection);
        else into.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      if (!fragment) throw new Unsupported('a fragment that is not defined');
      if (this.applies(fragment.typeCondition?.name.value, type)) this.collect(type, fragment.selectionSet, into);
    }
  }

  private applies(condition: string | undefined, type: GraphQLCompositeType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.schema.getType(condition);
    if (!isAbstractType(wanted)) return false;
    return isObjectType(type) || 'getFields' in type ? this.schema.isSubType(wanted, type as never) : false;
  }

  private completer(
    type: GraphQLOutputType,
    sets: SelectionSetNode[],
    what: string,
    key: string | undefined,
  ): Complete {
    if (isNonNullType(type)) {
      const inner = this.completer(type.ofType, sets, what, key);
      return (value, run) => {
        const completed = inner(value, run);
        if (completed === null) {
          invalid(run, key, `Cannot return null for non-nullable ${this.said(what, type.ofType, run)}.`);
          return BUBBLE;
        }
        return completed === FAILED ? BUBBLE : completed;
      };
    }
    if (isListType(type)) {
      const item = this.completer(type.ofType, sets, '', undefined);
      return (value, run) => {
        if (value === null) return null;
        if (!Array.isArray(value)) return invalid(run, key, `Invalid non-list value for list type ${String(type)}.`);
        return this.list(value, item, key, run);
      };
    }
    if (isLeafType(type))
      return (value, run) => {
        if (value === null || isValidLeaf(type, value)) return value;
        return invalid(run, key, `Invalid value found for ${this.said(what, type, run)}.`);
      };
    const composite: GraphQLCompositeType = type;
    // Types of objects are compiled ahead, all others when the first object of the type comes.
    if (isObjectType(composite)) this.stepsFor(composite, sets);
    return (value, run) => {
      if (value === null) return null;
      if (!isJsonObject(value)) return invalid(run, key, `Invalid non-object value for type ${composite.name}.`);
      const concrete = this.concrete(composite, value);
      if (!concrete)
        return invalid(run, key, `Invalid __typename found for object at ${this.said(what, composite, run)}.`);
      if (key !== undefined) run.path.push(key);
      const completed = this.object(value, concrete, this.stepsFor(concrete, sets), run);
      if (key !== undefined) run.path.pop();
      return completed;
    };
  }

  private said(what: string, type: GraphQLOutputType, run: Run): string {
    return what || `array element of type ${String(type)} at index ${String(run.path.at(-1))}`;
  }

  private concrete(type: GraphQLCompositeType, value: JsonObject): GraphQLCompositeType | undefined {
    const name = value['__typename'];
    if (typeof name !== 'string' || name === type.name) return type;
    const found = this.schema.getType(name);
    return isCompositeType(found) ? found : undefined;
  }

  private list(values: readonly Json[], item: Complete, key: string | undefined, run: Run): Completed {
    if (key !== undefined) run.path.push(key);
    const completed: Json[] = [];
    let failed = false;
    for (const [index, value] of values.entries()) {
      // A list in a list has no name of its own; its items know their index from the path.
      run.path.push(index);
      const made = item(value, run);
      run.path.pop();
      if (made === BUBBLE) failed = true;
      completed.push(made === FAILED || made === BUBBLE ? null : made);
    }
    if (key !== undefined) run.path.pop();
    return failed ? FAILED : completed;
  }

  private object(
    source: JsonObject,
    type: GraphQLCompositeType,
    steps: readonly FieldStep[],
    run: Run,
  ): JsonObject | typeof FAILED {
    const output: JsonObject = {};
    for (const { key, from, complete } of steps) {
      const given = Object.hasOwn(source, from) ? (source[from] ?? null) : null;
      if (!complete) {
        const name = this.typeName(given ?? source['__typename'] ?? null, type);
        if (name === undefined) return FAILED;
        output[key] = name;
        continue;
      }
      const made = complete(given, run);
      if (made === BUBBLE) return FAILED;
      output[key] = made === FAILED ? null : made;
    }
    return output;
  }

  private typeName(given: Json, type: GraphQLCompositeType): string | undefined {
    const named = typeof given === 'string' ? this.schema.getType(given) : undefined;
    const concrete = named ? getNamedType(named) : type;
    return isObjectType(concrete) ? concrete.name : undefined;
  }
}
