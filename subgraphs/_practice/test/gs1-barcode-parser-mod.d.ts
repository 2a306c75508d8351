// The package has no types; tests compare with it as an independent reader.
declare module 'gs1-barcode-parser-mod' {
  export function parseBarcode(text: string): { parsedCodeItems: { ai: string; raw: string }[] };
}
