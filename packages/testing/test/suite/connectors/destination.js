// A small destination without dependencies: one file of JSON lines a stream. The variable SABOTAGE says what is wrong.
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const sabotages = new Set(process.env['SABOTAGE']?.split(','));
const sabotaged = (kind) => sabotages.has(kind);

const emit = (type, member, content) => process.stdout.write(`${JSON.stringify({ type, [member]: content })}\n`);
const fail = (message) => {
  emit('TRACE', 'trace', { type: 'ERROR', emitted_at: 1, error: { message, failure_type: 'system_error' } });
  process.exit(1);
};

const SPEC = {
  connectionSpecification: {
    type: 'object',
    required: ['folder', 'password'],
    properties: { folder: { type: 'string' }, password: { type: 'string', airbyte_secret: true } },
  },
  supported_destination_sync_modes: ['append'],
};

const [command = ''] = process.argv.slice(2);
const { values: flags } = parseArgs({
  args: process.argv.slice(3),
  options: { config: { type: 'string' }, catalog: { type: 'string' } },
});

/** The lines of standard input. Node's readline, from some version on, also breaks them at U+2028. */
async function* linesOf(input) {
  let rest = '';
  for await (const piece of input.setEncoding('utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const write = async ({ folder }) => {
  const names = new Set(JSON.parse(readFileSync(flags.catalog, 'utf8')).streams.map(({ stream }) => stream.name));
  mkdirSync(folder, { recursive: true });
  let open = [];
  let last;
  const flush = () => {
    for (const { stream, data } of open) appendFileSync(join(folder, stream), `${JSON.stringify(data)}\n`);
    open = [];
  };
  for await (const line of linesOf(process.stdin)) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      if (sabotaged('drops-malformed-line')) continue;
      flush();
      fail(`This line is not JSON: ${line.slice(0, 40)}`);
    }
    if (message.type === 'RECORD') {
      if (!names.has(message.record.stream)) fail(`There is no stream "${message.record.stream}" in the catalog.`);
      open.push(message.record);
    } else if (message.type === 'STATE') {
      last = message;
      if (!sabotaged('state-before-flush')) flush();
      if (sabotaged('last-state-only')) continue;
      process.stdout.write(`${line}\n`);
    }
  }
  flush();
  if (sabotaged('last-state-only') && last) process.stdout.write(`${JSON.stringify(last)}\n`);
  if (sabotaged('invents-state')) emit('STATE', 'state', { type: 'LEGACY', data: { done: true } });
};

if (command === 'spec') emit('SPEC', 'spec', SPEC);
else {
  const config = JSON.parse(readFileSync(flags.config, 'utf8'));
  if (command === 'write') await write(config);
  else {
    const right = config.password === 'p4ssword-of-the-test' || sabotaged('check-always-true');
    emit('CONNECTION_STATUS', 'connectionStatus', { status: right ? 'SUCCEEDED' : 'FAILED' });
  }
}
