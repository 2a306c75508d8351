/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import puppeteer, { type Browser, type Page } from 'puppeteer-core';

import type { RunningGateway } from '../src';
import { makeWorld, type World } from './fixtures/orders';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

let world: World;
let gateway: RunningGateway;
let browser: Browser;
let page: Page;
let folder: string;
const elsewhere: string[] = [];
const failures: string[] = [];

beforeAll(async () => {
  if (!CHROMIUM) throw new Error('Install Chromium to run this test.');
  world = await makeWorld();
  folder = await mkdtemp(join(tmpdir(), 'operations-'));
  await writeFile(
    join(folder, '01-shops-side-by-side.graphql'),
    '# What every shop took, and its share\nquery Shops($n: Int) { shops(first: $n) { name kind revenue share items { name } } }',
  );
  gateway = await world.start({
    operationsFolder: folder,
    demo: {
      personas: [{ name: 'owner', title: 'Owner of all shops' }],
      token: () => world.token({ scope: 'shop:read money:read share:read' }),
      variables: { n: 4 },
    },
  });
  browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 900 });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL('/', gateway.url).href) && !/^(data|blob):/.test(request.url()))
      elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await world.stop();
  await rm(folder, { recursive: true });
});

const text = (selector: string) => page.$eval(selector, (element) => (element as HTMLElement).innerText);
const shot = (name: string) => {
  const target = join(tmpdir(), `explorer-${name}.png`) as `${string}.png`;
  return page.screenshot({ path: target });
};

it('lets a person pick a caller, open a saved question, run it, and see rows, CSV and charts', async () => {
  await page.goto(new URL('/graphiql', gateway.url).href);
  await page.waitForSelector('#persona');
  await page.select('#persona', 'owner');

  await page.waitForSelector('[data-operation="01-shops-side-by-side"]');
  expect(await text('[data-operation="01-shops-side-by-side"]')).toContain('What every shop took, and its share');
  await page.click('[data-operation="01-shops-side-by-side"]');
  await page.waitForFunction(() => document.querySelector('.graphiql-query-editor')?.textContent.includes('share'));
  await shot('question');

  await page.click('.graphiql-execute-button');
  await page.waitForFunction(() => document.querySelector('#save-csv') !== null);
  await page.click('#view-table');
  const cells = await page.$$eval('.result tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)),
  );
  expect(cells).toEqual([1, 2, 3, 4].map((n) => [`Shop ${String(n)}`, 'CORNER', '100', '0.25', '2 items']));
  await shot('table');

  await page.click('#view-chart');
  await page.waitForSelector('.chart svg rect');
  expect(await page.$$eval('.chart svg rect title', (titles) => titles.map((t) => t.textContent))).toEqual(
    [1, 2, 3, 4].map((n) => `Shop ${String(n)}: 100`),
  );
  await shot('chart-bar');
  for (const [index, kind, mark] of [
    [1, 'line', 'circle'],
    [2, 'pie', 'path'],
  ] as const) {
    await (await page.$$('.chart input[type=radio]'))[index]?.click();
    await page.waitForSelector(`.chart svg ${mark}`);
    expect(await page.$$(`.chart svg ${mark} title`)).toHaveLength(4);
    await shot(`chart-${kind}`);
  }

  await page.click('[aria-label="Show Documentation Explorer"]');
  await page.waitForFunction(() => document.querySelector('.graphiql-doc-explorer')?.textContent.includes('Query'));
  await shot('docs');

  expect(elsewhere).toEqual([]);
  expect(failures).toEqual([]);
  const stored = await page.evaluate(() =>
    JSON.stringify(Object.entries(localStorage).concat(Object.entries(sessionStorage))),
  );
  expect(stored).not.toMatch(/ey[A-Za-z0-9_-]+\.ey/);
}, 60_000);
