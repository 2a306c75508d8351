export { PlanExecutor, type PlanAnswer, type PlannedRequest, type PlanExecutorOptions } from './executor';
export type { SubgraphFetch } from './steps';
export { planNames } from './names';
