/** A member that may not be empty: left out, or null, keeps what is there (E-26). */
export const kept = <T>(given: T | null | undefined, current: T): T => given ?? current;

/** A member that may be empty: left out keeps what is there, an explicit null empties it (E-26). */
export const keptOrEmptied = <T>(given: T | null | undefined, current: T | null): T | null =>
  given === undefined ? current : given;
