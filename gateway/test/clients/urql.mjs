/** Reads all pages of a list with urql: GRAPH_URL=… GRAPH_TOKEN=… node urql.mjs <operation file> <field> [variables] */
import { readFileSync } from 'node:fs';

import { cacheExchange, Client, fetchExchange } from '@urql/core';

const [file, field, variables = '{}'] = process.argv.slice(2);
const fixed = JSON.parse(variables);
const client = new Client({
  url: process.env.GRAPH_URL,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: { authorization: `Bearer ${process.env.GRAPH_TOKEN}` } },
  // urql reads by GET where it may; those requests need the header that prevention of cross-site requests asks for.
  preferGetMethod: false,
});
const query = readFileSync(file, 'utf8');

const pages = [];
let after = null;
do {
  const { data, error } = await client.query(query, { ...fixed, after }).toPromise();
  if (error) throw error;
  const { nodes, pageInfo } = data[field];
  pages.push(nodes.map((node) => node.name));
  after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
} while (after !== null);
process.stdout.write(JSON.stringify(pages));
