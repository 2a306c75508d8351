import { clinicIdOf, signIdentity, IDENTITY_HEADER, type Viewer } from '@practice-graph/kit/identity';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';
import { randomUUID } from 'node:crypto';

/** Number of the caller, by which a gateway that reads no tokens learns who asks. */
export const CALLER_HEADER = 'x-bench-caller';
export const ISSUER = 'https://bench.practice-graph.invalid';
export const AUDIENCE = 'practice-graph';
export const ALGORITHM = 'ES256';

/** A prime, so that neighbouring requests never have the caller or the question in common. */
const CALLERS = 199;

/** What all callers may do; they differ in name only. */
export interface Claims {
  readonly role: string;
  readonly scope: string;
  /** Opaque identifiers of clinics. */
  readonly clinics: readonly string[];
}

/** Callers as the peers know them: the identity that our gateway would read from the token. */
export type KnownCaller = Omit<Viewer, 'requestId'>;

export interface Callers {
  readonly jwks: JSONWebKeySet;
  readonly known: readonly KnownCaller[];
  /** Headers of each caller: a token for our gateway, the caller's number for the others. */
  readonly headers: readonly Readonly<Record<string, string>>[];
}

/** As many callers as there are requests in flight and more: no gateway gains by merging equal requests of one caller. */
export async function makeCallers(claims: Claims): Promise<Callers> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: ALGORITHM, use: 'sig', kid: 'bench' }] };
  const clinicIds = claims.clinics.map((clinic) => {
    const id = clinicIdOf(clinic);
    if (id === undefined) throw new Error(`${clinic} is not the identifier of a clinic`);
    return id;
  });
  const known: KnownCaller[] = [];
  const headers: Record<string, string>[] = [];
  for (let n = 0; n < CALLERS; n += 1) {
    const subject = `bench-${String(n)}`;
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, kid: 'bench' })
      .setSubject(subject)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('4h')
      .sign(privateKey);
    headers.push({ authorization: `Bearer ${token}`, [CALLER_HEADER]: String(n) });
    known.push({
      ...{ subject, role: claims.role, scopes: claims.scope.split(' '), clinicIds, restrictions: {} },
      ...{ aggregateOnly: false, purpose: null, ip: '127.0.0.1' },
    });
  }
  return { jwks, known, headers };
}

/**
 * The identity header of one request for each subgraph, signed once per request and subgraph as our gateway does.
 * Peers forward what this answers, so that they carry the same load and the subgraphs see the same callers.
 */
export function identityOf(known: readonly KnownCaller[], secret: string) {
  return (caller: string | undefined): ((subgraph: string) => Record<string, string>) => {
    const requestId = randomUUID().replaceAll('-', '');
    const signed = new Map<string, string>();
    const viewer = known[Number(caller)];
    return (subgraph) => {
      if (viewer === undefined) return {};
      let identity = signed.get(subgraph);
      if (identity === undefined)
        signed.set(subgraph, (identity = signIdentity({ ...viewer, requestId }, subgraph, secret)));
      return { [IDENTITY_HEADER]: identity };
    };
  };
}
