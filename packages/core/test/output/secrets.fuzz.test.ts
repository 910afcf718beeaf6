import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { NetworkError } from '../../src/errors.ts';
import { entryOf } from '../../src/http/cache/entry.ts';
import { errorTextOf } from '../../src/http/error-text.ts';
import { harEntry } from '../../src/http/har.ts';
import { publicText } from '../../src/http/public-url.ts';
import type { HttpRequest, WireResponse } from '../../src/http/types.ts';
import { forgetSecrets, registerSecret } from '../../src/output/redact.ts';
import { traceOf } from '../../src/output/trace.ts';
import { Writer } from '../../src/output/writer.ts';
import {
  catalogMessage,
  connectionStatusMessage,
  controlMessage,
  estimateMessage,
  logMessage,
  stateMessage,
  streamStatusMessage,
} from '../../src/protocol/messages.ts';
import type { AirbyteMessage } from '../../src/protocol/types.ts';
import { secretsOf } from '../../src/schema/secret-values.ts';
import { Dice, found, QUOTES, randomConfig } from './secret-world.ts';

// What is known again is listed at `secretForms`. What cannot be: a secret encrypted, hashed or compressed; cut into pieces
// that are not its lines; of fewer than eight characters in a state, a catalog or a cached answer; of fewer than five bytes
// inside a longer text in base64, of fewer than four in hex; a line of fewer than eight characters by itself; and a
// stream's name, which every RECORD has too.

const RUNS = Number(process.env['HEADWATER_FUZZ_RUNS'] ?? 10_000);
const SEED = Number(process.env['HEADWATER_FUZZ_SEED'] ?? 20_261_121);

/** Errors and outputs for each config. */
const ROUNDS = 20;

/** A place where an output would do harm, with the name of how the secret came there. */
interface Output {
  readonly how: string;
  readonly text: string;
  /** Short secrets are not looked for in data. */
  readonly isData: boolean;
}

/** The messages as they arrive on standard output. */
const printed = async (messages: readonly AirbyteMessage[]): Promise<AirbyteMessage[]> => {
  const chunks: Buffer[] = [];
  const writer = new Writer({
    write(chunk, done) {
      chunks.push(Buffer.from(chunk));
      done();
      return true;
    },
    on: () => undefined,
  });
  for (const message of messages) writer.message(message);
  await writer.end();
  const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as AirbyteMessage);
};

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
};

/** The text in which each run quotes the secret: an error page, a log line, a request. */
const sentence = (dice: Dice, quoted: string): string =>
  dice.pick([
    (text: string) => `The server said: ${text}.`,
    (text: string) => `GET https://api.example.com/v1/things?page=2&key=${text}&x=1 was refused`,
    (text: string) => `{"error":"bad","was":"${text}"}`,
    (text: string) => `authorization: ${text}\r\ncookie: a=${text}`,
    (text: string) => `${text}${text}`,
    (text: string) => text,
  ])(quoted);

const errorWith = (dice: Dice, text: string): Error => {
  const inmost = new Error(dice.pick([text, `ECONNRESET at ${text}`]));
  if (dice.chance(0.3)) inmost.name = text;
  if (dice.chance(0.3)) Object.assign(inmost, { code: text });
  const chain = dice.pick([
    inmost,
    new TypeError(text, { cause: inmost }),
    new NetworkError(`Could not: ${text}`, 'transient_error', { cause: new Error('b', { cause: inmost }) }),
    new AggregateError([inmost, new Error(text)], text, { cause: { text } }),
    new Error('thrown as text', { cause: text }),
  ]);
  if (dice.chance(0.2)) chain.stack = `${text}\n    at here (file.js?key=${text}:1:2)`;
  return chain;
};

const response = (request: HttpRequest, body: string | Buffer, headers: Record<string, string> = {}): WireResponse => ({
  request,
  status: 400,
  headers: { 'content-type': 'text/html', ...headers },
  url: request.url,
  bytes: Buffer.from(body),
});

const protocolWords = ({ type, log, trace, connectionStatus, state, catalog }: AirbyteMessage) => [
  type,
  log?.level,
  [trace?.type, trace?.error?.failure_type, trace?.error?.stream_descriptor],
  connectionStatus?.status,
  [state?.type, state?.stream?.stream_descriptor, state?.sourceStats],
  catalog?.streams.map(({ name, supported_sync_modes, json_schema }) => [
    name,
    supported_sync_modes,
    json_schema['type'],
  ]),
];

/** Everything one run writes: messages and, in some, the HTTP Archive and what the cache would put on disk. */
const outputsOf = async (dice: Dice, config: object, secrets: readonly string[]): Promise<Output[]> => {
  const outputs: Output[] = [];
  const quote = (least = 0): { how: string; text: string; secret: string } => {
    const secret = dice.pick(secrets);
    const fitting = QUOTES.filter(
      (one) => one.least <= Math.min(secret.trim().length, Buffer.byteLength(secret)) && one.least >= least,
    );
    const { name, write } = dice.pick(fitting);
    return { how: `${name} of ${inspect(secret)}`, text: write(secret, dice), secret };
  };

  const [log, error, status, state, page, dump] = [quote(), quote(), quote(), quote(), quote(), quote()];
  const lines = dice.pick(secrets).split(/[\r\n]+/);
  const split = lines.every((line) => line.trim().length >= 8) ? lines : [];
  const stream = { name: 'things', namespace: 'space' };
  const dumps = dice.chance(0.25);
  const dumped = dice.pick([
    () => JSON.stringify(config),
    () => JSON.stringify(config, null, 2),
    () => JSON.stringify({ config: JSON.stringify(config) }),
    () => inspect(config, { depth: 9 }),
    () =>
      new URLSearchParams(
        Object.entries(config).map(([key, value]): [string, string] => [key, String(value)]),
      ).toString(),
    () => dump.text,
  ])();
  const free: AirbyteMessage[] = [
    logMessage(dice.pick(['DEBUG', 'INFO', 'ERROR']), sentence(dice, log.text)),
    { ...logMessage('WARN', 'x'), log: { level: 'WARN', message: 'x', stack_trace: log.text } },
    ...(dumps ? [logMessage('INFO', dumped), traceOf(new Error('core dump', { cause: new Error(dumped) }))] : []),
    ...split.map((line) => logMessage('INFO', line)),
    traceOf(errorWith(dice, sentence(dice, error.text)), stream),
    connectionStatusMessage(sentence(dice, status.text)),
    { type: 'TRACE', trace: { type: 'ANALYTICS', emitted_at: 1, analytics: { type: 'x', value: status.text } } },
  ];
  const deep = {
    status: state.text,
    [state.text]: [{ type: state.text, n: Number.isSafeInteger(Number(state.secret)) ? Number(state.secret) : 1 }],
    at: '2026-01-01',
  };
  const data: AirbyteMessage[] = [
    stateMessage(stream, dice.pick<typeof deep>([deep, Object.assign(Object.create(null) as object, deep)]), {
      recordCount: 1,
    }),
    catalogMessage({
      streams: [
        {
          name: 'things',
          json_schema: {
            type: 'object',
            description: state.text,
            properties: { type: { type: 'string', enum: [state.text] } },
          },
          supported_sync_modes: ['incremental'],
        },
      ],
    }),
  ];
  const fixed: AirbyteMessage[] = [
    estimateMessage(stream, 5),
    streamStatusMessage(stream, 'STARTED', new Date(5)),
    controlMessage({ ...config }),
  ];
  const shown = await printed([...free, ...data, ...fixed]);
  const sentMessages = [...free, ...data];
  // The protocol's own words are whole, whatever the secrets are.
  const words = [...sentMessages.map(protocolWords), ...fixed];
  const shownWords = [...shown.slice(0, sentMessages.length).map(protocolWords), ...shown.slice(sentMessages.length)];
  if (JSON.stringify(words) !== JSON.stringify(shownWords)) expect(shownWords).toEqual(words);
  for (const [index, message] of shown.slice(0, sentMessages.length).entries()) {
    const { log: shownLog, trace, connectionStatus, state: shownState, catalog } = message;
    const before = sentMessages[index]!;
    const { failure_type: _, stream_descriptor: __, ...spoken } = trace?.error ?? {};
    const texts = [
      shownLog?.message,
      shownLog?.stack_trace,
      connectionStatus?.message,
      trace?.analytics?.value,
      ...Object.values(spoken),
      ...textsIn(shownState?.stream?.stream_state).filter((text) => !['status', 'type', 'n', 'at', '1'].includes(text)),
      ...(catalog?.streams ?? []).flatMap(({ json_schema: { description, properties } }) => [
        String(description),
        ...(properties as { type: { enum: string[] } }).type.enum,
      ]),
    ];
    const how =
      index < free.length
        ? `${before.type} with ${[log, error, status, dump].map((one) => one.how).join(' / ')} dump ${dumped.slice(0, 300)}`
        : `${before.type} with ${state.how}`;
    outputs.push(
      ...texts.filter((text) => text !== undefined).map((text) => ({ how, text, isData: index >= free.length })),
    );
  }

  if (dice.chance(0.6)) return outputs;
  const safe = encodeURIComponent(page.text);
  const request: HttpRequest = {
    method: 'POST',
    url: `https://api.example.com/${dice.chance(0.5) ? safe : 'v1'}?a=${safe}`,
    headers: { 'x-other': page.text, authorization: page.text, 'content-type': 'application/json' },
    body: JSON.stringify({ page: page.text }),
  };
  const filler = 'z'.repeat(dice.below(310));
  const body = dice.pick([
    `<html><p>${filler} ${page.text}</p></html>`,
    JSON.stringify({ error: `${filler} ${page.text}` }),
    `${filler}${sentence(dice, page.text)}`,
  ]);
  const answered = response(request, body, { location: `https://x.example.com/${safe}`, 'x-echo': page.text });
  const how = `HTTP with ${page.how}`;
  const entry = JSON.parse(JSON.stringify(harEntry({ request, began: 0, took: 1, response: answered }))) as {
    request: {
      url: string;
      queryString: { value: string }[];
      headers: { value: string }[];
      postData: { text: string };
    };
    response: { headers: { value: string }[]; content: { text: string }; redirectURL: string };
  };
  const failed = harEntry({ request, began: 0, took: 1, error: new Error(page.text) }) as {
    response: Record<string, string>;
  };
  const { request: sent, response: came } = entry;
  const archived = [
    sent.url,

    sent.postData.text,
    ...[...sent.queryString, ...sent.headers, ...came.headers].map(({ value }) => value),
    came.content.text,
    came.redirectURL,
    failed.response['_error'] ?? '',
    publicText(`see ${request.url}`),
  ];
  outputs.push(...archived.map((text) => ({ how, text, isData: false })));
  const said = errorTextOf(answered) ?? '';
  // As an error message it is redacted once more.
  const [told] = await printed([logMessage('ERROR', said)]);
  outputs.push({ how: `error text, ${how}`, text: told?.log?.message ?? '', isData: false });
  const kept = entryOf({ ...answered, status: 200 }, 0);
  if (!kept.memoryOnly) {
    const onDisk = [Buffer.from(kept.bytes).toString(), ...Object.values(kept.headers), kept.url ?? ''];
    outputs.push(...onDisk.map((text) => ({ how: `cache, ${how}`, text, isData: true })));
  }
  return outputs;
};

const findingsIn = async (dice: Dice, config: object, secrets: readonly string[]): Promise<string[]> => {
  const outputs = await outputsOf(dice, config, secrets);
  const isLookedFor = (secret: string, { isData }: Output) => !isData || secret.trim().length >= 8;
  const long = secrets.filter((secret) => secret.trim().length >= 8);
  const leaks = [
    ...found(
      outputs.filter(({ isData }) => !isData).map(({ text }) => text),
      secrets,
    ),
    ...found(
      outputs.filter(({ isData }) => isData).map(({ text }) => text),
      long,
    ),
  ];
  return leaks.flatMap((secret) =>
    outputs
      .filter((output) => isLookedFor(secret, output) && found([output.text], [secret]).length > 0)
      .slice(0, 2)
      .map(({ how, text }) => `${inspect(secret)} in ${text}\n  (${how})`),
  );
};

test(`finds no secret in what ${RUNS} random configs and errors make a connector write`, async () => {
  const findings: string[] = [];
  for (let run = 0; run < RUNS && findings.length < 20; run += ROUNDS) {
    const seed = SEED + run;
    const dice = new Dice(seed);
    const { schema, config, secrets } = randomConfig(dice);
    if (secrets.length === 0) continue;
    forgetSecrets();
    for (const secret of secretsOf(schema, config)) registerSecret(secret);
    for (let round = 0; round < ROUNDS; round++) {
      for (const finding of await findingsIn(dice, config, secrets))
        findings.push(`HEADWATER_FUZZ_SEED=${seed}: ${finding}`);
    }
  }
  forgetSecrets();

  expect(findings).toEqual([]);
}, 300_000);
