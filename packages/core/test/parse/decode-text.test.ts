import { expect, test } from '@jest/globals';
import { BodyError } from '../../src/errors.ts';
import { decodeText, readText } from '../../src/parse/decode-text.ts';
import { all, bytesOf, everyWay, untilError } from './chunks.ts';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

test.each([
  ['ASCII', Buffer.from('plain'), undefined, 'plain'],
  ['UTF-8', Buffer.from('Grüße 日本 😀'), undefined, 'Grüße 日本 😀'],
  ['UTF-8 with a mark', Buffer.from('\uFEFFä'), 'iso-8859-1', 'ä'],
  ['UTF-16LE with a mark', Buffer.from('\uFEFFä😀', 'utf16le'), undefined, 'ä😀'],
  ['UTF-16BE with a mark', utf16be('\uFEFFä😀'), undefined, 'ä😀'],
  ['UTF-16LE by name', Buffer.from('ä😀', 'utf16le'), 'utf-16le', 'ä😀'],
  ['windows-1252', Buffer.from([0x93, 0x61, 0x92, 0x80]), 'windows-1252', '“a’€'],
  ['Shift JIS', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'Shift_JIS', '日本'],
  ['nothing', Buffer.alloc(0), undefined, ''],
  ['one byte', Buffer.from('a'), undefined, 'a'],
  ['a mark alone', Buffer.from('\uFEFF'), undefined, ''],
  ['a second mark', Buffer.from('\uFEFF\uFEFFa'), undefined, '\uFEFFa'],
])('decodes %s however it is cut', async (_name, bytes, charset, text) => {
  for (const body of everyWay(bytes)) expect(await readText(body, charset)).toBe(text);
});

test('refuses an unknown charset', async () => {
  const reading = readText(bytesOf('a'), 'klingon');

  await expect(reading).rejects.toThrow(BodyError);
  await expect(reading).rejects.toThrow('unknown charset "klingon"');
});

test('refuses bytes that are not text, and says where', async () => {
  for (const body of everyWay(Buffer.from('good \xff bad', 'latin1'))) {
    const { error } = await untilError(decodeText(body));
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toMatch(/not utf-8 text between bytes \d+ and \d+/);
  }
});

test('refuses a character cut off at the end', async () => {
  for (const body of everyWay(Buffer.from('ok 😀').subarray(0, -1))) {
    const { error } = await untilError(decodeText(body));
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toContain('at its end, byte 6');
  }
});

test('passes on the error of the body itself', async () => {
  const broken = new Error('connection lost');
  async function* body() {
    yield bytesOf('abcdef');
    throw broken;
  }
  await expect(all(decodeText(body()))).rejects.toBe(broken);
});
