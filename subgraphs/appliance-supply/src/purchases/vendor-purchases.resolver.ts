import { ClinicArg, reachable, Scopes, type Context } from '@practice-graph/kit';
import { clinicCopies, PeriodInput, PurchaseMeasures } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { clinicOfList, resolvedPeriod } from '../directory/directory.loader';
import { Vendor } from '../directory/directory.types';
import { vendorPurchases } from './vendor-purchases.loader';

@Resolver(() => Vendor)
export class VendorPurchasesResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => PurchaseMeasures, {
    nullable: true,
    description: 'Appliance supplies bought from the vendor.',
  })
  async supplyPurchases(
    @Root() vendor: Vendor,
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<PurchaseMeasures | null> {
    const clinicId = clinicOfList(context, opaque);
    const key = reachable(context.viewer, vendor.id);
    if (clinicId === null || key?.clinicId !== clinicId) return null;
    if (!(await context.of(clinicCopies).load(clinicId))) return null;
    const { from, to } = await resolvedPeriod(context, clinicId, period);
    return context.of(vendorPurchases).load({ ...key, range: { from, to } });
  }
}
