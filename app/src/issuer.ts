import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '@practice-graph/kit/postgres';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { demoClaims } from './persona-claims';
import { personaNamed, PERSONAS } from './personas';

export const ISSUER = 'https://demo.practice-graph.invalid';
export const AUDIENCE = 'practice-graph';
export const ALGORITHM = 'ES256';
const LIFETIME = '12h';

/** Issues tokens of the demo personas, with a key of its own that never leaves the data folder. */
export interface DemoIssuer {
  readonly jwks: JSONWebKeySet;
  /** Token of a persona; throws SetupError when there is none of that name. */
  token(persona: string): Promise<string>;
}

/**
 * Opens the issuer of a data folder, making its key on first use.
 * @throws SetupError in production, where whoever can ask would become anybody
 */
export async function openIssuer(options: {
  directory: string;
  isProduction: boolean;
  size: 'demo' | 'tiny';
}): Promise<DemoIssuer> {
  if (options.isProduction) {
    throw new SetupError(
      'The demo issuer gives tokens to anybody and refuses NODE_ENV=production: run the separate programs with your own issuer.',
    );
  }
  const key = await keyOf(options.directory);
  const signer = await importJWK(key, ALGORITHM);
  const { d: _private, ...published } = key;
  return {
    jwks: { keys: [published] },
    token: async (name) => {
      const persona = personaNamed(name);
      if (persona === undefined) {
        throw new SetupError(
          `There is no persona ${name || '(none)'}: choose one of ${PERSONAS.map((each) => each.name).join(', ')}.`,
        );
      }
      return await new SignJWT(demoClaims(persona, options.size))
        .setProtectedHeader({ alg: ALGORITHM, kid: key.kid ?? '' })
        .setSubject(`demo-${persona.name}`)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(LIFETIME)
        .sign(signer);
    },
  };
}

async function keyOf(directory: string): Promise<JWK> {
  const file = join(directory, 'issuer-key.json');
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const made = await exportJWK(privateKey);
    const key = { ...made, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(made) };
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}
