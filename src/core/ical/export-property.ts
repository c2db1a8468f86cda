/** The property by which an exported event carries its timer whole: base64 of the JSON of its line. */
export const EXPORT_PROPERTY = "x-minoots-timer";
