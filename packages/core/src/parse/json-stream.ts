import { BodyError, HeadwaterError, messageOf } from '../errors.ts';
import { parseLossless } from '../protocol/lossless-json.ts';
import { piecesOf, type Body } from './body.ts';
import { ItemBuilder } from './json-items.ts';
import { compileRecordsPath } from './records-path.ts';

/**
 * The values that a path leads to in a JSON document of any size, each as soon as it is complete. What is held in memory
 * is one piece of the body and the values found in it; all else is checked and forgotten.
 *
 * Numbers that a double would round are `bigint` or `LosslessNumber`. As the document is read once from its start, a fault
 * at its end is found after the values before it.
 *
 * @param path names and wildcards as in `recordsPath`, e.g. `$.data.items[*]`
 * @throws BodyError that names the byte when the document is malformed or cut off; RecordsPathError when the path leads
 *   nowhere; ConnectorError when the path is not one of names and wildcards
 */
export async function* readJsonStream(body: Body, path: string): AsyncGenerator<unknown, void, undefined> {
  const builder = new ItemBuilder(path, compileRecordsPath(path));
  const tokenizer = await newTokenizer(builder);
  for await (const piece of piecesOf(body)) {
    tokenize(builder, () => tokenizer.write(piece));
    yield* builder.taken();
  }
  tokenize(builder, () => {
    tokenizer.end();
    builder.end();
  });
  yield* builder.taken();
}

const newTokenizer = async (builder: ItemBuilder) => {
  const { Tokenizer, TokenType } = await import('@streamparser/json');
  const kinds = new Map<number, string>(
    Object.entries({ '{': 'LEFT_BRACE', '}': 'RIGHT_BRACE', '[': 'LEFT_BRACKET', ']': 'RIGHT_BRACKET' } as const).map(
      ([sign, name]) => [TokenType[name], sign],
    ),
  );
  kinds.set(TokenType.COLON, ':').set(TokenType.COMMA, ',').set(TokenType.STRING, 'string');

  class ExactTokenizer extends Tokenizer {
    override parseNumber(text: string): number {
      // Its type says number, but it only passes the value on.
      return parseLossless(text) as number;
    }
    override onToken({ token, value, offset }: Parameters<InstanceType<typeof Tokenizer>['onToken']>[0]): void {
      builder.add(kinds.get(token) ?? 'scalar', value, offset);
    }
  }
  return new ExactTokenizer();
};

const UNEXPECTED = /^Unexpected "([^]*)" at chunk position "\d+" \(absolute position "(\d+)"\)/;

const tokenize = (builder: ItemBuilder, step: () => void): void => {
  try {
    step();
  } catch (cause) {
    if (cause instanceof HeadwaterError) throw cause;
    const [, sign, position] = UNEXPECTED.exec(messageOf(cause)) ?? [];
    const reason =
      position === undefined
        ? `after byte ${builder.position}: ${messageOf(cause)}`
        : `at byte ${position}: ${JSON.stringify(sign)} cannot stand there.`;
    throw new BodyError(`The JSON body is malformed or cut off ${reason}`, { cause });
  }
};
