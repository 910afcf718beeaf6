const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;

/** The CRC-32 of each file in a zip archive as its directory says, in the order of the directory. */
export const checksumsOf = (archive: Uint8Array): number[] => {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const read = (at: number): number => (at >= 0 && at + 4 <= archive.length ? view.getUint32(at, true) : 0);
  let end = archive.length - 22;
  while (end > 0 && read(end) !== END) end--;
  let at = read(end + 16);
  // An archive beyond the numbers of the old format has a second end, and a locator that leads to it.
  const end64 = read(end - 20) === LOCATOR_64 ? read(end - 12) : -1;
  if (read(end64) === END_64) at = read(end64 + 48);

  const checksums: number[] = [];
  while (read(at) === ENTRY) {
    checksums.push(read(at + 16));
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return checksums;
};
