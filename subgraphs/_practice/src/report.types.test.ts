import { buildFederatedSchema, Decimal } from '@practice-graph/kit';
import { graphql } from 'graphql';
import { Arg, Query, Resolver } from 'type-graphql';
import {
  calendarAt,
  CompareInput,
  Growth,
  growth,
  LotBalance,
  Period,
  PeriodInput,
  periodOf,
  Ratio,
  ratio,
  SkippedLot,
  WorkflowStepInput,
} from '.';

@Resolver()
class ReportResolver {
  @Query(() => Ratio)
  ratio(): Ratio {
    return ratio(2, 3);
  }

  @Query(() => Growth)
  growth(): Growth {
    return growth(new Decimal('150.00'), new Decimal(100));
  }

  @Query(() => Period)
  period(
    @Arg('period', () => PeriodInput) period: PeriodInput,
    @Arg('compareTo', () => CompareInput, { nullable: true }) _compareTo?: CompareInput,
    @Arg('step', () => WorkflowStepInput, { nullable: true }) _step?: WorkflowStepInput,
  ): Period {
    return periodOf(period, { today: '2026-06-30', fiscalYearStartMonth: 1 });
  }
}

@Resolver()
class OtherResolver {
  @Query(() => Ratio)
  share(): Ratio {
    return ratio(1, 4);
  }
}

test('the shared types answer what the rules compute', async () => {
  const { schema } = await buildFederatedSchema({
    resolvers: [ReportResolver],
    orphanedTypes: [SkippedLot, LotBalance],
    references: {},
  });
  const answer = await graphql({
    schema,
    source: `{ ratio { numerator denominator value status }
      growth { previous absolute growthRate growthStatus direction }
      period(period: { preset: LAST_3_MONTHS }) { from to label } }`,
  });
  expect(answer).toEqual({
    data: {
      ratio: { numerator: '2', denominator: '3', value: '0.666667', status: 'COMPUTED' },
      growth: { previous: '100.00', absolute: '50.00', growthRate: '0.5', growthStatus: 'COMPUTED', direction: 'UP' },
      period: { from: '2026-04-01', to: '2026-06-30', label: 'Last 3 months' },
    },
  });
});

test('two subgraphs of one process share the classes and mix nothing up', async () => {
  const first = await buildFederatedSchema({ resolvers: [ReportResolver], references: {} });
  const second = await buildFederatedSchema({ resolvers: [OtherResolver], references: {} });
  const again = await buildFederatedSchema({ resolvers: [ReportResolver], references: {} });
  expect(again.sdl).toBe(first.sdl);
  expect(second.sdl).toContain('type Ratio @shareable');
  expect(second.sdl).not.toContain('PeriodInput');
  expect(first.sdl).toContain('input PeriodInput');
});

test('a month to date is that of the clinic, or of the location for its own fields', () => {
  const clinic = { timeZone: 'America/New_York', fiscalYearStartMonth: 1 };
  const lastEvening = new Date('2026-01-31T23:30:00Z');
  const month = (location?: { timeZone: string }) =>
    periodOf({ preset: 'CURRENT_MONTH' }, calendarAt(lastEvening, clinic, location)).from;
  expect(month()).toBe('2026-01-01');
  expect(month({ timeZone: 'Africa/Lagos' })).toBe('2026-02-01');
});

test('a bad range is a refusal with its code', () => {
  const range = { from: '2026-03-02', to: '2026-03-01' };
  expect(() => periodOf({ range }, { today: '2026-06-30', fiscalYearStartMonth: 1 })).toThrow(
    expect.objectContaining({
      refusals: [{ code: 'BAD_RANGE', message: expect.any(String) as string, path: ['period', 'range'] }],
    }) as Error,
  );
});
