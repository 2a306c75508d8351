import { GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { merge } from './merge';
import { objectsAt, placesOf, type Place, type PlanPath } from './places';
import {
  isJsonObject,
  Unsupported,
  type FetchNode,
  type Json,
  type JsonObject,
  type PlanNode,
  type PossibleTypes,
} from './plan';
import { compileRepresentation } from './representations';

/** One operation for one subgraph, as the data source sends it. */
export interface SubgraphFetch {
  readonly serviceName: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly isMutation: boolean;
  readonly variables: Record<string, unknown>;
}

/** What one request holds while its plan runs. */
export interface PlanRun {
  readonly data: JsonObject;
  readonly errors: GraphQLError[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly send: (fetch: SubgraphFetch) => Promise<ExecutionResult>;
  /** A place in the data as the client knows it. */
  readonly asAsked: (place: Place) => Place;
}

export type Step = (run: PlanRun) => Promise<void>;

/** Compiles a node of a plan; `path` leads from the root to the objects it works on. */
export function compileStep(
  node: PlanNode,
  path: PlanPath,
  possibleTypes: PossibleTypes,
  holds: (variable: string) => boolean,
): Step {
  const inner = (child: PlanNode) => compileStep(child, path, possibleTypes, holds);
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map(inner);
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map(inner);
      return async (run) => {
        await Promise.all(steps.map((step) => step(run)));
      };
    }
    case 'Flatten': {
      const further = node.path.map((step) => {
        if (typeof step !== 'string' || step.includes('|')) throw new Unsupported('a path with a condition');
        return step;
      });
      return compileStep(node.node, [...path, ...further], possibleTypes, holds);
    }
    case 'Condition': {
      const branch = holds(node.condition) ? node.ifClause : node.elseClause;
      return branch ? inner(branch) : () => Promise.resolve();
    }
    case 'Fetch':
      return compileFetch(node, path, possibleTypes);
    case 'Defer':
      throw new Unsupported('@defer');
  }
}

function compileFetch(node: FetchNode, path: PlanPath, possibleTypes: PossibleTypes): Step {
  if (node.inputRewrites?.length || node.outputRewrites?.length || node.contextRewrites?.length)
    throw new Unsupported('rewriting of data');
  const base = {
    serviceName: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    isMutation: node.operationKind === OperationTypeNode.MUTATION,
  };
  const used = node.variableUsages ?? [];
  const variablesOf = (run: PlanRun) => {
    const variables: Record<string, unknown> = {};
    for (const name of used) if (run.variables[name] !== undefined) variables[name] = run.variables[name];
    return variables;
  };
  const represent = node.requires && compileRepresentation(node.requires, possibleTypes);
  return async (run) => {
    try {
      const objects = objectsAt(run.data, path);
      if (objects.length === 0) return;
      const variables = variablesOf(run);
      if (!represent) {
        const answer = await run.send({ ...base, variables });
        report(run, node.serviceName, answer, (at) => [[...plain(path), ...(at ?? [])]]);
        if (isJsonObject(answer.data)) for (const object of objects) merge(object, answer.data);
        return;
      }
      await fetchEntities(run, { ...base, variables }, objects, represent, path);
    } catch (error) {
      run.errors.push(error as GraphQLError);
    }
  };
}

const plain = (path: PlanPath) => path.filter((step) => step !== '@');

/** Asks for the rest of N objects with one request; objects that are represented alike are asked for once. */
async function fetchEntities(
  run: PlanRun,
  fetch: SubgraphFetch,
  objects: readonly JsonObject[],
  represent: (source: JsonObject) => JsonObject | null,
  path: PlanPath,
): Promise<void> {
  const representations: JsonObject[] = [];
  /** Positions, among the objects, of those that a representation stands for. */
  const standsFor: number[][] = [];
  const known = new Map<string, number>();
  objects.forEach((object, index) => {
    const representation = represent(object);
    if (!representation || typeof representation['__typename'] !== 'string') return;
    const text = identity(representation);
    const at = text === undefined ? undefined : known.get(text);
    if (at !== undefined) {
      standsFor[at]?.push(index);
      return;
    }
    if (text !== undefined) known.set(text, representations.length);
    representations.push(representation);
    standsFor.push([index]);
  });
  if (representations.length === 0) return;
  const answer = await run.send({ ...fetch, variables: { ...fetch.variables, representations } });
  let places: Place[] | undefined;
  report(run, fetch.serviceName, answer, (at) => {
    const [, position, ...rest] = at ?? [];
    if (typeof position !== 'number') return [undefined];
    places ??= placesOf(run.data, path);
    const all = places;
    return (standsFor[position] ?? []).map((index) => [...(all[index] ?? []), ...rest]);
  });
  if (!answer.data) return;
  const entities = answer.data['_entities'] as Json;
  if (!Array.isArray(entities) || entities.length !== representations.length)
    throw new GraphQLError(`Expected "data._entities" to contain ${String(representations.length)} elements`, {
      extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: fetch.serviceName },
    });
  entities.forEach((entity, position) => {
    if (!isJsonObject(entity)) return;
    for (const index of standsFor[position] ?? []) {
      const object = objects[index];
      if (object) merge(object, entity);
    }
  });
}

/** A text that is equal for equal representations of plain members, such as keys; others are hardly ever alike. */
function identity(representation: JsonObject): string | undefined {
  let text = '';
  for (const key in representation) {
    const value = representation[key];
    // With its length, so that no value passes for the members after it.
    if (typeof value === 'string') text += `${key} ${String(value.length)} ${value} `;
    else if (value === null) text += `${key} - `;
    else return undefined;
  }
  return text;
}

type PlacedAt = (path: Place | undefined) => (Place | undefined)[];

/** Takes over the errors of a subgraph, at the places of the client's answer and with the name of the subgraph. */
function report(run: PlanRun, serviceName: string, answer: ExecutionResult, placed: PlacedAt): void {
  for (const error of answer.errors ?? [])
    for (const path of placed(error.path))
      run.errors.push(
        new GraphQLError(error.message || `Error while fetching subquery from service "${serviceName}"`, {
          originalError: error,
          path: path ? run.asAsked(path) : null,
          extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName },
        }),
      );
}
