import { ApiField } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { Clinic } from './clinic.entity';
import { Location } from './location.entity';
import { Provider } from './provider.entity';

const WHY = 'Why the change was refused; empty when it was made.';

@ObjectType('ClinicPayload', { simpleResolvers: true, description: 'Result of a change: the saved clinic.' })
export class ClinicPayload {
  @ApiField(() => Clinic, { nullable: true, description: 'The saved clinic; null when refused.' })
  clinic: Clinic | null = null;

  @ApiField(() => [UserError], { description: WHY })
  userErrors: UserError[] = [];
}

@ObjectType('LocationPayload', { simpleResolvers: true, description: 'Result of a change: the saved location.' })
export class LocationPayload {
  @ApiField(() => Location, { nullable: true, description: 'The saved location; null when refused.' })
  location: Location | null = null;

  @ApiField(() => [UserError], { description: WHY })
  userErrors: UserError[] = [];
}

@ObjectType('ProviderPayload', { simpleResolvers: true, description: 'Result of a change: the saved provider.' })
export class ProviderPayload {
  @ApiField(() => Provider, { nullable: true, description: 'The saved provider; null when refused.' })
  provider: Provider | null = null;

  @ApiField(() => [UserError], { description: WHY })
  userErrors: UserError[] = [];
}
