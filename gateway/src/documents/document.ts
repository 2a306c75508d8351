import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  specifiedRules,
  validate,
} from 'graphql';

import type { Requirement } from '../supergraph/directives';
import type { Graph } from '../supergraph/graph';
import { limitErrors, type Limits } from './limits';
import { narrow, type Narrowed, requirementsOf } from './scopes';

/** An operation that passed limits and validation against one supergraph. */
export interface PreparedOperation {
  /** Hash of the document and name of the operation. */
  readonly key: string;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Permissions that its fields ask for. */
  readonly requirements: readonly Requirement[];
  readonly readsSchema: boolean;
}

export type Prepared =
  | { readonly errors: readonly GraphQLError[]; readonly operation?: undefined }
  | { readonly errors?: undefined; readonly operation: PreparedOperation };

const VALIDATION_ERRORS_MAX = 20;
const PREPARED_MAX = 2_000;
const NARROWED_MAX = 2_000;

/** Operations as they were prepared for one supergraph; a new supergraph starts with an empty store. */
export class Documents {
  private readonly prepared = new Map<string, Prepared>();
  private readonly narrowed = new Map<string, Narrowed>();
  readonly lookups = { hits: 0, misses: 0 };

  constructor(
    private readonly graph: Graph,
    private readonly limits: Limits,
  ) {}

  /** Whether a document was prepared before. */
  has(hash: string, operationName: string | null | undefined): boolean {
    return this.prepared.has(`${hash}:${operationName ?? ''}`);
  }

  prepare(hash: string, document: DocumentNode, operationName: string | null | undefined): Prepared {
    const key = `${hash}:${operationName ?? ''}`;
    const known = this.prepared.get(key);
    this.lookups[known ? 'hits' : 'misses'] += 1;
    if (known) return known;
    const made = this.make(hash, document, operationName);
    remember(this.prepared, key, made, PREPARED_MAX);
    return made;
  }

  get sizes(): { prepared: number; narrowed: number } {
    return { prepared: this.prepared.size, narrowed: this.narrowed.size };
  }

  /** The operation for a caller with these permissions; undefined when nothing has to be taken out. */
  narrow(prepared: PreparedOperation, scopes: ReadonlySet<string>, denied: readonly Requirement[]): Narrowed {
    const key = `${prepared.key}:${JSON.stringify(denied)}`;
    const known = this.narrowed.get(key);
    if (known) return known;
    const { schema, rules } = this.graph;
    const made = narrow(schema, rules, prepared.operation, prepared.fragments, scopes);
    remember(this.narrowed, key, made, NARROWED_MAX);
    return made;
  }

  private make(hash: string, document: DocumentNode, operationName: string | null | undefined): Prepared {
    const operation = chosen(document, operationName);
    if (operation instanceof GraphQLError) return { errors: [operation] };

    const tooLarge = limitErrors(document, operation, this.limits);
    if (tooLarge.length > 0) return { errors: tooLarge };

    const invalid = validate(this.graph.schema, document, specifiedRules, { maxErrors: VALIDATION_ERRORS_MAX });
    if (invalid.length > 0) return { errors: invalid.map(asValidationError) };

    const fragments = reachable(document, operation);
    const { schema, rules } = this.graph;
    return {
      operation: {
        key: `${hash}:${operation.name?.value ?? ''}`,
        operation,
        fragments,
        requirements: requirementsOf(schema, rules, operation, fragments),
        readsSchema: readsSchema(operation, fragments),
      },
    };
  }
}

function remember<V>(store: Map<string, V>, key: string, value: V, max: number): void {
  if (store.size >= max) store.delete(store.keys().next().value as string);
  store.set(key, value);
}

const asValidationError = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    extensions: { ...error.extensions, code: 'GRAPHQL_VALIDATION_FAILED' },
  });

function chosen(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | GraphQLError {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  const found = name ? operations.filter((o) => o.name?.value === name) : operations;
  const [only, ...others] = found;
  const refuse = (message: string) =>
    new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
  if (!only) return refuse(name ? `The document has no operation named "${name}".` : 'The document has no operation.');
  if (others.length > 0 && !name) return refuse('The document has several operations: name one in operationName.');
  if (only.operation === OperationTypeNode.SUBSCRIPTION) return refuse('Subscriptions are not offered.');
  return only;
}

function reachable(document: DocumentNode, operation: OperationDefinitionNode): Map<string, FragmentDefinitionNode> {
  const all = new Map(
    document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((f) => [f.name.value, f]),
  );
  const found = new Map<string, FragmentDefinitionNode>();
  const visit = (set: OperationDefinitionNode['selectionSet']) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = all.get(selection.name.value);
        if (!fragment || found.has(selection.name.value)) continue;
        found.set(selection.name.value, fragment);
        visit(fragment.selectionSet);
      } else if (selection.selectionSet) visit(selection.selectionSet);
    }
  };
  visit(operation.selectionSet);
  return found;
}

function readsSchema(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  const reads = (set: OperationDefinitionNode['selectionSet']): boolean =>
    set.selections.some((s) =>
      s.kind === Kind.FIELD
        ? s.name.value === '__schema' || s.name.value === '__type'
        : s.kind === Kind.INLINE_FRAGMENT && reads(s.selectionSet),
    );
  return reads(operation.selectionSet) || [...fragments.values()].some((f) => reads(f.selectionSet));
}
