export { prepareDatabases, type Databases } from './databases';
export { openHouse, type House } from './house';
export { ALGORITHM, AUDIENCE, ISSUER, openIssuer, type DemoIssuer } from './issuer';
export { demoClaims } from './persona-claims';
export { PERSONAS, personaNamed, type Persona } from './personas';
export { secretsFrom, type Secrets } from './secrets';
export { definitions } from './definitions';
export { verifySubgraph, type Finding } from './verification';
export { demoIds, loadDemo, type DemoSize } from './demo';
