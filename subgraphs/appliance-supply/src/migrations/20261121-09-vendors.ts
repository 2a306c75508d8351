import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('appliance_supply');

/** Names of the vendors, whose owner is the spa inventory, so that lots and offers can name them while it is away. */
export class Vendors17636900000091 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "The vendor with this id." There is no foreign key from lots: events come in any order.
CREATE TABLE vendor_copy (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  preferred boolean NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON vendor_copy (id);
${tenantTable(roles, 'vendor_copy', 'SELECT, INSERT, UPDATE (name, preferred, version)')}
`);
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
