import { Directive, Field, Int, ObjectType, Root, Resolver, FieldResolver, type ClassType } from 'type-graphql';
import { createHash } from 'node:crypto';
import type { RecordKey } from './ids';
import { badInput } from './refusals';
import { isDay } from './scalars';
import { rows, type Tx } from './transact';

export const PAGE_SIZE_MAX = 200;

@Directive('@shareable')
@ObjectType('PageInfo', { simpleResolvers: true, description: 'Cursor paging state (Relay cursor connections).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True when more items follow endCursor.' })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'True when items precede startCursor.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item of the page; null on an empty page.' })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item of the page, to be passed as `after`; null on an empty page.',
  })
  endCursor: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Counts what the filter lets through, on all pages. */
  readonly count: () => Promise<number>;
}

/** One key of the order of a list; the last one must make the order total (the row's id). */
export interface OrderKey {
  /** SQL expression, never null. */
  readonly expression: string;
  readonly type: 'uuid' | 'date' | 'timestamptz' | 'text' | 'numeric' | 'integer';
  readonly direction: 'ASC' | 'DESC';
}

export interface PageQuery<R, T> {
  readonly select: string;
  /** FROM with its joins. */
  readonly from: string;
  /** Conditions, combined with AND; `$n` refer to `params`. */
  readonly where: readonly string[];
  readonly params: readonly unknown[];
  readonly order: readonly OrderKey[];
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
  readonly map: (rows: readonly R[]) => readonly T[];
}

const fingerprint = (order: readonly OrderKey[]) =>
  createHash('sha1')
    .update(order.map((k) => `${k.expression} ${k.direction}`).join())
    .digest('base64url')
    .slice(0, 6);

const INTEGER_MAX = 2 ** 31 - 1;

// What a cursor may hold of each type: texts as the database writes them, and nothing at which it would fail, since a
// failed statement takes the rest of the request with it.
const READABLE: Readonly<Record<OrderKey['type'], (text: string) => boolean>> = {
  uuid: (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  date: (text) => text === 'infinity' || isDay(text),
  timestamptz: (text) => {
    const [day = '', time = '', ...rest] = text.split(' ');
    return rest.length === 0 && isDay(day) && /^([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/.test(time);
  },
  text: (text) => !text.includes('\0'),
  numeric: (text) => /^-?\d{1,40}(\.\d{1,40})?$/.test(text),
  integer: (text) => /^-?\d{1,10}$/.test(text) && Math.abs(Number(text)) <= INTEGER_MAX,
};

function decode(cursor: string, order: readonly OrderKey[]): string[] {
  try {
    const [mark, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as string[];
    const isReadable = (key: OrderKey, i: number) => typeof values[i] === 'string' && READABLE[key.type](values[i]);
    if (mark === fingerprint(order) && values.length === order.length && order.every(isReadable)) return values;
  } catch {
    // Falls through to the same message: what is wrong with an opaque text is of no use to the caller.
  }
  throw badInput('The cursor does not belong to this list and order; start again without `after`.', ['after']);
}

/** `first` as the server takes it: 50 when left out, 1 to 200. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 50;
  if (size < 1 || size > PAGE_SIZE_MAX) throw badInput(`first takes 1 to ${String(PAGE_SIZE_MAX)}.`, ['first']);
  return size;
}

/** Position behind a row, in the order of the list: keyset, so deep pages cost what the first one does. */
function beyond(order: readonly OrderKey[], values: readonly string[], params: unknown[]): string {
  const bound = order.map((key, i) => {
    params.push(values[i]);
    return `$${String(params.length)}::${key.type}`;
  });
  const directions = new Set(order.map((key) => key.direction));
  if (directions.size === 1) {
    const sign = directions.has('ASC') ? '>' : '<';
    return `(${order.map((key) => key.expression).join(', ')}) ${sign} (${bound.join(', ')})`;
  }
  const steps = order.map((key, i) => {
    const equal = order.slice(0, i).map((k, j) => `${k.expression} = ${String(bound[j])}`);
    return [...equal, `${key.expression} ${key.direction === 'ASC' ? '>' : '<'} ${String(bound[i])}`].join(' AND ');
  });
  return `(${steps.map((step) => `(${step})`).join(' OR ')})`;
}

const filterText = (conditions: readonly string[]) => (conditions.length ? `WHERE ${conditions.join(' AND ')}` : '');
const orderText = (order: readonly OrderKey[]) => order.map((key) => `${key.expression} ${key.direction}`).join(', ');
const keyText = (order: readonly OrderKey[]) =>
  `ARRAY[${order.map((key) => `(${key.expression})::text`).join(', ')}] AS page_key`;

/** A page of the rows that were found, one more than its size where more follow. */
function pageOf<R extends object, T>(
  query: PageQuery<R, T>,
  size: number,
  found: readonly (R & { page_key: string[] })[],
  count: () => Promise<number>,
): Page<T> {
  const shown = found.slice(0, size);
  const cursors = shown.map((row) =>
    Buffer.from(JSON.stringify([fingerprint(query.order), ...row.page_key])).toString('base64url'),
  );
  const nodes = query.map(shown);
  return {
    nodes,
    edges: nodes.map((node, i) => ({ cursor: cursors[i] ?? '', node })),
    pageInfo: {
      hasNextPage: found.length > size,
      hasPreviousPage: query.after !== null && query.after !== undefined,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    count,
  };
}

/** Conditions and parameters of a query, cut behind its cursor. */
function behindCursor(query: PageQuery<never, unknown>) {
  const params = [...query.params];
  const where = [...query.where];
  if (query.after !== null && query.after !== undefined)
    where.push(beyond(query.order, decode(query.after, query.order), params));
  return { params, where };
}

/** Reads one page with one statement (G-17); `count` is a second one, sent only when it is asked for. */
export async function readPage<R extends object, T>(tx: Tx, query: PageQuery<R, T>): Promise<Page<T>> {
  const size = pageSize(query.first);
  const { params, where } = behindCursor(query);
  const found = await rows<R & { page_key: string[] }>(
    tx,
    `SELECT ${query.select}, ${keyText(query.order)}
     FROM ${query.from} ${filterText(where)}
     ORDER BY ${orderText(query.order)} LIMIT ${String(size + 1)}`,
    params,
  );
  return pageOf(query, size, found, async () => {
    const [counted] = await rows<{ n: number }>(
      tx,
      `SELECT count(*)::int AS n FROM ${query.from} ${filterText(query.where)}`,
      query.params,
    );
    return counted?.n ?? 0;
  });
}

/**
 * Reads one page of the children of each of N records, with one statement for all; so does `count`. The conditions tie a
 * child to its parent as `p.clinic_id` and `p.id`.
 */
export async function readPages<R extends object, T>(
  tx: Tx,
  parents: readonly RecordKey[],
  query: PageQuery<R, T>,
): Promise<Page<T>[]> {
  const size = pageSize(query.first);
  const keys = [parents.map((parent) => parent.clinicId), parents.map((parent) => parent.id)];
  const from = (after: number) =>
    `unnest($${String(after + 1)}::uuid[], $${String(after + 2)}::uuid[]) WITH ORDINALITY AS p (clinic_id, id, page_parent)`;
  const { params, where } = behindCursor(query);
  const found = await rows<R & { page_key: string[]; page_parent: string }>(
    tx,
    `SELECT p.page_parent, x.* FROM ${from(params.length)} CROSS JOIN LATERAL (
       SELECT ${query.select}, ${keyText(query.order)}, row_number() OVER (ORDER BY ${orderText(query.order)}) AS page_rank
       FROM ${query.from} ${filterText(where)} ORDER BY ${orderText(query.order)} LIMIT ${String(size + 1)}
     ) x ORDER BY p.page_parent, x.page_rank`,
    [...params, ...keys],
  );
  let counts: Promise<Map<number, number>> | undefined;
  const countAll = async () => {
    const counted = await rows<{ page_parent: string; n: number }>(
      tx,
      `SELECT p.page_parent, count(*)::int AS n FROM ${from(query.params.length)} CROSS JOIN LATERAL (
         SELECT 1 FROM ${query.from} ${filterText(query.where)}) x GROUP BY p.page_parent`,
      [...query.params, ...keys],
    );
    return new Map(counted.map((row) => [Number(row.page_parent), row.n]));
  };
  return parents.map((_, i) =>
    pageOf(
      query,
      size,
      found.filter((row) => Number(row.page_parent) === i + 1),
      async () => (await (counts ??= countAll())).get(i + 1) ?? 0,
    ),
  );
}

/**
 * Connection, edge and the resolver of `totalCount` for one kind of node; `items` as in "one of the cases". `shareable`
 * is for a list that several subgraphs answer in the same form.
 */
export function connectionOf<T extends object>(
  node: () => ClassType<T>,
  name: string,
  page: string,
  items: string,
  options: { readonly shareable?: boolean } = {},
) {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `An item of such a page: one of the ${items}.`,
  })
  class Edge {
    @Field(() => String, { description: 'Position of the item, to be passed as `after`.' })
    cursor: string;

    @Field(node as never, { description: 'The item.' })
    node: T;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `One page of ${page}.` })
  class Connection {
    @Field(() => [Edge], { description: 'Items with their cursors.' })
    edges: Edge[];

    @Field((() => [node()]) as never, { description: 'Items without their cursors.' })
    nodes: T[];

    @Field(() => PageInfo, { description: 'Whether and where to continue.' })
    pageInfo: PageInfo;

    count: () => Promise<number>;
  }

  @Resolver(() => Connection)
  class ConnectionResolver {
    @Directive('@cost(weight: 5)')
    @FieldResolver(() => Int, {
      nullable: true,
      description:
        'Items behind the filter on all pages; costs a count, so ask only when it is shown. Null when it could not be counted.',
    })
    totalCount(@Root() connection: Connection): Promise<number> {
      return connection.count();
    }
  }

  if (options.shareable) for (const type of [Connection, Edge]) (Directive('@shareable') as ClassDecorator)(type);
  return { Connection, Edge, ConnectionResolver };
}
