import { GraphQLError, Kind, visit, type DocumentNode } from 'graphql';

/** Half a character of a pair, or the zero character: PostgreSQL stores neither, so neither is ever meant. */
const readable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

const refusal = (place: string | null): GraphQLError =>
  new GraphQLError('A text holds characters that are none: a zero character or half of a pair.', {
    extensions: { code: 'BAD_USER_INPUT', argumentPath: place },
  });

/** Where in the values of variables an unreadable text stands, as "input.lines.0.lotNumber"; null when nowhere. */
function unreadable(value: unknown, place: string): string | null {
  if (typeof value === 'string') return readable(value) ? null : place;
  if (value === null || typeof value !== 'object') return null;
  for (const [key, member] of Object.entries(value)) {
    const found = unreadable(member, place === '' ? key : `${place}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** Errors of the texts written in a document itself. */
export function unreadableLiterals(document: DocumentNode): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  visit(document, {
    [Kind.STRING]: ({ value }) => {
      if (!readable(value)) errors.push(refusal(null));
    },
  });
  return errors;
}

/** The error of the first unreadable text among the variables, with its place; null when all can be read. */
export function unreadableVariable(variables: Readonly<Record<string, unknown>> | undefined): GraphQLError | null {
  const place = unreadable(variables ?? {}, '');
  return place === null ? null : refusal(place);
}
