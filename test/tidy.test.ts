import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** Reads the tree and compares it with the tables below: walls, names, sizes, environment. */
const ROOT = join(__dirname, '..');
const FOLDERS = ['subgraphs', 'gateway', 'schema', 'app', 'bench', 'test'];
const LINES_MAX = 300;
/** A test file is a list of cases, which does not become clearer in two. */
const TEST_LINES_MAX = 450;

interface Source {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
  /** What it imports as code; types cost nothing and may be shared. */
  readonly imports: readonly string[];
  /** What it imports at all. */
  readonly allImports: readonly string[];
}

const KINDS = ['entity', 'rules', 'inputs', 'types', 'service', 'resolver', 'loader', 'test'];
const kindOf = (path: string): string => {
  const parts = basename(path).split('.').slice(1, -1);
  return parts.at(-1) === 'test' ? 'test' : (parts.find((part) => KINDS.includes(part)) ?? '');
};

const IMPORT =
  /^(?:import|export)\s+(type\s+)?(?:[\s\S]*?\sfrom\s+)?'([^']+)'|\b(?:import|require)\(\s*'([^']+)'\s*\)/gm;

function sourcesBelow(folder: string): Source[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : sourcesBelow(path);
    if (!entry.name.endsWith('.ts')) return [];
    const text = readFileSync(path, 'utf8');
    const found = [...text.matchAll(IMPORT)].map((match) => ({
      isType: match[1] !== undefined,
      from: match[2] ?? match[3] ?? '',
    }));
    return [
      {
        path: relative(ROOT, path),
        kind: kindOf(path),
        text,
        imports: found.filter((each) => !each.isType).map((each) => each.from),
        allImports: found.map((each) => each.from),
      },
    ];
  });
}

const SOURCES = FOLDERS.flatMap((folder) => sourcesBelow(join(ROOT, folder)));
const CODE = SOURCES.filter((source) => source.kind !== 'test' && !/(^|\/)(test|testing)\//.test(source.path));

const SUBGRAPH = /^@practice-graph\/(revenue|adjustments|appliance-supply|spa-inventory)$/;
const GRAPHQL = /^(graphql|type-graphql|@apollo\/.*)$/;
const SQL = /^(typeorm|pg)$/;
const LIBRARY = /^(?!@practice-graph\/|\.)/;

interface Wall {
  readonly says: string;
  readonly files: (source: Source) => boolean;
  /** Whether an import breaks the wall. */
  readonly forbids: (imported: string, source: Source) => boolean;
  /** Types count as well. */
  readonly evenTypes?: boolean;
}

const inside = (folder: string) => (source: Source) => source.path.startsWith(`${folder}/`);
const ofKind = (kind: string) => (source: Source) => source.kind === kind && source.path.startsWith('subgraphs/');

const WALLS: readonly Wall[] = [
  {
    says: 'a subgraph never imports a subgraph',
    files: inside('subgraphs'),
    forbids: (from) => SUBGRAPH.test(from),
    evenTypes: true,
  },
  {
    says: 'a subgraph never imports gateway, app or schema',
    files: inside('subgraphs'),
    forbids: (from) => /^@practice-graph\/(gateway|app|schema)/.test(from),
    evenTypes: true,
  },
  {
    says: 'the kit imports libraries only',
    files: inside('subgraphs/_kit'),
    forbids: (from) => from.startsWith('@practice-graph/'),
    evenTypes: true,
  },
  {
    says: 'the shared domain package imports the kit and libraries',
    files: inside('subgraphs/_practice'),
    forbids: (from) => from.startsWith('@practice-graph/') && !from.startsWith('@practice-graph/kit'),
    evenTypes: true,
  },
  {
    says: 'the gateway imports libraries and the identity of the kit',
    files: inside('gateway/src'),
    forbids: (from) => from.startsWith('@practice-graph/') && from !== '@practice-graph/kit/identity',
    evenTypes: true,
  },
  { says: 'a resolver opens no SQL', files: ofKind('resolver'), forbids: (from) => SQL.test(from) },
  {
    says: 'a service knows no GraphQL',
    files: ofKind('service'),
    forbids: (from) => GRAPHQL.test(from) || /\.(resolver|inputs)$/.test(from),
  },
  {
    says: 'a loader knows no GraphQL',
    files: ofKind('loader'),
    forbids: (from) => GRAPHQL.test(from) || /\.resolver$/.test(from),
  },
  {
    says: 'rules import decimal.js, luxon, the pure half of the shared packages and other rules',
    files: ofKind('rules'),
    forbids: (from) =>
      /^node:/.test(from) ||
      /\.(resolver|service|loader|entity|inputs)$/.test(from) ||
      (LIBRARY.test(from) && !['decimal.js', 'luxon'].includes(from)),
  },
  {
    says: 'inputs and types open no SQL',
    files: (source) => ofKind('inputs')(source) || ofKind('types')(source),
    forbids: (from) => from === 'pg' || /\.(resolver|service|loader)$/.test(from),
  },
];

describe('walls', () => {
  test.each(WALLS.map((wall) => [wall.says, wall] as const))('%s', (_, wall) => {
    const broken = CODE.filter(wall.files).flatMap((source) =>
      (wall.evenTypes === true ? source.allImports : source.imports)
        .filter((from) => wall.forbids(from, source))
        .map((from) => `${source.path} imports ${from}`),
    );

    expect(broken).toEqual([]);
  });

  test('no relative import leaves its package', () => {
    const packageOf = (path: string): string => /^(subgraphs\/[^/]+|[^/]+)/.exec(path)?.[0] ?? '';
    const broken = CODE.flatMap((source) =>
      source.allImports
        .filter((from) => from.startsWith('.'))
        .map((from) => relative(ROOT, join(ROOT, source.path, '..', from)))
        .filter((target) => packageOf(target) !== packageOf(source.path))
        .map((target) => `${source.path} reaches into ${target}`),
    );

    expect(broken).toEqual([]);
  });

  test('the kit speaks no word of the domain', () => {
    const words = /(?<!-)\b(provider|patient|lot|vial|appliance|adjustment|orthodont\w*|vendor)s?\b/i;
    const spoken = CODE.filter(inside('subgraphs/_kit'))
      .flatMap((source) =>
        source.text.split('\n').map((line, at) => ({ line, at: `${source.path}:${String(at + 1)}` })),
      )
      // Examples in comments may name the parts of the graph; code may not.
      .filter(({ line }) => !/^\s*(\/\/|\*|\/\*)/.test(line) && words.test(line))
      .map(({ line, at }) => `${at} ${line.trim()}`);

    expect(spoken).toEqual([]);
  });
});

describe('shape', () => {
  test(`no file is longer than ${String(LINES_MAX)} lines`, () => {
    // A migration is one step in one text and is never edited later, so its length is what the step needs.
    const long = SOURCES.filter((source) => !source.path.includes('/migrations/'))
      .map((source) => ({ path: source.path, lines: source.text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (path.endsWith('.test.ts') ? TEST_LINES_MAX : LINES_MAX))
      .map(({ path, lines }) => `${path} has ${String(lines)}`);

    expect(long).toEqual([]);
  });

  test('the environment is read in env.ts only', () => {
    const readers = CODE.filter((source) => /process\.env\b/.test(source.text) && basename(source.path) !== 'env.ts');

    expect(readers.map((source) => source.path)).toEqual([]);
  });

  test('file names say what thing and what kind, and use no empty word', () => {
    const empty = /(^|[-.])(util|utils|helper|helpers|manager|common|misc|data|info|process|handle|handler)([-.]|$)/;
    const named = SOURCES.map((source) => source.path).filter((path) => empty.test(basename(path, '.ts')));
    const cased = SOURCES.map((source) => source.path).filter(
      (path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(basename(path)),
    );

    expect([...named, ...cased]).toEqual([]);
  });

  test('programs print, services do not', () => {
    const chatty = CODE.filter((source) => /\bconsole\.\w+\(/.test(source.text)).map((source) => source.path);

    expect(chatty).toEqual([]);
  });

  test('rules have no clock and no randomness', () => {
    const impure = CODE.filter(
      (source) =>
        source.kind === 'rules' &&
        /new Date\(\)|Date\.now\(|Math\.random\(|DateTime\.(now|local|utc)\(\s*\)/.test(source.text),
    );

    expect(impure.map((source) => source.path)).toEqual([]);
  });

  test('every package declares what it imports', () => {
    const missing = new Set<string>();
    for (const source of SOURCES) {
      const folder = /^(subgraphs\/[^/]+|[^/]+)/.exec(source.path)?.[0] ?? '';
      const manifest = join(ROOT, folder, 'package.json');
      if (!existsSync(manifest)) continue;
      const declared = JSON.parse(readFileSync(manifest, 'utf8')) as Record<
        string,
        Record<string, string> | string | undefined
      >;
      const inTest = !CODE.includes(source);
      const known = new Set(
        ['dependencies', 'peerDependencies', ...(inTest ? ['devDependencies'] : [])].flatMap((part) =>
          Object.keys(declared[part] ?? {}),
        ),
      );
      for (const from of source.imports) {
        const name = /^(@[^/]+\/[^/]+|[^./][^/]*)/.exec(from)?.[0];
        if (name === undefined || name.startsWith('node:') || name === declared['name'] || known.has(name)) continue;
        if (inTest && ['fast-check', '@jest/globals'].includes(name)) continue;
        missing.add(`${folder} imports ${name} in ${source.path}`);
      }
    }

    expect([...missing]).toEqual([]);
  });
});
