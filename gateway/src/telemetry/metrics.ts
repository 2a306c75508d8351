import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What can be read off at any moment. */
export interface Readings {
  readonly documents: { readonly prepared: number; readonly narrowed: number; readonly planned: number };
  readonly lookups: { readonly hits: number; readonly misses: number };
  readonly pools: readonly {
    readonly subgraph: string;
    readonly connected: number;
    readonly pending: number;
    readonly running: number;
    readonly merged: number;
    readonly isOpen: boolean;
  }[];
}

export interface Metrics {
  request(operation: string, outcome: string, seconds: number, cost: number | undefined): void;
  subgraph(name: string, seconds: number, isAnswered: boolean): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Measures of one gateway in the format of Prometheus; `read` is asked when somebody looks. */
export function openMetrics(read: () => Readings): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'graph_request_seconds',
    help: 'Time of requests by saved operation and outcome (the first error code, or ok).',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const costs = new Counter({ name: 'graph_cost_points_total', help: 'Cost of the operations that ran.', registers });
  const subgraphs = new Histogram({
    name: 'graph_subgraph_seconds',
    help: 'Time of calls of subgraphs.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'graph_documents',
    help: 'Operations that are kept: checked, narrowed to permissions, planned.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const [kind, count] of Object.entries(read().documents)) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: 'graph_document_lookups',
    help: 'Operations that were found checked, and that were not.',
    labelNames: ['result'],
    registers,
    collect() {
      const { hits, misses } = read().lookups;
      this.set({ result: 'hit' }, hits);
      this.set({ result: 'miss' }, misses);
    },
  });
  new Gauge({
    name: 'graph_subgraph_connections',
    help: 'Connections to subgraphs over HTTP, requests on them and waiting for one.',
    labelNames: ['subgraph', 'state'],
    registers,
    collect() {
      for (const { subgraph, connected, pending, running } of read().pools) {
        this.set({ subgraph, state: 'connected' }, connected);
        this.set({ subgraph, state: 'running' }, running);
        this.set({ subgraph, state: 'pending' }, pending);
      }
    },
  });
  new Gauge({
    name: 'graph_merged_reads',
    help: 'Reads that shared the answer to an equal one under way.',
    labelNames: ['subgraph'],
    registers,
    collect() {
      for (const { subgraph, merged } of read().pools) this.set({ subgraph }, merged);
    },
  });
  new Gauge({
    name: 'graph_circuit_open',
    help: '1 while a subgraph is left alone after failures.',
    labelNames: ['subgraph'],
    registers,
    collect() {
      for (const { subgraph, isOpen } of read().pools) this.set({ subgraph }, isOpen ? 1 : 0);
    },
  });
  return {
    request: (operation, outcome, seconds, cost) => {
      requests.observe({ operation, outcome }, seconds);
      if (cost !== undefined && Number.isFinite(cost)) costs.inc(cost);
    },
    subgraph: (subgraph, seconds, isAnswered) => {
      subgraphs.observe({ subgraph, outcome: isAnswered ? 'answered' : 'unavailable' }, seconds);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
