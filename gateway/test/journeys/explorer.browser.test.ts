/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import puppeteer, { type Browser, type Page } from 'puppeteer-core';

import { type Graph, openGraph } from './graph';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

let graph: Graph;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!CHROMIUM) throw new Error('Install Chromium to run this test.');
  graph = await openGraph({ personas: ['owner', 'analyst'] });
  browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
  await page.setViewport({ width: 1500, height: 950 });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await graph.stop();
});

const shot = (name: string) => page.screenshot({ path: join(tmpdir(), `explorer-${name}.png`) });

it('the owner opens Q1, runs it, and sees its rows and a chart of cost and production', async () => {
  await page.goto(new URL('/graphiql', graph.url).href);
  await page.waitForSelector('#persona');
  await page.select('#persona', 'owner');
  await page.waitForSelector('[data-operation="02-cost-next-to-production"]');
  await page.click('[data-operation="02-cost-next-to-production"]');
  await page.waitForFunction(() =>
    document.querySelector('.graphiql-query-editor')?.textContent.includes('performanceReport'),
  );

  await page.click('.graphiql-execute-button');
  await page.waitForSelector('#save-csv');
  await page.click('#view-table');
  const columns = await page.$$eval('.result th', (heads) => heads.map((head) => head.innerText.trim()));
  const rows = await page.$$('.result tbody tr');
  expect(columns).toEqual(
    expect.arrayContaining(['location.name', 'supplies.costPerCase.value', 'production.perStart.value']),
  );
  expect(rows.length).toBeGreaterThan(1);
  await shot('q1-table');

  await page.click('#view-chart');
  await page.waitForSelector('.chart svg rect');
  await page.select('#split', 'location.name');
  await page.waitForSelector('.chart svg rect');
  await shot('q1-chart');
  const legend = await page.$$eval('.chart figcaption span', (names) => names.length);
  expect(legend).toBeGreaterThan(0);
}, 60_000);
