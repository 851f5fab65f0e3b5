/** What an uploaded file may hold. Real customer lists stay far below; hostile files meet one of these at once. */
export const LIMITS = {
  /** Files inside the workbook. */
  entries: 1_000,
  /** Bytes of the small parts: relations, formats, the list of sheets. */
  smallPart: 4 * 1024 * 1024,
  /** Bytes of the shared texts and of the sheet, unpacked. */
  sharedTexts: 150 * 1024 * 1024,
  sheet: 300 * 1024 * 1024,
  /** How much a part of more than `honest` bytes may shrink by packing; tables reach about 60. */
  ratio: 200,
  honest: 8 * 1024 * 1024,
  /** Signs of one cell, as in Excel. */
  cell: 32_767,
  /** Signs of one row, of all shared texts and of all rows together. */
  row: 65_536,
  sharedSigns: 64 * 1024 * 1024,
  signs: 64 * 1024 * 1024,
  /** Columns that are read; what stands further right is passed over and counted. */
  columns: 128,
  /** Rows that hold something, the header not counted. */
  rows: 100_000,
  /** The last row and column Excel knows. */
  lastRow: 1_048_576,
  lastColumn: 16_384,
  /** Signs of a number format, as in Excel; longer ones are not looked at. */
  format: 255,
  /** Signs of XML without a tag's beginning or end, and how deep tags may stand. */
  betweenTags: 512 * 1024,
  depth: 64,
} as const;
