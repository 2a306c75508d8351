/** Who works where in the demonstration. Codes instead of names; identifiers depend on nothing but the seed. */
import { Random } from './random';
import type { ClinicRow } from './rows.types';

/** Part of every identifier and draw; the next number gives other identifiers, also to people's bookmarks. */
export const DEMO_SEED = 'practice-graph-demo-1';

export type DemoSize = 'tiny' | 'demo';
export type ClinicKey = 'group' | 'hospital' | 'foreign';

/** One person at one place; the share is of a full working week. */
export interface Post {
  readonly provider: string;
  readonly share: number;
}

export interface Place {
  readonly key: string;
  readonly name: string;
  readonly kind: ClinicRow['kind'];
  readonly timeZone: string;
  readonly chairs: number;
  readonly doctors: readonly Post[];
  readonly injectors: readonly Post[];
}

export interface Organisation {
  readonly key: ClinicKey;
  readonly name: string;
  readonly kind: ClinicRow['kind'];
  readonly currency: string;
  readonly timeZone: string;
  readonly places: readonly Place[];
}

const full = (...providers: string[]): Post[] => providers.map((provider) => ({ provider, share: 1 }));
const half = (provider: string): Post => ({ provider, share: 0.5 });

const orthodontic = (key: string, name: string, timeZone: string, chairs: number, doctors: Post[]): Place => ({
  ...{ key, name, timeZone, chairs, doctors },
  kind: 'ORTHODONTIC',
  injectors: [],
});

const spa = (key: string, name: string, timeZone: string, injectors: Post[]): Place => ({
  ...{ key, name, timeZone, injectors },
  kind: 'MEDICAL_SPA',
  chairs: 4,
  doctors: [],
});

/** Five orthodontic places and four medical spas, of which two share a building with an orthodontic one. */
const GROUP: Organisation = {
  key: 'group',
  name: 'Harbor Street Group',
  kind: 'ORTHODONTIC',
  currency: 'USD',
  timeZone: 'America/New_York',
  places: [
    orthodontic('harbor', 'Harbor Street Orthodontics', 'America/New_York', 8, full('DR-01', 'DR-02')),
    orthodontic('orchard', 'Orchard Orthodontics', 'America/New_York', 8, [...full('DR-03', 'DR-04'), half('DR-08')]),
    orthodontic('lakeshore', 'Lakeshore Orthodontics', 'America/Chicago', 6, [...full('DR-05'), half('DR-08')]),
    orthodontic('mesa', 'Mesa Orthodontics', 'America/Phoenix', 6, [...full('DR-06'), half('DR-09')]),
    orthodontic('bayview', 'Bayview Orthodontics', 'America/Los_Angeles', 6, [...full('DR-07'), half('DR-09')]),
    spa('harborSpa', 'Harbor Street Aesthetics', 'America/New_York', full('IN-01', 'IN-02', 'IN-03')),
    spa('lakeSpa', 'Lakeshore Aesthetics', 'America/Chicago', full('IN-04', 'IN-05', 'IN-06')),
    spa('mesaSpa', 'Desert Aesthetics', 'America/Phoenix', full('IN-07', 'IN-08')),
    spa('bayviewSpa', 'Bayview Aesthetics', 'America/Los_Angeles', full('IN-09', 'IN-10', 'IN-11')),
  ],
};

const HOSPITAL: Organisation = {
  key: 'hospital',
  name: 'Lagoon Hospital',
  kind: 'HOSPITAL',
  currency: 'NGN',
  timeZone: 'Africa/Lagos',
  places: [
    ['lagoonMain', 'Lagoon Hospital, Main Site', ['MD-01', 'MD-02', 'MD-03', 'MD-04']] as const,
    ['lagoonIsland', 'Lagoon Hospital, Island Site', ['MD-05', 'MD-06']] as const,
  ].map(([key, name, doctors]) => ({
    ...{ key, name, timeZone: 'Africa/Lagos', chairs: 12, doctors: full(...doctors), injectors: [] },
    kind: 'HOSPITAL',
  })),
};

/** Another group of practices, which nobody of the others may see. */
const FOREIGN: Organisation = {
  key: 'foreign',
  name: 'Linden Practices',
  kind: 'ORTHODONTIC',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  places: [
    { ...orthodontic('lindenMitte', 'Linden Mitte', 'Europe/Berlin', 4, full('DR-51')), injectors: full('IN-51') },
    { ...orthodontic('lindenNord', 'Linden Nord', 'Europe/Berlin', 3, full('DR-52')), injectors: full('IN-52') },
  ],
};

/** The group cut down to two places, each of which does everything. */
const SMALL_GROUP: Organisation = {
  ...GROUP,
  places: GROUP.places.flatMap((place) =>
    place.key === 'harbor'
      ? [{ ...place, injectors: full('IN-01') }]
      : place.key === 'bayviewSpa'
        ? [{ ...place, doctors: full('DR-07'), injectors: full('IN-09') }]
        : [],
  ),
};

/** The clinics of a size: tiny has two with two places each, demo has three with thirteen. */
export const organisationsOf = (size: DemoSize): readonly Organisation[] =>
  size === 'tiny' ? [SMALL_GROUP, FOREIGN] : [GROUP, HOSPITAL, FOREIGN];

/** Everyone with a post, in the order of their codes. */
export const providersOf = (of: Organisation): readonly string[] =>
  [
    ...new Set(of.places.flatMap((place) => [...place.doctors, ...place.injectors].map((post) => post.provider))),
  ].sort();

/** Profession by the first letters of a code. */
export const roleOf = (provider: string): string =>
  provider.startsWith('DR') ? 'orthodontist' : provider.startsWith('IN') ? 'injector' : 'physician';

/** Directory records are older than any row of the books; their time part only has to be constant. */
const FOUNDED = Date.UTC(2020, 0, 1);

const known = new Map<string, string>();

function named(label: string, after = 0): string {
  let id = known.get(label);
  if (id === undefined) known.set(label, (id = new Random(`${DEMO_SEED}#${label}`).id(FOUNDED + after)));
  return id;
}

export const clinicId = (clinic: ClinicKey): string => named(`clinic:${clinic}`);
export const locationId = (clinic: ClinicKey, place: string): string => named(`location:${clinic}:${place}`, 1);
export const providerId = (clinic: ClinicKey, code: string): string => named(`provider:${clinic}:${code}`, 2);
export const vendorId = (clinic: ClinicKey, index: number): string => named(`vendor:${clinic}:${String(index)}`, 3);
export const patientId = (clinic: ClinicKey, number: number): string =>
  named(`patient:${clinic}:${String(number)}`, 1_000 + number);

/** Campaign by its place before the planned one, which is 0. */
export const campaignId = (clinic: ClinicKey, ago: number): string => named(`campaign:${clinic}:${String(ago)}`, 5);
export const feeId = (clinic: ClinicKey, label: string): string => named(`fee:${clinic}:${label}`, 6);

/** Case of one of the first patients of a clinic, who are treated from both inventories. */
export const planId = (clinic: ClinicKey, number: number): string => named(`plan:${clinic}:${String(number)}`, 4);

/** Lot of etch gel that one vendor sold to both inventories of the group (planted story 1). */
export const RECALLED_LOT = 'RC-77120';

const group = (key: string) => locationId('group', key);

/** Identifiers that people and tests need by name; they are the same for every anchor day and size. */
export const demoIds = {
  clinics: { group: clinicId('group'), hospital: clinicId('hospital'), foreign: clinicId('foreign') },
  locations: {
    ...{ harbor: group('harbor'), orchard: group('orchard'), lakeshore: group('lakeshore'), mesa: group('mesa') },
    ...{ bayview: group('bayview'), harborSpa: group('harborSpa'), lakeSpa: group('lakeSpa') },
    ...{ mesaSpa: group('mesaSpa'), bayviewSpa: group('bayviewSpa') },
    lagoonMain: locationId('hospital', 'lagoonMain'),
    lagoonIsland: locationId('hospital', 'lagoonIsland'),
    lindenMitte: locationId('foreign', 'lindenMitte'),
    lindenNord: locationId('foreign', 'lindenNord'),
  },
  providers: {
    doctor: providerId('group', 'DR-01'),
    courtesyProvider: providerId('group', 'DR-07'),
    injector: providerId('group', 'IN-01'),
    wastefulInjector: providerId('group', 'IN-09'),
    foreignDoctor: providerId('foreign', 'DR-51'),
  },
  /** A patient of the group with an appliance and a treatment from the recalled lot. */
  patients: { inBothInventories: patientId('group', 1) },
  /** The case of that patient. */
  treatmentPlans: { inBothInventories: planId('group', 1) },
  /** The last campaign that began. */
  campaigns: { latest: campaignId('group', 1) },
  recalledLot: RECALLED_LOT,
} as const;
