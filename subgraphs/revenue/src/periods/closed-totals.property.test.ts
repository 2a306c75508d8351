import fc from 'fast-check';
import { Decimal, eventOf, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf, type AdjustmentPosted } from '@practice-graph/practice';
import { revenue } from '..';
import {
  aKey,
  anAdjustment,
  aPractice,
  differences,
  production,
  record,
  reverse,
  stepDaySheets,
  type Practice,
} from '../../test/practice';
import { periodRowId } from './financial-period.rules';

const MONTHS = ['2026-04', '2026-05', '2026-06'] as const;
const DOMAINS = ['adjustments', 'appliance-supply', 'spa-inventory'];

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());

/** What a command does is decided by numbers, so that a failing history can be made shorter. */
const command = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      month: fc.nat(2),
      day: fc.nat(27),
      cents: fc.integer({ min: 1, max: 90_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('reverse' as const), pick: fc.nat(99), isOriginal: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      month: fc.nat(2),
      day: fc.nat(27),
      cents: fc.integer({ min: -9_000, max: 9_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'lock' as const, 'reopen' as const),
      month: fc.nat(2),
    }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

class History {
  readonly entries: string[] = [];
  readonly closed = new Map<string, unknown>();
  constructor(private readonly of: Practice) {}

  private get clerk() {
    return { ...this.of.owner, scopes: [...this.of.owner.scopes, 'records:backdate', 'finance:close_periods'] };
  }

  totals(month: string): Promise<unknown> {
    const to = { '2026-04': '30', '2026-05': '31', '2026-06': '30' }[month] ?? '';
    return production(graph, this.of, { from: `${month}-01`, to: `${month}-${to}` });
  }

  private async step(name: string, month: string): Promise<string[]> {
    const field = `financialPeriod${name}`;
    const id = this.of.id(periodRowId({ type: 'MONTH', from: `${month}-01` }));
    const answer = await graph.get(
      this.clerk,
      `mutation ($id: ID!, $k: String!) { ${field}(id: $id, input: { idempotencyKey: $k, reason: "history" }) {
         financialPeriod { version } userErrors { code } } }`,
      { id, k: aKey() },
    );
    const version = (answer[field].financialPeriod?.version ?? 0) as number;
    if (name === 'StartClosing' && version > 0) {
      await this.confirm(month, version);
      await stepDaySheets(graph, this.of, month, 'Close');
    }
    return answer[field].userErrors.map((error: { code: string }) => error.code);
  }

  private async confirm(month: string, version: number): Promise<void> {
    for (const domain of DOMAINS) {
      const data = { month: `${month}-01`, domain, version };
      const event = eventOf(this.of.clinicId, factOf('period.confirmed', domain + month, data), new Date());
      expect((await graph.deliver(event)).status).toBe(204);
    }
  }

  /** An adjustment as the other domain tells of it: only of months that it may still post into. */
  private async adjust(adjustmentDate: string, cents: number): Promise<void> {
    if (this.closed.has(adjustmentDate.slice(0, 7)) || cents === 0) return;
    const data: AdjustmentPosted = anAdjustment(this.of, {
      id: newId(),
      amount: new Decimal(cents).div(100),
      adjustmentDate,
    });
    const event = eventOf(this.of.clinicId, factOf('adjustment.posted', data.id, data), new Date());
    expect((await graph.deliver(event)).status).toBe(204);
  }

  async run(command: Command): Promise<void> {
    if (command.kind === 'reverse') {
      const id = this.entries[command.pick % Math.max(this.entries.length, 1)];
      if (id === undefined) return;
      const dateBasis = command.isOriginal ? 'ORIGINAL_DATE' : 'POSTED_DATE';
      await reverse(graph, this.of, id, { dateBasis }, this.clerk);
      return;
    }
    const month = MONTHS[command.month] as string;
    const isClosed = this.closed.has(month);
    if (command.kind === 'record') {
      const at = `${month}-${String(command.day + 1).padStart(2, '0')}T12:00:00Z`;
      const gross = (command.cents / 100).toFixed(2);
      const answer = await record(graph, this.of, { occurredAt: at, gross }, this.clerk);
      expect(answer.userErrors.map(({ code }) => code)).toEqual(isClosed ? ['PERIOD_CLOSED'] : []);
      if (!isClosed) this.entries.push(answer.productionEntry.id);
    } else if (command.kind === 'adjust') {
      await this.adjust(`${month}-${String(command.day + 1).padStart(2, '0')}`, command.cents);
    } else if (command.kind === 'close') {
      const codes = [...(await this.step('StartClosing', month)), ...(await this.step('Close', month))];
      if (!isClosed) {
        expect(codes).toEqual([]);
        this.closed.set(month, await this.totals(month));
      }
    } else if (command.kind === 'lock') {
      await this.step('Lock', month);
    } else if ((await this.step('Reopen', month)).length === 0) {
      this.closed.delete(month);
      await stepDaySheets(graph, this.of, month, 'Reopen');
    }
  }
}

test('totals of a closed month never change, whatever is recorded, reversed or adjusted afterwards (C-R13)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 6, maxLength: 22 }), async (commands) => {
      const of = await aPractice(graph, 3);
      const history = new History(of);
      for (const each of commands) {
        await history.run(each);
        for (const [month, totals] of history.closed)
          expect([month, await history.totals(month)]).toEqual([month, totals]);
      }
      expect(await differences(graph, of.clinicId)).toEqual([]);
    }),
    { numRuns: 8, seed: 20260630 },
  );
}, 60_000);
