import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { namesOfTheirOwn, type PlanNames, type PlannedNames } from './names';
import { type JsonObject, type QueryPlan, Unsupported } from './plan';
import { type Projected, Projection } from './projection';
import { compileStep, type Step, type SubgraphFetch } from './steps';

export interface PlanExecutorOptions {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** All types of the supergraph, for the conditions of representations. */
  readonly supergraphSchema: GraphQLSchema;
  readonly names: PlanNames;
  readonly plan: (document: DocumentNode, operationName: string | undefined) => QueryPlan;
  /** Operations that are kept compiled. */
  readonly cacheSize?: number;
}

export interface PlannedRequest {
  /** Equal for equal documents. */
  readonly key: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly send: (fetch: SubgraphFetch) => Promise<ExecutionResult>;
}

export interface PlanAnswer {
  data: JsonObject | null;
  errors: GraphQLError[];
  /** Nulls that had to be put in place although no error was reported. */
  completion: GraphQLError[];
}

interface Compiled {
  readonly step: Step | undefined;
  readonly project: (data: JsonObject) => Projected;
  /** False when no subgraph has what is asked for. */
  readonly isAnswerable: boolean;
}

interface Planned {
  readonly plan: QueryPlan;
  readonly names: PlannedNames;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Boolean variables of @skip and @include, in a fixed order. */
  readonly conditions: readonly string[];
  /** Compiled once for each way in which the conditions fall; null for what is not supported. */
  readonly compiled: Map<string, Compiled | null>;
}

/** Variables that decide over @skip and @include anywhere in a document. */
function conditionVariables(document: DocumentNode): string[] {
  const found = new Set<string>();
  visit(document, {
    Directive: (node) => {
      if (node.name.value !== 'skip' && node.name.value !== 'include') return;
      for (const argument of node.arguments ?? [])
        if (argument.value.kind === Kind.VARIABLE) found.add(argument.value.name.value);
    },
  });
  return [...found].sort();
}

/** The planner makes an empty plan where the path to a field ends at a type that nothing implements. */
const unanswerable = () =>
  new GraphQLError('No subgraph can answer this operation.', { extensions: { code: 'UNANSWERABLE' } });

/**
 * Runs plans of the Federation planner. Each operation is compiled once: its fetches to closures, its answer to a
 * projection; a request then only sends, merges and projects. What it does not support it leaves to the stock executor,
 * before anything was sent.
 */
export class PlanExecutor {
  private readonly planned = new Map<string, Planned>();
  private readonly possible = new Map<string, ReadonlySet<string>>();
  private readonly size: number;

  constructor(private readonly options: PlanExecutorOptions) {
    this.size = options.cacheSize ?? 1_000;
  }

  /** Operations that are kept. */
  get kept(): number {
    return this.planned.size;
  }

  /** Runs an operation; undefined when the stock executor has to. */
  async execute(request: PlannedRequest): Promise<PlanAnswer | undefined> {
    const planned = this.plannedOf(request);
    const compiled = this.compiledOf(planned, request.variables);
    if (!compiled) return undefined;
    if (!compiled.isAnswerable) return { data: null, errors: [unanswerable()], completion: [] };
    const { variables, send } = request;
    const run = { data: {}, errors: [] as GraphQLError[], variables, send, asAsked: planned.names.asAsked };
    await compiled.step?.(run);
    const { data, errors } = compiled.project(run.data);
    return { data, errors: run.errors, completion: errors };
  }

  /** Plans and compiles an operation ahead of its first request; false when the stock executor has to run it. */
  warm(request: Omit<PlannedRequest, 'send'>): boolean {
    return this.compiledOf(this.plannedOf(request), request.variables) !== null;
  }

  private plannedOf({ key, document, operationName }: Omit<PlannedRequest, 'send' | 'variables'>): Planned {
    const name = `${key}\n${operationName ?? ''}`;
    const known = this.planned.get(name);
    if (known) {
      // The least recently used operation is the first one.
      this.planned.delete(name);
      this.planned.set(name, known);
      return known;
    }
    const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
    const operation = operations.find((o) => operationName === undefined || o.name?.value === operationName);
    if (!operation) throw new Error('a document without the operation that it should run');
    const fragments = new Map(
      document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d] as const] : [])),
    );
    const names = namesOfTheirOwn(document, this.options.names);
    const made: Planned = {
      plan: this.options.plan(names.document, operationName),
      names,
      operation,
      fragments,
      conditions: conditionVariables(document),
      compiled: new Map(),
    };
    if (this.planned.size >= this.size) this.planned.delete(this.planned.keys().next().value ?? '');
    this.planned.set(name, made);
    return made;
  }

  private compiledOf(planned: Planned, variables: Readonly<Record<string, unknown>>): Compiled | null {
    const value = (name: string): boolean => {
      if (variables[name] !== undefined) return variables[name] === true;
      const definition = planned.operation.variableDefinitions?.find((d) => d.variable.name.value === name);
      return definition?.defaultValue ? valueFromASTUntyped(definition.defaultValue) === true : false;
    };
    const way = planned.conditions.map((name) => (value(name) ? '1' : '0')).join('');
    let compiled = planned.compiled.get(way);
    if (compiled === undefined) {
      compiled = this.compile(planned, value);
      planned.compiled.set(way, compiled);
    }
    return compiled;
  }

  private compile({ plan, names, operation, fragments }: Planned, value: (name: string) => boolean): Compiled | null {
    const { apiSchema } = this.options;
    const holds = (node: SelectionNode): boolean =>
      (node.directives ?? []).every((directive) => {
        if (directive.name.value !== 'skip' && directive.name.value !== 'include') return true;
        const given = directive.arguments?.[0]?.value;
        const on =
          given?.kind === Kind.VARIABLE ? value(given.name.value) : given?.kind === Kind.BOOLEAN && given.value;
        return directive.name.value === 'skip' ? !on : on;
      });
    try {
      const root = apiSchema.getRootType(operation.operation);
      if (!root || plan.node?.kind === 'Subscription') throw new Unsupported('a subscription');
      const projection = new Projection(apiSchema, fragments, holds, names.of);
      return {
        step: plan.node && compileStep(plan.node, [], (name) => this.possibleTypes(name), value),
        project: projection.compile(root, operation.selectionSet),
        isAnswerable: plan.node !== undefined || !projection.asksForData(root, operation.selectionSet),
      };
    } catch (error) {
      if (error instanceof Unsupported) return null;
      throw error;
    }
  }

  private possibleTypes(condition: string): ReadonlySet<string> {
    let names = this.possible.get(condition);
    if (!names) {
      const schema = this.options.supergraphSchema;
      const type = schema.getType(condition);
      names = new Set(
        isAbstractType(type) ? schema.getPossibleTypes(type).map((t) => t.name) : type ? [type.name] : [],
      );
      this.possible.set(condition, names);
    }
    return names;
  }
}
