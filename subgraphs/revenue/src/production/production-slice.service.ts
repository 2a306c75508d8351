import { NIL_UUID } from '@practice-graph/practice';

/**
 * The part of a statement that adds facts to the slices of production, by day and by month, over every dimension that
 * is kept: T all together, L by location, P by provider, LP by both, C by category, K by procedure code, H by kind of
 * treatment, S by appliance system; what a slice of the last four is of stands in `member`, empty for none.
 *
 * The relation `facts` has one row per fact: clinic_id, day, location_id, provider_id, category, procedure_code, phase,
 * appliance_system, gross, adjustments, collected, insurance, entry_count, start_count, start_net, debond_count, debond_net,
 * place_visits, provider_visits, is_fact. Rows with is_fact false carry changes of visit counts: those of a place without
 * provider, those of a provider with one. Facts that agree in everything are summed before they are counted into the
 * slices they belong to, 16 each, which makes a large batch quicker by a third. Slices are locked in the order of their key.
 */
export const sliceUpsert = (facts: string): string => `slices AS (
  INSERT INTO production_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, member, slot,
    gross, adjustments, collected, insurance, entry_count, start_count, start_net, debond_count, debond_net, visit_count)
  SELECT clinic_id,
    CASE grouping(location_id, provider_id, category, procedure_code, phase, appliance_system)
      WHEN 63 THEN 'T' WHEN 31 THEN 'L' WHEN 47 THEN 'P' WHEN 15 THEN 'LP' WHEN 55 THEN 'C' WHEN 59 THEN 'K' WHEN 61 THEN 'H' ELSE 'S' END,
    coalesce(location_id, '${NIL_UUID}'), coalesce(provider_id, '${NIL_UUID}'), grain, period,
    coalesce(category, procedure_code, phase, appliance_system, ''), 0,
    sum(gross), sum(adjustments), sum(collected), sum(insurance), sum(entry_count), sum(start_count), sum(start_net),
    sum(debond_count), sum(debond_net),
    CASE WHEN grouping(category, procedure_code, phase, appliance_system) < 15 THEN 0
      WHEN grouping(provider_id) = 1 THEN sum(place_visits) ELSE sum(provider_visits) END
  FROM (SELECT f.*, grain, CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END AS period
        FROM (SELECT clinic_id, day, location_id, provider_id, category, procedure_code, phase, appliance_system, is_fact,
            sum(gross) AS gross, sum(adjustments) AS adjustments, sum(collected) AS collected, sum(insurance) AS insurance,
            sum(entry_count) AS entry_count, sum(start_count) AS start_count, sum(start_net) AS start_net,
            sum(debond_count) AS debond_count, sum(debond_net) AS debond_net,
            sum(place_visits) AS place_visits, sum(provider_visits) AS provider_visits
          FROM ${facts} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) f
        CROSS JOIN (VALUES ('D'), ('M')) AS g (grain)) x
  GROUP BY clinic_id, grain, period, GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id),
    (category), (procedure_code), (phase), (appliance_system))
  HAVING bool_or(is_fact)
  ORDER BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, member, slot) DO UPDATE SET
    gross = s.gross + excluded.gross, adjustments = s.adjustments + excluded.adjustments,
    collected = s.collected + excluded.collected,
    insurance = s.insurance + excluded.insurance, entry_count = s.entry_count + excluded.entry_count,
    start_count = s.start_count + excluded.start_count, start_net = s.start_net + excluded.start_net,
    debond_count = s.debond_count + excluded.debond_count, debond_net = s.debond_net + excluded.debond_net,
    visit_count = s.visit_count + excluded.visit_count
)`;
