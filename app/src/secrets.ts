import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectory, readSecret } from '@practice-graph/kit/postgres';

export interface Secrets {
  /** Signs the caller's identity between gateway and subgraphs. */
  readonly identity: string;
  /** Signs events between subgraphs. */
  readonly events: string;
  /** Key of the hashes under which the audit trail knows a person. */
  readonly audit: string;
  /** Password of a database role. */
  readonly password: (role: string) => string;
}

/** Everything secret is derived from one text, so that one text is kept and handed over. */
export function secretsFrom(text: string): Secrets {
  const derive = (purpose: string): string => createHmac('sha256', text).update(purpose).digest('base64url');
  return {
    identity: derive('identity'),
    events: derive('events'),
    audit: derive('audit'),
    password: (role) => derive(`role ${role}`),
  };
}

/** The secrets of a data folder, made on first use in a file that only its owner can read. */
export function openSecrets(directory: string): Secrets {
  makeDirectory(directory);
  return secretsFrom(readSecret(join(directory, 'secret')));
}
