import { PERSONAS, type Persona } from './personas';

/** The page of docs/ that tells who may do what in the demo. */
export function personaPage(): string {
  const scopes = [...new Set(PERSONAS.flatMap((persona) => persona.scopes))].sort();
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# Personas of the demo',
    '',
    'Generated from app/src/personas.ts. `npm run -s token -- --as owner` prints a token of one.',
    '',
    row(['Persona', 'Who', 'Role', 'Clinics', 'Narrowed to']),
    row(['---', '---', '---', '---', '---']),
    ...PERSONAS.map((persona) =>
      row([
        `\`${persona.name}\``,
        persona.title,
        persona.role,
        persona.clinics.join(', ') || 'none',
        narrowing(persona),
      ]),
    ),
    '',
    'Clinics: `group` is a practice group with orthodontic and medical-spa locations, `hospital` a second set of books of the same',
    "owners (only in the size demo), `foreign` somebody else's group.",
    '',
    '## Permissions',
    '',
    row(['Permission', ...PERSONAS.map((persona) => persona.name)]),
    row(['---', ...PERSONAS.map(() => ':-:')]),
    ...scopes.map((scope) =>
      row([`\`${scope}\``, ...PERSONAS.map((persona) => (persona.scopes.includes(scope) ? 'x' : ''))]),
    ),
    '',
  ].join('\n');
}

function narrowing(persona: Persona): string {
  const restrictions = Object.entries(persona.restrictions ?? {}).map(([kind, codes]) => `${kind} ${codes.join(', ')}`);
  if (persona.aggregateOnly === true) restrictions.push('sums only');
  return restrictions.join('; ') || 'nothing';
}
