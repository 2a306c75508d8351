/** Reads all pages of a list with Apollo Client: GRAPH_URL=… GRAPH_TOKEN=… node apollo-client.mjs <operation file> <field> [variables] */
import { readFileSync } from 'node:fs';

import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';

const [file, field, variables = '{}'] = process.argv.slice(2);
const fixed = JSON.parse(variables);
const client = new ApolloClient({
  link: new HttpLink({
    uri: process.env.GRAPH_URL,
    headers: { authorization: `Bearer ${process.env.GRAPH_TOKEN}` },
  }),
  cache: new InMemoryCache(),
});
const query = gql(readFileSync(file, 'utf8'));

const pages = [];
let after = null;
do {
  const { data } = await client.query({ query, variables: { ...fixed, after } });
  const { nodes, pageInfo } = data[field];
  pages.push(nodes.map((node) => node.name));
  after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
} while (after !== null);
process.stdout.write(JSON.stringify(pages));
client.stop();
