import { settings, subgraphHeaders, subgraphUrls } from '../src/env';

describe('the environment of the program', () => {
  it('has defaults for everything but the issuer of tokens', () => {
    const env = settings({ TOKEN_ISSUER: 'https://issuer.test', TOKEN_JWKS_URL: 'https://issuer.test/keys' });

    expect(env).toMatchObject({
      PORT: 4000,
      HOST: '127.0.0.1',
      SUPERGRAPH: 'schema/supergraph.graphql',
      OPERATIONS: 'schema/operations',
      AUTH: 'on',
      TOKEN_AUDIENCE: 'practice-graph',
      TOKEN_ALGORITHMS: ['ES256', 'RS256', 'EdDSA'],
      TRUST_PROXY: false,
      CORS_ORIGINS: [],
    });
  });

  it('names every variable that is wrong, in one text', () => {
    expect(() => settings({ PORT: 'many', AUTH: 'perhaps' })).toThrow(/PORT[\s\S]*AUTH|AUTH[\s\S]*PORT/);
    expect(() => settings({})).toThrow('TOKEN_ISSUER and TOKEN_JWKS_URL are needed (or AUTH=off for trials)');
    expect(settings({ AUTH: 'off' }).AUTH).toBe('off');
  });

  it('may give the address of each subgraph', () => {
    const urls = subgraphUrls(['appliance-supply', 'revenue'], { SUBGRAPH_URL_APPLIANCE_SUPPLY: 'http://a/graphql' });

    expect(urls).toEqual({ 'appliance-supply': 'http://a/graphql' });
  });

  it('may give headers for each subgraph', () => {
    expect(subgraphHeaders(['revenue'], { SUBGRAPH_HEADERS_REVENUE: '{"x-api-key":"k"}' })).toEqual({
      revenue: { 'x-api-key': 'k' },
    });
    expect(() => subgraphHeaders(['revenue'], { SUBGRAPH_HEADERS_REVENUE: 'k' })).toThrow(
      'SUBGRAPH_HEADERS_REVENUE must be a JSON object of texts',
    );
  });
});
