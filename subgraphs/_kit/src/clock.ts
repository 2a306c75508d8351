/** Business time. Token expiry and timeouts use the real clock; everything a person reads as a day uses this one. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still, for tests and demos. */
export const fixedClock = (at: string | Date): Clock => {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) throw new Error(`CLOCK must be an instant such as 2026-06-30T14:00:00Z`);
  return { now: () => new Date(instant) };
};
