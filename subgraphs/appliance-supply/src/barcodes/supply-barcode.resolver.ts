import { ClinicArg, Scopes, type Context } from '@practice-graph/kit';
import { barcodeOf, lotNumberText } from '@practice-graph/practice';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { clinicOfList, todayOf } from '../directory/directory.loader';
import { lotTraceOf } from '../lot-trace/lot-trace.types';
import { scannedSupply } from './scanned-item.service';
import { SupplyBarcodeMatch } from './supply-barcode.types';

@Resolver()
export class SupplyBarcodeResolver {
  @Scopes(['inventory:read'])
  @Query(() => SupplyBarcodeMatch, {
    nullable: true,
    description: 'Reads a scanned code and finds the item and lot.',
  })
  async supplyBarcode(
    @ClinicArg() opaque: string,
    @Arg('scanned', () => String, { description: 'Raw text of the scanner, with group separators.' }) scanned: string,
    @Ctx() context: Context,
  ): Promise<SupplyBarcodeMatch | null> {
    const clinicId = clinicOfList(context, opaque);
    if (clinicId === null) return null;
    const { code, item, lot } = await scannedSupply(
      await context.read(),
      clinicId,
      scanned,
      await todayOf(context, clinicId),
    );
    return Object.assign(new SupplyBarcodeMatch(), {
      barcode: barcodeOf(code),
      item,
      lot,
      trace: code.lotNumber === null ? null : lotTraceOf(clinicId, lotNumberText(code.lotNumber), code.gtin),
    });
  }
}
