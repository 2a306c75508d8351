import { ClinicArg, clinicIdText, reachableClinic, Scopes, type Context } from '@practice-graph/kit';
import { barcodeOf, businessDay, clinicCopies, lotNumberText } from '@practice-graph/practice';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { LotTrace } from '../traces/lot-trace.types';
import { ProductBarcodeMatch } from './product-barcode-match.types';
import { scannedProduct } from './scanned-product.service';

@Resolver()
export class ProductBarcodeResolver {
  @Scopes(['inventory:read'])
  @Query(() => ProductBarcodeMatch, {
    nullable: true,
    description: 'Reads a scanned code and finds the product and lot.',
  })
  async productBarcode(
    @ClinicArg() opaque: string,
    @Arg('scanned', () => String, { description: 'Raw text of the scanner, with group separators.' }) scanned: string,
    @Ctx() context: Context,
  ): Promise<ProductBarcodeMatch | null> {
    const id = reachableClinic(context.viewer, opaque);
    const clinic = id === undefined ? null : await context.of(clinicCopies).load(id);
    if (!clinic) return null;
    const today = businessDay(context.now, clinic.timeZone);
    const { code, ...found } = await scannedProduct(await context.read(), clinic.clinicId, scanned, today);
    const trace =
      code.lotNumber === null
        ? null
        : Object.assign(new LotTrace(), {
            clinicId: clinicIdText(clinic.clinicId),
            lotNumber: lotNumberText(code.lotNumber),
            gtin: code.gtin,
          });
    return Object.assign(new ProductBarcodeMatch(), { ...found, barcode: barcodeOf(code), trace });
  }
}
