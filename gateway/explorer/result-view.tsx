import { useMemo, useState } from 'react';

import { csvOf } from '../src/explorer/csv';
import { numberOf, type RowSet, rowSets } from '../src/explorer/rows';
import { byRow, bySplit, likelyLabel } from '../src/explorer/series';
import { Chart, type ChartKind } from './chart';

type View = 'closed' | 'table' | 'chart';

/** The last answer as a table with CSV, or as a chart of chosen columns. */
export function ResultView({ answer }: { answer: unknown }) {
  const sets = useMemo(() => rowSets(answer), [answer]);
  const [view, setView] = useState<View>('closed');
  const [path, setPath] = useState('');
  const chosen = sets.find((set) => set.path === path) ?? sets[0];

  const tab = (name: View, text: string) => (
    <button
      type="button"
      id={`view-${name}`}
      aria-pressed={view === name}
      onClick={() => setView(view === name ? 'closed' : name)}
    >
      {text}
    </button>
  );
  return (
    <section className={`result result-${view}`}>
      <header>
        {tab('table', 'Table')}
        {tab('chart', 'Chart')}
        {chosen ? (
          <>
            <select
              value={chosen.path}
              aria-label="List of the answer"
              onChange={(event) => setPath(event.target.value)}
            >
              {sets.map((set) => (
                <option key={set.path} value={set.path}>
                  {set.path || 'answer'} ({set.rows.length})
                </option>
              ))}
            </select>
            <button type="button" id="save-csv" onClick={() => save(chosen)}>
              Save CSV
            </button>
          </>
        ) : (
          <span>Run a question to see its answer as a table or a chart.</span>
        )}
      </header>
      {chosen && view === 'table' && <Table key={chosen.path} set={chosen} />}
      {chosen && view === 'chart' && <ChartOf key={chosen.path} set={chosen} />}
    </section>
  );
}

function Table({ set }: { set: RowSet }) {
  const [sort, setSort] = useState<{ name: string; sign: 1 | -1 } | null>(null);
  const rows = useMemo(() => {
    if (!sort) return set.rows;
    return [...set.rows].sort((a, b) => {
      const [x, y] = [a[sort.name] ?? null, b[sort.name] ?? null];
      const [m, n] = [numberOf(x), numberOf(y)];
      const order = m !== null && n !== null ? m - n : String(x ?? '').localeCompare(String(y ?? ''));
      return order * sort.sign;
    });
  }, [set, sort]);
  const by = (name: string) => setSort(sort?.name === name && sort.sign === 1 ? { name, sign: -1 } : { name, sign: 1 });

  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            {set.columns.map(({ name, isNumeric }) => (
              <th key={name} className={isNumeric ? 'number' : ''}>
                <button type="button" onClick={() => by(name)}>
                  {name} {sort?.name === name ? (sort.sign === 1 ? '▲' : '▼') : ''}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {set.columns.map(({ name, isNumeric }) => (
                <td key={name} className={isNumeric ? 'number' : ''} title={String(row[name] ?? '')}>
                  {row[name] === null || row[name] === undefined ? <i>–</i> : String(row[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChartOf({ set }: { set: RowSet }) {
  const numeric = set.columns.filter((column) => column.isNumeric).map((column) => column.name);
  const [kind, setKind] = useState<ChartKind>('bar');
  const [label, setLabel] = useState(() => likelyLabel(set));
  const [split, setSplit] = useState('');
  const [series, setSeries] = useState<readonly string[]>(numeric.slice(0, 1));
  const toggle = (name: string) =>
    setSeries(series.includes(name) ? series.filter((other) => other !== name) : [...series, name]);

  const [first] = series;
  const drawing = split && label && first ? bySplit(set, label, split, first) : byRow(set, label, series);
  if (numeric.length === 0) return <p className="empty">This list has no column of numbers.</p>;
  return (
    <div className="chart">
      <aside>
        <fieldset>
          <legend>Kind</legend>
          {(['bar', 'line', 'pie'] as const).map((name) => (
            <label key={name}>
              <input type="radio" name="kind" checked={kind === name} onChange={() => setKind(name)} /> {name}
            </label>
          ))}
        </fieldset>
        <label>
          Labels{' '}
          <select value={label} onChange={(event) => setLabel(event.target.value)}>
            <option value="">row number</option>
            {set.columns.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Split by{' '}
          <select id="split" value={split} onChange={(event) => setSplit(event.target.value)}>
            <option value="">nothing: every row by itself</option>
            {set.columns
              .filter((column) => !column.isNumeric && column.name !== label)
              .map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        </label>
        <fieldset>
          <legend>Values</legend>
          {numeric.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={series.includes(name)} onChange={() => toggle(name)} /> {name}
            </label>
          ))}
        </fieldset>
      </aside>
      <Chart kind={kind} drawing={drawing} />
    </div>
  );
}

function save(set: RowSet): void {
  // The mark at the start tells spreadsheets that the text is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', csvOf(set)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${set.path.replaceAll('.', '-') || 'answer'}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
