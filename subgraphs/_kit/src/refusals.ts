import { GraphQLError } from 'graphql';
import { Directive, Field, Mutation, ObjectType, registerEnumType, UseMiddleware, type ClassType } from 'type-graphql';

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
}

/** An expected no: thrown inside a transaction, so that it rolls back, and shown as data outside. */
export class Refused extends Error {
  readonly refusals: readonly Refusal[];
  constructor(refusals: Refusal | readonly Refusal[]) {
    const list = Array.isArray(refusals) ? (refusals as readonly Refusal[]) : [refusals as Refusal];
    super(list.map((r) => `${r.code}: ${r.message}`).join('; '));
    this.name = 'Refused';
    this.refusals = list;
  }
}

/** Codes that the kit itself uses; every subgraph has them. */
export const KIT_CODES = {
  INVALID: 'A value is missing or has the wrong form; the message says which.',
  NOT_FOUND: "A record named in the input does not exist or is outside the caller's reach.",
  STALE_VERSION: 'The record changed since the caller read it; read it again.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used before with other data.',
  CONFLICT_RETRY: 'A request with the same key, or one that locks the same records, is still running; try again.',
} as const;

export type KitCode = keyof typeof KIT_CODES;

/** Refuses with a code of the kit. */
export const refuseKit = (code: KitCode, message: string, path: readonly string[] | null = null): Refused =>
  new Refused({ code, message, path });

/** A request that is not well formed: an error of the request, not data. `path` names the argument. */
export const badInput = (message: string, path: readonly string[]): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argumentPath: path } });

/** A request that the caller's permissions do not cover: an error of the request, with a sentence that says why. */
export const forbidden = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

export interface UserErrorShape {
  code: string;
  message: string;
  path: string[] | null;
}

/**
 * The whole list of a subgraph's refusals: makes its enum, its UserError class and the typed `refuse`.
 * A code that is not in the list does not compile.
 */
export function refusals<C extends Record<string, string>>(codes: C) {
  const all = { ...KIT_CODES, ...codes };
  type Code = (keyof C & string) | KitCode;
  const UserErrorCode = Object.fromEntries(Object.keys(all).map((code) => [code, code])) as Record<Code, Code>;
  registerEnumType(UserErrorCode, {
    name: 'UserErrorCode',
    description: 'Why a change was refused. Each domain has its own codes, and codes may be added.',
    valuesConfig: Object.fromEntries(
      Object.entries(all).map(([code, description]) => [code, { description }]),
    ) as never,
  });

  @Directive('@shareable')
  @ObjectType('UserError', {
    simpleResolvers: true,
    description:
      'A business rule refused the change. The request was well formed and nothing was written, unless the mutation says it may succeed in part.',
  })
  class UserError implements UserErrorShape {
    @Field(() => UserErrorCode, { description: 'Stable code to branch on; new codes may be added.' })
    code: Code;

    @Field(() => String, { description: 'One sentence for a person, in plain words.' })
    message: string;

    @Field(() => [String], {
      nullable: true,
      description:
        'Where in the arguments the cause lies, for example ["input", "lines", "0", "quantity"]. Null when no single argument is to blame.',
    })
    path: string[] | null;
  }

  const refuse = (code: Code, message: string, path: readonly string[] | null = null): Refused =>
    new Refused({ code, message, path });

  return { codes: all as Record<Code, string>, UserErrorCode, UserError, refuse };
}

/** The refusals behind an error, in the shape of the API; anything else is thrown on. */
export function userErrors(error: unknown): UserErrorShape[] {
  if (!(error instanceof Refused)) throw error;
  return error.refusals.map(({ code, message, path }) => ({ code, message, path: path && [...path] }));
}

/**
 * A mutation whose refusals become `userErrors` of its payload. The field is nullable, so that a domain that is away
 * empties its own part only; members of the payload that may not be null take their empty value from the class.
 */
export const Change =
  (payload: () => ClassType, options: { description: string; name?: string }): MethodDecorator =>
  (target, key, descriptor) => {
    Mutation(payload as never, { nullable: true, ...options })(target, key as string, descriptor);
    UseMiddleware(async (_, next) => {
      try {
        return (await next()) as unknown;
      } catch (error) {
        return Object.assign(new (payload())(), { userErrors: userErrors(error) });
      }
    })(target, key as string, descriptor as never);
  };

/** A payload class: the thing that was changed and why it was not, exactly as every mutation answers. */
export interface Payload {
  userErrors: UserErrorShape[];
}
