export type { GraphRequest, GraphService } from './graph-request.types';
export type { DemoPersonas, GatewayOptions, RunningGateway, TokenIssuer } from './options.types';
export { DEFAULT_LIMITS, type Limits } from './documents/limits';
export { Misconfigured, startGateway } from './server';
export { SupergraphUnusable } from './supergraph/supergraph-file';
