import {
  AfterArg,
  ClinicArg,
  CurrencyCode,
  DateTimeScalar,
  FirstArg,
  Money,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
  type Decimal,
} from '@practice-graph/kit';
import {
  clinicCopies,
  Period,
  PeriodInput,
  periodOf,
  requireRows,
  todayAt,
  type ResolvedPeriod,
} from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { notePatientRead } from '../entries/adjustment-entry.loader';
import { WriteOffDateBasis } from './write-off-date-basis.types';
import { disagreements, totalsOfBases } from './write-off-reconciliation.service';
import { WriteOffReconciliationRow, WriteOffReconciliationRowConnection } from './write-off-reconciliation.types';

/** A page of disagreements with what is the same for all of them. */
interface Reconciled {
  readonly period: ResolvedPeriod;
  readonly currency: string;
  readonly asOf: Date;
  readonly basisA: WriteOffDateBasis;
  readonly basisB: WriteOffDateBasis;
  readonly totalA: Decimal;
  readonly totalB: Decimal;
}

@Resolver(() => WriteOffReconciliationRowConnection)
export class WriteOffReconciliationResolver {
  @Scopes(['finance:view_reports'])
  @PagedList()
  @Query(() => WriteOffReconciliationRowConnection, {
    nullable: true,
    description:
      'Why two reports of the same days disagree: the entries that fall into the period under one dating basis but not under the other, largest amount first, with both dates and both totals.',
  })
  async writeOffReconciliation(
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('basisA', () => WriteOffDateBasis, {
      description: 'First dating basis, for example that of the billing system.',
    })
    basisA: WriteOffDateBasis,
    @Arg('basisB', () => WriteOffDateBasis, { description: 'Second dating basis.' }) basisB: WriteOffDateBasis,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<object | null> {
    requireRows(context.viewer);
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const { currency, fiscalYearStartMonth } = clinic;
    const days = periodOf(period, { today: todayAt(tx, clinic), fiscalYearStartMonth });
    const of = { clinicId, days, basisA, basisB };
    const [totals, page] = await Promise.all([totalsOfBases(tx, of), disagreements(tx, of, { first, after })]);
    const shown = <R extends object>(row: R) => Object.assign(new WriteOffReconciliationRow(), row, { currency });
    notePatientRead(
      context,
      page.nodes.map(({ entry }) => entry),
      { entityType: 'AdjustmentEntry', filter: { days, basisA, basisB } },
    );
    const nodes = page.nodes.map(shown);
    return {
      ...page,
      ...{ nodes, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] })) },
      ...{ period: days, currency, asOf: tx.session.at, basisA, basisB, ...totals },
    };
  }

  @FieldResolver(() => Period, { description: 'Period as resolved.' })
  period(@Root() of: Reconciled): Period {
    return of.period;
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the totals.' })
  currency(@Root() of: Reconciled): string {
    return of.currency;
  }

  @FieldResolver(() => DateTimeScalar, { description: 'Instant up to which writes are counted.' })
  asOf(@Root() of: Reconciled): Date {
    return of.asOf;
  }

  @FieldResolver(() => WriteOffDateBasis, { description: 'First dating basis.' })
  basisA(@Root() of: Reconciled): WriteOffDateBasis {
    return of.basisA;
  }

  @FieldResolver(() => WriteOffDateBasis, { description: 'Second dating basis.' })
  basisB(@Root() of: Reconciled): WriteOffDateBasis {
    return of.basisB;
  }

  @FieldResolver(() => Money, {
    description: 'Insurance write-offs of the period under the first basis, as a report with it shows them.',
  })
  totalA(@Root() of: Reconciled): Decimal {
    return of.totalA;
  }

  @FieldResolver(() => Money, {
    description: 'Insurance write-offs of the period under the second basis, as a report with it shows them.',
  })
  totalB(@Root() of: Reconciled): Decimal {
    return of.totalB;
  }

  @FieldResolver(() => Money, {
    description:
      'First total minus second; the rows of all pages explain it: their first amounts minus their second ones add up to it.',
  })
  difference(@Root() of: Reconciled): Decimal {
    return of.totalA.minus(of.totalB);
  }
}
