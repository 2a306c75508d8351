const AMOUNTS = ['gross', 'adjustments', 'collected', 'insurance'] as const;

/** An amount's part of a share, cut to the cent; what is left goes to the largest remainders (G-03). */
const exact = (amount: string) => `(abs(p.${amount}) * p.weight / nullif(p.worth, 0))`;
const part = (
  amount: string,
) => `sign(p.${amount}) * CASE WHEN p.worth = 0 THEN abs(p.${amount}) ELSE trunc(${exact(amount)}, 2)
    + CASE WHEN row_number() OVER (PARTITION BY p.stretch, p.is_entry, p.fact_id ORDER BY ${exact(amount)} - trunc(${exact(amount)}, 2) DESC, p.line)
        <= 100 * (abs(p.${amount}) - sum(trunc(${exact(amount)}, 2)) OVER (PARTITION BY p.stretch, p.is_entry, p.fact_id)) THEN 0.01 ELSE 0 END END AS ${amount}`;

/**
 * Relations that share the facts of the relation `whole` among the providers of their entries, the last of them `fact`.
 * What counts on the credited provider is cut by the shares of the entry, the rest of them staying there; an adjustment
 * that names somebody else stays whole. Entries, starts, debonds and visits stay with the credited provider, so that counts
 * add up. `condition` says of a provider's column which parts are kept, and `selected` which of those are selected.
 */
export const sharedFacts = (
  condition: (column: string) => string,
  selected: (column: string) => string,
): string => `part AS (
  SELECT w.*, s.line::int AS line, s.provider_id AS shared_provider, s.weight
  FROM whole w JOIN production_split s ON s.clinic_id = $1::uuid AND s.entry_id = w.shared_entry AND w.worth > 0
  UNION ALL
  SELECT w.*, 100000, w.provider_id,
    w.worth - coalesce((SELECT sum(s.weight) FROM production_split s WHERE s.clinic_id = $1::uuid AND s.entry_id = w.shared_entry AND w.worth > 0), 0)
  FROM whole w
), cut AS (
  SELECT p.stretch, p.day, p.location_id, p.shared_provider AS provider_id, p.category, p.code, p.phase, p.system, p.patient_id,
    ${AMOUNTS.map((amount) => part(amount)).join(',\n    ')},
    p.line = 100000 AS is_credited, p.entry_count, p.start_count, p.debond_count, p.is_entry, p.is_selected
  FROM part p
), fact AS (
  SELECT c.stretch, c.day, c.location_id, c.provider_id, c.category, c.code, c.phase, c.system, c.patient_id,
    c.gross, c.adjustments, c.collected, c.insurance, CASE WHEN c.is_credited THEN c.entry_count ELSE 0 END AS entry_count,
    CASE WHEN c.is_credited THEN c.start_count ELSE 0 END AS start_count,
    CASE WHEN c.is_credited THEN c.debond_count ELSE 0 END AS debond_count,
    c.is_entry AND c.is_credited AS is_entry, c.is_selected AND ${selected('c.provider_id')} AS is_selected
  FROM cut c WHERE ${condition('c.provider_id')}
)`;
