import { SetupError } from '@practice-graph/kit/postgres';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { readMigrateSettings, readSettings } from '../src/env';
import { AUDIENCE, ISSUER, openIssuer } from '../src/issuer';
import { clinicIdOf, recordIdOf } from '@practice-graph/kit/identity';
import { demoIds } from '../src/demo/organisation';
import { personaPage } from '../src/persona-page';
import { PERSONAS } from '../src/personas';

const home = mkdtempSync(join(tmpdir(), 'practice-graph-settings-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('settings', () => {
  test('a newcomer sets nothing', () => {
    expect(readSettings({ PORT: '' })).toEqual({
      isProduction: false,
      host: '127.0.0.1',
      port: 4000,
      directory: resolve('.data'),
      demo: 'demo',
      databaseUrl: undefined,
      clock: undefined,
      logLevel: 'warn',
    });
  });

  test.each([
    [{ PORT: 'four' }, 'PORT must be a number from 0 to 65535'],
    [{ PORT: '80808' }, 'PORT must be a number from 0 to 65535'],
    [{ DEMO: 'big' }, 'DEMO must be demo, tiny or none'],
    [{ CLOCK: 'noon' }, 'CLOCK must be an instant such as 2026-06-30T14:00:00Z'],
    [{ DATABASE_URL: 'here' }, 'DATABASE_URL must be an address'],
  ])('%j is told in one line', (env, line) => {
    expect(() => readSettings(env)).toThrow(line);
    expect(() => readSettings(env)).toThrow(SetupError);
  });

  test('a password given for a subgraph serves its service and its worker, never the owner of the tables', () => {
    const { rolePassword } = readMigrateSettings({ ROLE_PASSWORD_APPLIANCE_SUPPLY: 'given' });

    expect(['app', 'worker', 'owner'].map((kind) => rolePassword(`appliance_supply_${kind}`))).toEqual([
      'given',
      'given',
      undefined,
    ]);
  });
});

describe('the demo issuer', () => {
  const options = { directory: home, isProduction: false, size: 'demo' as const };

  test('signs what its published key verifies, also after it is opened again', async () => {
    const first = await openIssuer(options);
    const again = await openIssuer(options);

    const { payload } = await jwtVerify(await again.token('doctor'), createLocalJWKSet(first.jwks), {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256'],
    });

    expect(payload.sub).toBe('demo-doctor');
    expect((payload['clinics'] as string[]).map(clinicIdOf)).toEqual([demoIds.clinics.group]);
    expect((payload['providers'] as string[]).map(recordIdOf)).toEqual([
      { clinicId: demoIds.clinics.group, id: demoIds.providers.doctor },
    ]);
    expect(JSON.stringify(first.jwks)).not.toContain('"d"');
    expect(statSync(join(home, 'issuer-key.json')).mode & 0o777).toBe(0o600);
  });

  test('refuses production and unknown personas', async () => {
    await expect(openIssuer({ ...options, isProduction: true })).rejects.toThrow('refuses NODE_ENV=production');
    await expect((await openIssuer(options)).token('king')).rejects.toThrow(
      'There is no persona king: choose one of owner, accountant',
    );
  });
});

describe('personas', () => {
  const scopesOf = (name: string) => PERSONAS.find((persona) => persona.name === name)?.scopes ?? [];

  test.each(['owner', 'accountant', 'analyst'])('%s may ask the whole of Q1', (name) => {
    expect(scopesOf(name)).toEqual(expect.arrayContaining(['finance:view_revenue', 'appliance:read']));
  });

  test('who approves does not record the same stock movements, and only the operator creates clinics', () => {
    expect(scopesOf('supervisor')).not.toContain('inventory:adjust');
    expect(scopesOf('inventory-manager')).not.toContain('inventory:approve');
    expect(PERSONAS.filter(({ scopes }) => scopes.includes('platform:admin')).map(({ name }) => name)).toEqual([
      'operator',
    ]);
  });

  test('the outsider may do as much as the owner, elsewhere', () => {
    expect(scopesOf('outsider')).toEqual(scopesOf('owner'));
    expect(PERSONAS.find(({ name }) => name === 'outsider')?.clinics).toEqual(['foreign']);
  });

  test('all stand on the page of the docs', () => {
    for (const { name } of PERSONAS) expect(personaPage()).toContain(`| \`${name}\` |`);
  });
});
