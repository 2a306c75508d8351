import { clinicIdOf, recordIdOf, type Viewer } from '@practice-graph/kit/identity';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

import type { TokenIssuer } from '../options.types';

/** What a token says about its bearer; the rest of the viewer belongs to the request. */
export type Bearer = Omit<Viewer, 'ip' | 'requestId'> & { readonly trustedDocumentsOnly: boolean };

/** The caller cannot be told; `reason` is for the log, never for the caller. */
export class Unauthenticated extends Error {
  constructor(
    readonly kind: 'missing' | 'invalid' | 'unavailable',
    readonly reason: string,
  ) {
    super(reason);
  }
}

const list = z.union([z.string().transform((text) => text.split(' ').filter(Boolean)), z.array(z.string())]);

const Claims = z.object({
  sub: z.string().min(1),
  role: z.string().nullish(),
  scope: list.default([]),
  clinics: z.array(z.string()).default([]),
  locations: z.array(z.string()).optional(),
  providers: z.array(z.string()).optional(),
  points: z.array(z.string()).optional(),
  aggregate_only: z.boolean().default(false),
  purpose: z.string().nullish(),
  trusted_documents_only: z.boolean().default(false),
});

/** Verified tokens are remembered this long, so that a burst of requests verifies one signature. */
const REMEMBER_SECONDS = 60;
const REMEMBER_TOKENS = 2_000;
const CLOCK_TOLERANCE_SECONDS = 5;

/** Tells who bears a token: signature by the issuer's published keys; algorithms, issuer and audience are pinned. */
export function tokenReader(issuer: TokenIssuer): (authorization: string | undefined) => Promise<Bearer> {
  const keys = keySource(issuer);
  const known = new Map<string, { bearer: Bearer; until: number }>();

  return async (authorization) => {
    const token = /^Bearer +([A-Za-z0-9_.~+/=-]+) *$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('missing', 'no bearer token');

    const now = Math.floor(Date.now() / 1000);
    const remembered = known.get(token);
    if (remembered && remembered.until > now) return remembered.bearer;

    const payload = await verified(token, keys, issuer);
    const bearer = bearerOf(payload);
    if (known.size >= REMEMBER_TOKENS) known.delete(known.keys().next().value as string);
    known.set(token, { bearer, until: Math.min(payload.exp ?? now, now + REMEMBER_SECONDS) });
    return bearer;
  };
}

function keySource(issuer: TokenIssuer): JWTVerifyGetKey {
  if (issuer.jwks) return createLocalJWKSet(issuer.jwks);
  if (issuer.jwksUrl) return createRemoteJWKSet(new URL(issuer.jwksUrl), { timeoutDuration: 5_000 });
  throw new Error('the token issuer has neither keys nor an address of keys');
}

async function verified(token: string, keys: JWTVerifyGetKey, issuer: TokenIssuer): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: [...issuer.algorithms],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Keys that cannot be fetched are our trouble, not a bad token: the caller shall try again and not sign in anew.
    const isOurs = !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout;
    throw new Unauthenticated(isOurs ? 'unavailable' : 'invalid', reason);
  }
}

function bearerOf(payload: JWTPayload): Bearer {
  const read = Claims.safeParse(payload);
  if (!read.success) throw new Unauthenticated('invalid', `claims: ${z.prettifyError(read.error)}`);
  const claims = read.data;
  const restrictions: Record<string, readonly string[]> = {};
  if (claims.locations) restrictions['locations'] = claims.locations.map(rowId);
  if (claims.providers) restrictions['providers'] = claims.providers.map(rowId);
  if (claims.points) restrictions['points'] = claims.points;
  return {
    subject: claims.sub,
    role: claims.role ?? null,
    scopes: claims.scope,
    clinicIds: claims.clinics.map(clinicId),
    restrictions,
    aggregateOnly: claims.aggregate_only,
    purpose: claims.purpose ?? null,
    trustedDocumentsOnly: claims.trusted_documents_only,
  };
}

/** A claim that cannot be read must never widen what a caller sees, so it makes the whole token invalid. */
function clinicId(text: string): string {
  const id = clinicIdOf(text);
  if (!id) throw new Unauthenticated('invalid', 'a clinic of the token is malformed');
  return id;
}

function rowId(text: string): string {
  const id = recordIdOf(text)?.id ?? (/^[0-9a-f-]{36}$/i.test(text) ? clinicIdOf(text) : undefined);
  if (!id) throw new Unauthenticated('invalid', 'a restriction of the token is malformed');
  return id;
}
