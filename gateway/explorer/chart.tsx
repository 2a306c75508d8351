import type { Drawing } from '../src/explorer/series';

export type ChartKind = 'bar' | 'line' | 'pie';

interface Props {
  readonly kind: ChartKind;
  readonly drawing: Drawing;
}

const COLOURS = ['#2f6fb2', '#d9762b', '#3d9a5f', '#b3446c', '#7a5fb0', '#8a6d3b', '#0f8b8d', '#c0392b'];
const LABELS_MAX = 120;
const SERIES_MAX = 8;
const WIDTH = 960;
const HEIGHT = 320;
const LEFT = 70;
const BOTTOM = 70;
const TOP = 12;

const colour = (index: number) => COLOURS[index % COLOURS.length] as string;
const short = (text: string) => (text.length > 14 ? `${text.slice(0, 13)}…` : text);
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Rows stand in the order of the answer; nothing is added up, since ratios must not be. */
export function Chart({ kind, drawing }: Props) {
  const shown = kind === 'pie' ? drawing.series.slice(0, 1) : drawing.series.slice(0, SERIES_MAX);
  const labels = drawing.labels.slice(0, LABELS_MAX);
  const values = shown.map((one) => one.values.slice(0, LABELS_MAX));
  const names = shown.map((one) => one.name);
  if (shown.length === 0) return <p className="empty">Choose a column of numbers.</p>;
  const notes = [
    drawing.labels.length > LABELS_MAX && `the first ${String(LABELS_MAX)} of ${String(drawing.labels.length)}`,
    drawing.series.length > shown.length && `${String(shown.length)} of ${String(drawing.series.length)} series`,
    drawing.ambiguous > 0 &&
      `${String(drawing.ambiguous)} places have several rows and stay empty: split by another column`,
  ].filter((note) => note !== false);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        role="img"
        aria-label={`${kind} chart of ${names.join(', ')}`}
      >
        {kind === 'pie' ? (
          <Pie labels={labels} values={values[0] ?? []} />
        ) : (
          <Plane kind={kind} labels={labels} values={values} />
        )}
      </svg>
      <figcaption>
        {names.map((name, index) => (
          <span key={name}>
            <i style={{ background: colour(index) }} /> {name}
          </span>
        ))}
        {notes.map((note) => (
          <em key={note}>{note}</em>
        ))}
      </figcaption>
    </figure>
  );
}

type Numbers = readonly (number | null)[];

function Plane({
  kind,
  labels,
  values,
}: {
  kind: 'bar' | 'line';
  labels: readonly string[];
  values: readonly Numbers[];
}) {
  const all = values.flat().filter((value) => value !== null);
  const ticks = ticksOf(Math.min(0, ...all), Math.max(0, ...all));
  const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
  const y = (value: number) => TOP + ((high - value) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const step = (WIDTH - LEFT - 10) / Math.max(labels.length, 1);
  const x = (index: number) => LEFT + step * (index + 0.5);
  const every = Math.ceil(labels.length / 24);

  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={WIDTH - 10} y1={y(tick)} y2={y(tick)} className={tick === 0 ? 'axis' : 'grid'} />
          <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {compact.format(tick)}
          </text>
        </g>
      ))}
      {labels.map((text, index) =>
        index % every === 0 ? (
          <text
            key={index}
            transform={`translate(${String(x(index))} ${String(HEIGHT - BOTTOM + 14)}) rotate(-35)`}
            textAnchor="end"
          >
            {short(text)}
          </text>
        ) : null,
      )}
      {values.map((numbers, series) =>
        kind === 'bar' ? (
          <Bars
            key={series}
            numbers={numbers}
            labels={labels}
            series={series}
            of={values.length}
            x={x}
            y={y}
            step={step}
          />
        ) : (
          <Line key={series} numbers={numbers} labels={labels} series={series} x={x} y={y} />
        ),
      )}
    </>
  );
}

interface Drawn {
  readonly numbers: Numbers;
  readonly labels: readonly string[];
  readonly series: number;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

function Bars({ numbers, labels, series, of, x, y, step }: Drawn & { readonly of: number; readonly step: number }) {
  const width = (step * 0.8) / of;
  return numbers.map((value, index) =>
    value === null ? null : (
      <rect
        key={index}
        x={x(index) - step * 0.4 + width * series}
        y={Math.min(y(value), y(0))}
        width={Math.max(width, 0.5)}
        height={Math.max(Math.abs(y(value) - y(0)), 0.5)}
        fill={colour(series)}
      >
        <title>{`${labels[index] ?? ''}: ${String(value)}`}</title>
      </rect>
    ),
  );
}

function Line({ numbers, labels, series, x, y }: Drawn) {
  // A value that is not there breaks the line instead of pretending to be zero.
  let path = '';
  let isOpen = false;
  for (const [index, value] of numbers.entries()) {
    if (value !== null) path += `${isOpen ? 'L' : 'M'}${String(x(index))} ${String(y(value))}`;
    isOpen = value !== null;
  }
  return (
    <>
      <path d={path} fill="none" stroke={colour(series)} strokeWidth="2" />
      {numbers.map((value, index) =>
        value === null ? null : (
          <circle key={index} cx={x(index)} cy={y(value)} r="3" fill={colour(series)}>
            <title>{`${labels[index] ?? ''}: ${String(value)}`}</title>
          </circle>
        ),
      )}
    </>
  );
}

/** Shares of a whole: only what is above zero has one. */
function Pie({ labels, values }: { labels: readonly string[]; values: Numbers }) {
  const parts = labels
    .map((text, index) => ({ text, value: Math.max(values[index] ?? 0, 0) }))
    .filter((p) => p.value > 0);
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  const [cx, cy, r] = [HEIGHT / 2 + 40, HEIGHT / 2, HEIGHT / 2 - 16];
  let from = -Math.PI / 2;
  return (
    <>
      {parts.map((part, index) => {
        const to = from + (part.value / whole) * 2 * Math.PI * 0.99999;
        const point = (angle: number) => `${String(cx + r * Math.cos(angle))} ${String(cy + r * Math.sin(angle))}`;
        const path = `M${String(cx)} ${String(cy)}L${point(from)}A${String(r)} ${String(r)} 0 ${to - from > Math.PI ? '1' : '0'} 1 ${point(to)}Z`;
        from = to;
        const share = `${((part.value / whole) * 100).toFixed(1)} %`;
        return (
          <g key={index}>
            <path d={path} fill={colour(index)} stroke="white">
              <title>{`${part.text}: ${String(part.value)} (${share})`}</title>
            </path>
            {index < 14 && (
              <>
                <rect x={HEIGHT + 100} y={20 + index * 20} width="12" height="12" fill={colour(index)} />
                <text x={HEIGHT + 120} y={31 + index * 20}>
                  {`${part.text}  ${share}`}
                </text>
              </>
            )}
          </g>
        );
      })}
    </>
  );
}

/** About five round numbers that hold a range. */
function ticksOf(low: number, high: number): number[] {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const unit = ([1, 2, 5, 10].find((factor) => span / (factor * power) <= 6) ?? 10) * power;
  const first = Math.floor(low / unit);
  const last = Math.ceil(high / unit);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * unit);
}
