import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';

import type { GraphService } from './graph-request.types';
import type { Limits } from './documents/limits';
import type { RateLimitOptions } from './rate-limit';

/** Who issues the tokens, and which of them are accepted. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Accepted signature algorithms; anything else is refused, whatever the key says. */
  readonly algorithms: readonly string[];
  /** Address of the public keys; used when `jwks` is not given. */
  readonly jwksUrl?: string | undefined;
  readonly jwks?: JSONWebKeySet | undefined;
}

/** Ready-made callers for trying the graph out. Never in production. */
export interface DemoPersonas {
  readonly personas: readonly { readonly name: string; readonly title: string }[];
  token(name: string): Promise<string>;
  /** Values for variables of the saved operations, by the variable's name. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

export interface GatewayOptions {
  readonly supergraphFile: string;
  readonly port: number;
  readonly host?: string | undefined;
  /** Shared with the subgraphs; signs the identity that is forwarded to them. */
  readonly identitySecret: string;
  /** Left out only with `auth: 'off'`. */
  readonly issuer?: TokenIssuer | undefined;
  /** `off` runs a supergraph without identity and without permissions. Refused in production. */
  readonly auth?: 'on' | 'off' | undefined;
  /** Subgraphs of the same program, by name; all others are called over HTTP. */
  readonly services?: Readonly<Record<string, GraphService>> | undefined;
  /** Whether a subgraph of the same program can work; without it, a trivial query decides. */
  readonly readiness?:
    Readonly<Record<string, () => Promise<{ ok: boolean; reason?: string | undefined }>>> | undefined;
  /** Addresses by subgraph name, in place of those in the supergraph. */
  readonly serviceUrls?: Readonly<Record<string, string>> | undefined;
  /** Headers for a subgraph over HTTP, by its name; for example a key that a proxy before it asks for. */
  readonly subgraphHeaders?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Names of headers that are handed on from the client to subgraphs over HTTP. */
  readonly forwardHeaders?: readonly string[] | undefined;
  /** False leaves the explorer out. */
  readonly explorer?: boolean | undefined;
  readonly demo?: DemoPersonas | undefined;
  readonly production: boolean;
  readonly log: Logger;
  readonly limits?: Partial<Limits> | undefined;
  /** Cost points that one client may use; counted in memory and 2,000,000 a minute when left out. */
  readonly rateLimit?: RateLimitOptions | 'off' | undefined;
  /** Address of an OpenTelemetry collector (OTLP over HTTP) for traces; without it they go nowhere. */
  readonly traceEndpoint?: string | undefined;
  /** Bearer token for `/metrics`; without it they are open outside production and absent in it. */
  readonly metricsToken?: string | undefined;
  /** Milliseconds that one call of a subgraph may take. */
  readonly subgraphTimeoutMs?: number | undefined;
  /** Milliseconds between two looks at the supergraph file. */
  readonly watchEveryMs?: number | undefined;
  /** Folder of the saved operations that the explorer lists. */
  readonly operationsFolder?: string | undefined;
  /** Origins whose pages may ask; other origins are left to the browser's own refusal. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** True when a proxy in front sets X-Forwarded-For. */
  readonly trustProxy?: boolean | undefined;
}

export interface RunningGateway {
  /** Address of the graph. */
  readonly url: string;
  stop(): Promise<void>;
}
