import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { clinicId, organisationsOf, providerId, type DemoSize } from './demo/organisation';
import type { Persona } from './personas';

/** What the token of a persona says besides subject and times. */
export interface DemoClaims {
  readonly [claim: string]: unknown;
  readonly role: string;
  readonly scope: string;
  readonly clinics: readonly string[];
  readonly providers?: readonly string[];
  readonly points?: readonly string[];
  readonly aggregate_only?: true;
}

/** Claims in the identifiers of the API. A clinic that the size of the demo data does not have is left out. */
export function demoClaims(persona: Persona, size: DemoSize): DemoClaims {
  const present = organisationsOf(size).map((organisation) => organisation.key);
  const { providers, points } = persona.restrictions ?? {};
  return {
    role: persona.role,
    scope: persona.scopes.join(' '),
    clinics: persona.clinics
      .filter((clinic) => present.includes(clinic))
      .map((clinic) => clinicIdText(clinicId(clinic))),
    ...(providers && {
      providers: providers.flatMap((code) =>
        persona.clinics.map((clinic) => recordIdText(clinicId(clinic), providerId(clinic, code))),
      ),
    }),
    ...(points && { points }),
    ...(persona.aggregateOnly === true && { aggregate_only: true }),
  };
}
