import { refuse } from '../refusals';

const TEXT_MAX = 2_000;
/** Names and identifiers stand in keys and indexes, which take no more. */
const NAME_MAX = 200;

function trimmed(given: string | null | undefined, path: string, most: number): string | null {
  const text = given?.trim() ?? '';
  if (text.length > most) throw refuse('INVALID', `${path} takes at most ${String(most)} characters.`, ['input', path]);
  return text === '' ? null : text;
}

/** Text of a caller without blanks around it; blank is none. Refuses INVALID when it is too long. */
export const textOf = (given: string | null | undefined, path: string): string | null => trimmed(given, path, TEXT_MAX);

/** The same of a name or an identifier of another system. */
export const nameOf = (given: string | null | undefined, path: string): string | null => trimmed(given, path, NAME_MAX);
