import { Field, ID, type ClassType, Int, Directive } from 'type-graphql';
import { Check, Column, PrimaryColumn, type ColumnOptions, type ValueTransformer } from 'typeorm';
import type { GraphQLScalarType } from 'graphql';
import { Decimal } from './decimal';
import { snakeCase } from './naming';
import { CurrencyCode, DateScalar, DateTimeScalar, DecimalScalar, Money, Quantity, TimeZone } from './scalars';

/** What a field says to the API and to the table. Every field has a description (the contract test asks for it). */
export interface FieldOptions {
  /** Sentence that an owner understands; shown in the explorer. */
  readonly description: string;
  readonly nullable?: boolean;
  /** Name in the API where it differs from the property. */
  readonly name?: string;
  readonly unique?: boolean;
  readonly default?: string | number | boolean;
  /** Scopes, any group of which the caller must hold whole. */
  readonly scopes?: readonly (readonly string[])[];
  readonly deprecationReason?: string;
}

type Thunk = () => GraphQLScalarType | ClassType | object | [object] | typeof String | typeof Boolean | typeof Int;

const both =
  (...decorators: (PropertyDecorator | undefined)[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate?.(target, key);
  };

const decimals: ValueTransformer = {
  to: (value: Decimal | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : new Decimal(value)),
};

/** Directive that names the permissions of a field; the gateway and every subgraph enforce it. */
export const Scopes = (...groups: readonly (readonly string[])[]) =>
  Directive(`@requiresScopes(scopes: ${JSON.stringify(groups)})`) as PropertyDecorator & MethodDecorator;

/** Field of the API without a column. */
export const ApiField = (type: Thunk, options: FieldOptions): PropertyDecorator & MethodDecorator =>
  ((target: object, key: string | symbol, descriptor?: TypedPropertyDescriptor<unknown>) => {
    const { description, nullable, name, deprecationReason, scopes } = options;
    const apply = Field(type as never, {
      description,
      ...(nullable === undefined ? {} : { nullable }),
      ...(name === undefined ? {} : { name }),
      ...(deprecationReason === undefined ? {} : { deprecationReason }),
    }) as unknown as (t: object, k: string | symbol, d?: TypedPropertyDescriptor<unknown>) => void;
    apply(target, key, descriptor);
    if (scopes) Scopes(...scopes)(target, key);
  }) as PropertyDecorator & MethodDecorator;

const column = (options: FieldOptions, shape: ColumnOptions): PropertyDecorator =>
  Column({
    ...shape,
    ...(options.nullable ? { nullable: true } : {}),
    ...(options.default === undefined ? {} : { default: options.default }),
  });

/** The tenant; part of every key, never in the API. */
export const ClinicKey = (): PropertyDecorator => PrimaryColumn({ type: 'uuid', name: 'clinic_id' });

/** The row's uuid, second part of the key. The API shows the opaque identifier by a field resolver of the kit (E-02). */
export const RowKey = (): PropertyDecorator => PrimaryColumn({ type: 'uuid', name: 'id' });

export const UuidColumn = (options: { nullable?: boolean } = {}): PropertyDecorator =>
  Column({ type: 'uuid', ...options });

export const MoneyField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'numeric', precision: 14, scale: 2, transformer: decimals }),
    ApiField(() => Money, options),
  );

export const QuantityField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'numeric', precision: 18, scale: 4, transformer: decimals }),
    ApiField(() => Quantity, options),
  );

export const UnitCostField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'numeric', precision: 18, scale: 6, transformer: decimals }),
    ApiField(() => DecimalScalar, options),
  );

export const TextField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text' }),
    ApiField(() => String, options),
  );

export const IdTextField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text' }),
    ApiField(() => ID, options),
  );

export const IntField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'integer' }),
    ApiField(() => Int, options),
  );

export const BooleanField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'boolean' }),
    ApiField(() => Boolean, options),
  );

export const DateField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'date' }),
    ApiField(() => DateScalar, options),
  );

export const InstantField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'timestamptz' }),
    ApiField(() => DateTimeScalar, options),
  );

export const TimeZoneField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text' }),
    ApiField(() => TimeZone, options),
  );

export const CurrencyField = (options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text' }),
    ApiField(() => CurrencyCode, options),
  );

/** The CHECK that holds an enum column to its members; the same text stands in the migration. */
export const enumCheck = (columnName: string, values: object): string =>
  `${columnName} IN (${Object.values(values)
    .map((value) => `'${String(value)}'`)
    .join(', ')})`;

/** Text with a CHECK: a new member is one migration line and no ALTER TYPE. */
export const EnumField = (values: object, options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text' }),
    ApiField(() => values, options),
    (target, key) => (Check(enumCheck(snakeCase(String(key)), values)) as PropertyDecorator)(target, key),
  );

/** List of enum members in a text array. */
export const EnumListField = (values: object, options: FieldOptions): PropertyDecorator =>
  both(
    column(options, { type: 'text', array: true }),
    ApiField(() => [values], options),
  );

/** Counter for optimistic locking (G-13). */
export const VersionField = (): PropertyDecorator =>
  IntField({ description: 'Counter for optimistic locking; send it back as expectedVersion.', default: 1 });

export const MoneyColumn = (options: { nullable?: boolean; default?: string | number } = {}): PropertyDecorator =>
  Column({ type: 'numeric', precision: 14, scale: 2, transformer: decimals, ...options });

export const QuantityColumn = (options: { nullable?: boolean; default?: string | number } = {}): PropertyDecorator =>
  Column({ type: 'numeric', precision: 18, scale: 4, transformer: decimals, ...options });

export const UnitCostColumn = (options: { nullable?: boolean; default?: string | number } = {}): PropertyDecorator =>
  Column({ type: 'numeric', precision: 18, scale: 6, transformer: decimals, ...options });
