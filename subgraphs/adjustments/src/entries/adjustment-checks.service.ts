import { refuse } from '../refusals';

const TEXT_MAX = 2_000;

/** Text of a caller without blanks around it; blank is none. Refuses INVALID when it is too long. */
export function textOf(given: string | null | undefined, path: string): string | null {
  const text = given?.trim() ?? '';
  if (text.length > TEXT_MAX)
    throw refuse('INVALID', `${path} takes at most ${String(TEXT_MAX)} characters.`, ['input', path]);
  return text === '' ? null : text;
}
