import type { Question } from './operations';

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

export interface Difference {
  readonly question: string;
  readonly contender: string;
  /** Where the answers part, as a path into the answer. */
  readonly at: string;
}

/** Puts one question as one caller. */
export async function put(
  url: string,
  question: Omit<Question, 'name'>,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: question.query, variables: question.variables }),
  });
  return (await response.json()) as Answer;
}

/** The first place at which two answers part; the order of an object's members counts for nothing. */
export function parting(one: unknown, other: unknown, path = ''): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return path || '(root)';
  if (Array.isArray(one) !== Array.isArray(other)) return path;
  const left = one as Record<string, unknown>;
  const right = other as Record<string, unknown>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const name of names) {
    const at = path === '' ? name : `${path}.${name}`;
    if (!(name in left) || !(name in right)) return at;
    const found = parting(left[name], right[name], at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where two answers part: in their data, or in the places of their errors (their words are each gateway's own). */
export function partingOfAnswers(one: Answer, other: Answer): string | undefined {
  const found = parting(one.data ?? null, other.data ?? null, 'data');
  if (found !== undefined) return found;
  const places = ({ errors }: Answer): string[] => (errors ?? []).map(({ path }) => (path ?? []).join('.')).sort();
  return parting(places(one), places(other), 'errors');
}
