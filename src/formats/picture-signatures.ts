/** The first bytes of pictures, to recognise a format before its decoder is loaded. */

/** The first bytes of every PNG. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The first bytes of every JPEG. */
export const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
