import { Refused, type Refusal } from './refusals';

/** Most characters of a name, a code or an identifier: far below what an index can hold. */
export const NAME_MAX = 200;
/** Most characters of a reason or remark. */
export const NOTE_MAX = 2_000;

type Given = string | null | undefined;

/** Why a text of a caller is not taken: it is too long; null when it is not. */
export function lengthProblem(given: Given, most: number, path: readonly string[]): Refusal | null {
  if ((given?.trim() ?? '').length <= most) return null;
  const member = path.at(-1) ?? 'text';
  return { code: 'INVALID', message: `${member} takes at most ${String(most)} characters.`, path };
}

function trimmed(given: Given, most: number, path: readonly string[]): string | null {
  const text = given?.trim() ?? '';
  const problem = lengthProblem(text, most, path);
  if (problem) throw new Refused(problem);
  return text === '' ? null : text;
}

/** A name or identifier without blanks around it; blank is none. Refuses INVALID when it is too long. */
export const nameOf = (given: Given, path: readonly string[]): string | null => trimmed(given, NAME_MAX, path);

/** The same of a reason or remark. */
export const noteOf = (given: Given, path: readonly string[]): string | null => trimmed(given, NOTE_MAX, path);
