import { ApiField, DateScalar } from '@practice-graph/kit';
import { FinancialPeriodType, type Day } from '@practice-graph/practice';
import { Directive, ID, ObjectType } from 'type-graphql';

/** A period of the books as its owner names it; this domain adds what is still open in it. */
@Directive('@key(fields: "clinicId type from to")')
@ObjectType('FinancialPeriod', {
  simpleResolvers: true,
  description: 'A month, quarter or year of the books with its lock; each domain adds what is still open in it.',
})
export class FinancialPeriod {
  @ApiField(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @ApiField(() => FinancialPeriodType, { description: 'Length of the period.' })
  type: FinancialPeriodType;

  @ApiField(() => DateScalar, { description: 'First business day counted.' })
  from: Day;

  @ApiField(() => DateScalar, { description: 'Last business day counted.' })
  to: Day;
}
