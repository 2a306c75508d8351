import { Webhook } from 'standardwebhooks';
import { stableId } from './ids';
import { prepared, rows, type Tx } from './transact';

/** A fact that other subgraphs hear of. It carries the full state, so that order and repetition do not matter (E-22). */
export interface GraphEvent {
  /** The same fact has the same id, also when it is sent again by a resync. */
  readonly id: string;
  readonly type: string;
  /** Uuid of the clinic. */
  readonly clinicId: string;
  /** Business instant of the change, RFC 3339. */
  readonly at: string;
  readonly data: unknown;
}

/** What a use case says of a fact; the event's id is made of the type and the key. */
export interface Fact {
  readonly type: string;
  /** What makes the fact unique in its clinic: the record's uuid, with its version where it changes. */
  readonly key: string;
  readonly data: unknown;
  /** Something that the fact is about and that a later fact can wait for, for example a stretch of the books. */
  readonly about?: string;
  /**
   * The fact is told only when every fact about this that the clinic sent before was taken by all who hear of it: what
   * follows from having sent everything must not overtake it.
   */
  readonly after?: string;
}

/** What the job of a delivery carries. */
export interface Delivery {
  readonly subscriber: string;
  readonly event: GraphEvent;
  readonly about?: string;
  readonly after?: string;
}

/** Which subgraphs hear of which type. */
export type Publishes = Readonly<Record<string, readonly string[]>>;

export type EventHandler = (tx: Tx, event: GraphEvent) => Promise<void>;

export const eventOf = (clinicId: string, fact: Fact, at: Date): GraphEvent => ({
  id: stableId(`${clinicId}:${fact.type}:${fact.key}`),
  type: fact.type,
  clinicId,
  at: at.toISOString(),
  data: fact.data,
});

/**
 * Enqueues facts for every subgraph that hears of them, in the transaction of the change: a change that is rolled back
 * leaves no event. Delivery is at least once and in no promised order.
 */
export async function emit(tx: Tx, clinicId: string, facts: Fact | readonly Fact[]): Promise<void> {
  const { name, publishes } = tx.session.database;
  const jobs = (Array.isArray(facts) ? (facts as readonly Fact[]) : [facts as Fact]).flatMap((fact) => {
    const subscribers = publishes[fact.type];
    if (!subscribers) throw new Error(`${name} does not publish ${fact.type}`);
    const event = eventOf(clinicId, fact, tx.session.at);
    const { about, after } = fact;
    return subscribers.map((subscriber): Delivery => ({
      subscriber,
      event,
      ...(about === undefined ? {} : { about }),
      ...(after === undefined ? {} : { after }),
    }));
  });
  if (jobs.length === 0) return;
  // One text for all: the driver would look at an array of texts letter by letter, and some of them are long.
  await prepared(
    tx,
    `SELECT outbox.enqueue('deliver', job -> 'payload', job ->> 'key') FROM json_array_elements($1::json) AS job`,
    [JSON.stringify(jobs.map((job) => ({ payload: job, key: `${job.subscriber}:${job.event.type}:${job.event.id}` })))],
  );
}

const hook = (secret: string) => new Webhook(`whsec_${Buffer.from(secret).toString('base64')}`);

/** Headers and body of a delivery, signed by the Standard Webhooks scheme. */
export function signedDelivery(event: GraphEvent, secret: string, at = new Date()) {
  const body = JSON.stringify(event);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': hook(secret).sign(event.id, at, body),
    },
  };
}

/** The event behind a delivery. Throws when the signature does not fit the raw body or is older than five minutes. */
export const verifiedEvent = (
  headers: Readonly<Record<string, string | undefined>>,
  rawBody: string,
  secret: string,
): GraphEvent => hook(secret).verify(rawBody, headers as Record<string, string>) as GraphEvent;

/** Applies an event in one transaction, once: a second delivery finds the id in the inbox and changes nothing. */
export async function applyOnce(tx: Tx, event: GraphEvent, apply: EventHandler): Promise<boolean> {
  const fresh = await rows(
    tx,
    'INSERT INTO inbox (clinic_id, event_id, type, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (clinic_id, event_id) DO NOTHING RETURNING event_id',
    [event.clinicId, event.id, event.type, tx.session.at],
  );
  if (fresh.length === 0) return false;
  await apply(tx, event);
  return true;
}
