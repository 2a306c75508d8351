import { createHmac, timingSafeEqual } from 'node:crypto';

/** The caller as every domain sees it: who asks, for which clinics, with which permissions, narrowed to what. */
export interface Viewer {
  /** User or partner client that the token names. */
  readonly subject: string;
  readonly role: string | null;
  readonly scopes: readonly string[];
  /** Clinics within reach, as lower-case uuids. */
  readonly clinicIds: readonly string[];
  /** What answers are narrowed to, by kind (for example locations); a kind that is missing does not narrow. */
  readonly restrictions: Readonly<Record<string, readonly string[]>>;
  /** True for callers who may see sums only, never rows of single people. */
  readonly aggregateOnly: boolean;
  /** Declared purpose of reading, for the audit trail. */
  readonly purpose: string | null;
  readonly ip: string | null;
  /** Trace id of the request, equal in all domains that one request touches. */
  readonly requestId: string;
}

/** Header in which the gateway tells a subgraph who asks. */
export const IDENTITY_HEADER = 'x-graph-identity';

/** Time for which a signed identity is accepted; it covers one request, not a session. */
const LIFETIME_SECONDS = 30;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const seal = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('base64url');

/** Identity of a caller for one audience (a subgraph's name), valid for 30 seconds. */
export function signIdentity(viewer: Viewer, audience: string, secret: string, now = new Date()): string {
  const expires = Math.floor(now.getTime() / 1000) + LIFETIME_SECONDS;
  const body = Buffer.from(JSON.stringify({ ...viewer, aud: audience, exp: expires })).toString('base64url');
  return `${body}.${seal(body, secret)}`;
}

/** The caller behind a signed identity. Throws when the signature, the audience, the time or the form is wrong. */
export function verifyIdentity(text: string | undefined, audience: string, secret: string, now = new Date()): Viewer {
  const [body, signature, ...rest] = (text ?? '').split('.');
  if (!body || !signature || rest.length > 0) throw new Error('identity is missing or malformed');
  const expected = Buffer.from(seal(body, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('identity is forged');
  const { aud, exp, ...viewer } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Viewer & {
    aud: string;
    exp: number;
  };
  if (aud !== audience) throw new Error('identity is for another audience');
  if (exp * 1000 <= now.getTime()) throw new Error('identity has expired');
  if (!viewer.clinicIds.every((id) => UUID.test(id))) throw new Error('identity names a clinic that is not a uuid');
  return viewer;
}

/** Uuid behind a clinic's opaque identifier (or behind a plain uuid); undefined when it is neither. */
export function clinicIdOf(opaque: string): string | undefined {
  if (UUID.test(opaque.toLowerCase())) return opaque.toLowerCase();
  if (!/^[A-Za-z0-9_-]{22}$/.test(opaque)) return undefined;
  const bytes = Buffer.from(opaque, 'base64url');
  return bytes.toString('base64url') === opaque ? uuidOf(bytes) : undefined;
}

/** A row's opaque identifier taken apart: base64url of clinic uuid and row uuid (decision E-02). */
export function recordIdOf(opaque: string): { clinicId: string; id: string } | undefined {
  // The last character carries only 4 bits; refuse spellings that decode to the same bytes.
  if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(opaque)) return undefined;
  const hex = Buffer.from(opaque, 'base64url').toString('hex');
  return { clinicId: dashed(hex), id: dashed(hex.slice(32)) };
}

const uuidOf = (bytes: Buffer): string => dashed(bytes.toString('hex'));

/** The first 32 hexadecimal digits as a uuid. */
function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
const bytesOf = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** Opaque identifier of a clinic. */
export const clinicIdText = (clinicId: string): string => bytesOf(clinicId).toString('base64url');

/** Opaque identifier of a row of a clinic. */
export const recordIdText = (clinicId: string, id: string): string =>
  Buffer.concat([bytesOf(clinicId), bytesOf(id)]).toString('base64url');
