import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import * as core from '@headwater/core';
import { redact } from '../src/output/redact.ts';
import { secretsOf } from '../src/schema/secret-values.ts';
import { ROOT } from './docs/clone.ts';
import { blocksIn } from './docs/markdown.ts';

interface Example {
  readonly heading: string;
  readonly properties: { readonly [name: string]: core.JsonObject };
  readonly code: string;
}

const document = await readFile(join(ROOT, 'docs/5-authentication.md'), 'utf8');

/** Each section that has a specification, and the line of a stream that stands behind it. */
const examples: readonly Example[] = document.split(/^## /m).flatMap((section) => {
  const blocks = blocksIn(section);
  const spec = blocks.findIndex(({ marks }) => marks.includes('spec'));
  if (spec < 0) return [];
  const properties = JSON.parse(blocks[spec]!.text) as Example['properties'];
  return [{ heading: section.split('\n', 1)[0]!, properties, code: blocks[spec + 1]!.text }];
});

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** A config as the specification shows it; the key in it is a real one. */
const configOf = (properties: Example['properties']): core.JsonObject =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { examples: shown }]) => {
      const [first] = shown as readonly unknown[];
      return [name, name === 'private_key' ? PEM : first];
    }),
  );

/** What the line of the stream sets, as a stream with that config would. */
const fieldOf = (code: string, config: core.JsonObject): unknown => {
  const [, , value = ''] = /^override readonly (\w+) = ([\s\S]+);\s*$/.exec(code.trim()) ?? [];
  const names = Object.keys(core);
  const make = runInThisContext(`(function (core) { const { ${names.join(', ')} } = core; return ${value}; })`) as (
    this: { readonly config: core.JsonObject },
    exports: typeof core,
  ) => unknown;
  return make.call({ config }, core);
};

test('has an example of every authenticator', () => {
  const named = Object.keys(core).filter((name) => name.endsWith('Authenticator'));

  for (const name of named) expect(document).toContain(name);
  expect(named.length).toBeGreaterThan(8);
  expect(examples.length).toBeGreaterThan(10);
});

test.each(examples.map((example) => [example.heading, example] as const))(
  'makes what a section says out of its specification: %s',
  async (heading, { code, properties }) => {
    const config = configOf(properties);
    const field = fieldOf(code, config) as core.Authenticator | core.Policy;

    const secrets = secretsOf({ type: 'object', properties }, config);
    expect(secrets.length).toBeGreaterThan(0);
    if (heading === 'Client certificates')
      return expect(field).toEqual({ tls: { cert: config['certificate'], key: PEM } });
    const answers = ({ url }: core.HttpRequest) => (url.endsWith('/login') ? '{"session":{"token":"t-1"}}' : '[]');
    const wire = async (request: core.HttpRequest) => ({
      request,
      status: 200,
      headers: {},
      url: request.url,
      bytes: Buffer.from(answers(request)),
    });
    if (heading === 'Sessions') return expect(field).toBeInstanceOf(core.SessionTokenAuthenticator);
    if (heading === 'OAuth 2.0') return expect(field).toBeInstanceOf(core.Oauth2Authenticator);
    const send = core.createClient({ wire, authenticator: field });
    const { request } = await send({ method: 'GET', url: 'https://api.example.com/items', headers: {} });

    if (heading !== 'Digest') expect(Object.keys(request.headers)).not.toEqual([]);
    if (heading !== "A policy of one's own") for (const secret of secrets) expect(redact(secret)).not.toContain(secret);
  },
);
