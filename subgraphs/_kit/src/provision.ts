/** Roles and database of one subgraph, made by an administrator once and safe to repeat. */
import { createHmac } from 'node:crypto';
import { Client } from 'pg';

export interface ProvisionOptions {
  readonly database: string;
  /** First part of the role names, which the whole cluster shares; the name of the database when left out. */
  readonly roles?: string | undefined;
  /** Password of a role; derived from the administrator's own when left out. */
  readonly passwords?: ((role: string) => string) | undefined;
}

export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
  readonly worker: string;
}

const KINDS = ['owner', 'app', 'worker'] as const;

/**
 * Makes, where missing, the roles `<roles>_owner` (migrations), `<roles>_app` (service) and `<roles>_worker` (jobs) and
 * the database, open to these three only. None is a superuser or passes row-level security.
 */
export async function provision(adminUrl: string, options: ProvisionOptions): Promise<DatabaseUrls> {
  const { database, roles = database, passwords = derivedFrom(adminUrl) } = options;
  for (const name of [database, roles]) {
    if (!/^[a-z][a-z0-9_]{0,54}$/.test(name)) throw new Error(`not a name for a database or a role: ${name}`);
  }
  const [owner, app, worker] = KINDS.map((kind) => `${roles}_${kind}`) as [string, string, string];

  await connected(adminUrl, async (admin) => {
    // Roles belong to the cluster: two programs that provision at once would trip over each other's catalogue rows.
    await alone(admin);
    for (const role of [owner, app, worker]) await saveRole(admin, role, passwords(role));
    await saveDatabase(admin, database, owner);
    await admin.query(`
      REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
      GRANT CONNECT ON DATABASE ${database} TO ${owner}, ${app}, ${worker};
      GRANT CREATE ON DATABASE ${database} TO ${worker};
    `);
  });
  await connected(withUrl(adminUrl, { database }), async (admin) => {
    // A lock is of one database, so the one above is none here.
    await alone(admin);
    await admin.query(`REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO ${app}, ${worker}`);
  });

  const urlOf = (user: string): string => withUrl(adminUrl, { database, user, password: passwords(user) });
  return { owner: urlOf(owner), app: urlOf(app), worker: urlOf(worker) };
}

/** Waits until nobody else provisions in this database; ends with the connection. */
const alone = (admin: Client) => admin.query(`SELECT pg_advisory_lock(hashtext('provision'))`);

/** Whoever knows the administrator's password could set any other, so deriving from it gives nothing away. */
function derivedFrom(adminUrl: string): (role: string) => string {
  const secret = decodeURIComponent(new URL(adminUrl).password);
  return (role) => createHmac('sha256', secret).update(role).digest('base64url');
}

async function saveRole(admin: Client, role: string, password: string): Promise<void> {
  const known = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
  await admin.query(`${verb} ROLE ${role} LOGIN NOCREATEDB NOCREATEROLE PASSWORD ${admin.escapeLiteral(password)}`);
}

async function saveDatabase(admin: Client, database: string, owner: string): Promise<void> {
  // An administrator who is no superuser must be a member of the role to hand it a database.
  await admin.query(`DO $$ BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT ${owner} TO CURRENT_USER; END IF;
  END $$`);
  const known = await admin.query<{ owner: string }>(
    'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1',
    [database],
  );
  if (known.rowCount === 0) await admin.query(`CREATE DATABASE ${database} OWNER ${owner}`);
  else if (known.rows[0]?.owner !== owner) await admin.query(`ALTER DATABASE ${database} OWNER TO ${owner}`);
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withUrl(url: string, change: { database: string; user?: string; password?: string }): string {
  const made = new URL(url);
  made.pathname = `/${change.database}`;
  if (change.user !== undefined) made.username = change.user;
  if (change.password !== undefined) made.password = change.password;
  return made.toString();
}
