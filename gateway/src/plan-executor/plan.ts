import type { QueryPlan, PlanNode, FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';

export type { QueryPlan, PlanNode, FetchNode, QueryPlanSelectionNode };

/** A plan with something that this executor does not run; the stock executor takes the operation. */
export class Unsupported extends Error {}

/** Names under which an object satisfies a type condition; empty for a type that the supergraph does not have. */
export type PossibleTypes = (typeCondition: string) => ReadonlySet<string>;

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
