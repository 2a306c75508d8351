import { cloneDatabase, TEST_AUDIT_KEY } from '@practice-graph/kit/testing';
import { applyOnce, fixedClock, openDatabase, systemViewer, transact } from '@practice-graph/kit';
import { revenue } from '@practice-graph/revenue';
import { generateDemo } from '../src/demo/generation';
import { loadDirectory } from '../src/demo/load-revenue';
import { applianceSupply } from '@practice-graph/appliance-supply';
import { loadSupplies } from '../src/demo/load-supplies';
import { LoadProgress } from '../src/demo/progress';
import { pino } from 'pino';
test.each(['demo'] as const)('%s', async (size) => {
  const laps: Record<string, number> = {}; let last = Date.now();
  const open = async (d: any) => { const db = await cloneDatabase(d); const o = await openDatabase({ name: d.name, url: db.urls.app, workerUrl: db.urls.worker, entities: d.entities, clock: fixedClock('2026-06-30T01:00:00Z'), auditKey: TEST_AUDIT_KEY, publishes: d.publishes, log: pino({ level: 'silent' }), connections: 2 }); return o; };
  const r = await open(revenue), a = await open(applianceSupply);
  const p = ({ add: (n: number, w: string) => { laps[w] = (laps[w] ?? 0) + Date.now() - last; last = Date.now(); } }) as any;
  for (const rows of generateDemo({ size, anchor: '2026-06-30' })) {
    const T: any = {}; let t = Date.now(); const lap = (w: string) => { T[w] = Date.now() - t; t = Date.now(); };
    const rt = { database: r, rows, progress: p }, at = { database: a, rows, progress: p };
    const ev = await loadDirectory(rt); lap('dir');
    await transact(a, systemViewer(rows.clinic.id), rows.clinic.id, async (tx) => { for (const e of ev) await applyOnce(tx, e, applianceSupply.handlers[e.type]!); }); lap('tell');
    await loadSupplies(at); lap('supplies'); T['laps'] = { ...laps }; console.log(JSON.stringify(T)); break;
    for (const [d, db] of [[applianceSupply, a]] as const) for (const v of d.verifiers) T[d.name + v.name] = (await transact(db, systemViewer(rows.clinic.id), rows.clinic.id, (tx) => v(tx, rows.clinic.id))).map((c) => [c.what, c.compared, c.differences.slice(0, 3)]);
    lap('verify');
    console.log(size, rows.clinic.name, JSON.stringify(T, null, 1));
  }
  await r.close(); await a.close();
}, 120000);
