import { Field, ID, InputType, registerEnumType } from 'type-graphql';

export const PerformanceDimension = {
  LOCATION: 'LOCATION',
  PROVIDER: 'PROVIDER',
} as const;
export type PerformanceDimension = keyof typeof PerformanceDimension;
registerEnumType(PerformanceDimension, {
  name: 'PerformanceDimension',
  description: 'What a row of the scorecard stands for.',
  valuesConfig: {
    LOCATION: { description: 'One row per location, and one for facts that name none.' },
    PROVIDER: { description: 'One row per provider, and one for facts that name none.' },
  },
});

@InputType('PerformanceFilter', {
  description: 'Narrows the scorecard; members are combined with AND, list members with OR.',
})
export class PerformanceFilter {
  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Providers to include.' })
  providerIds?: string[] | null | undefined;
}
