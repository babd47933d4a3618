/** What pictures begin with, known before what decodes them is loaded. */

/** Every PNG. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Every JPEG. */
export const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
