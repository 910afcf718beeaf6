import { expect, test } from '@jest/globals';
import { redactMessage } from '../../src/output/redact-message.ts';
import { redact, registerSecret } from '../../src/output/redact.ts';
import { connectionStatusMessage, controlMessage, logMessage, stateMessage } from '../../src/protocol/messages.ts';
import { secretsOf } from '../../src/schema/secret-values.ts';

test('hides a secret in every form it may be quoted in', () => {
  const secret = 'p@ss/w"ö rd+9\n&x';
  registerSecret(secret);
  const forms = [
    secret,
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify(secret)),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    new URLSearchParams({ secret }).toString(),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    ...['', 'u', 'us', 'use', 'user:'].flatMap((user) =>
      ['', '!', '!!'].map((end) => Buffer.from(user + secret + end).toString('base64')),
    ),
  ];

  for (const form of forms) {
    const shown = redact(`before ${form} after`);
    expect(shown).toContain('****');
    expect(shown).not.toContain('ss/w');
    expect(Buffer.from(shown.replace(/before |\*+| after/g, ''), 'base64').toString()).not.toContain('w"ö');
  }
});

test('hides a long secret whole although a shorter one stands in it', () => {
  registerSecret('tok');
  registerSecret('tok-long-42');

  expect(redact('with tok-long-42 and tok.')).toBe('with **** and ****.');
});

test('changes the texts of a message, not the words of the protocol', () => {
  registerSecret('LOG');
  registerSecret('FAILED');

  expect(redactMessage(logMessage('INFO', 'LOG of a FAILED thing'))).toEqual({
    type: 'LOG',
    log: { level: 'INFO', message: '**** of a **** thing' },
  });
  expect(redactMessage(connectionStatusMessage('FAILED'))).toEqual({
    type: 'CONNECTION_STATUS',
    connectionStatus: { status: 'FAILED', message: '****' },
  });
});

test('hides long secrets in a state, and leaves values that merely contain a short one', () => {
  registerSecret('26');
  registerSecret('a-very-secret-token');
  const state = stateMessage({ name: 's' }, { at: '2026-01-01', who: 'x a-very-secret-token' }, { recordCount: 26 });

  expect(redactMessage(state).state?.stream?.stream_state).toEqual({ at: '2026-01-01', who: 'x ****' });
});

test('leaves CONTROL as it is: it is how a new secret gets saved', () => {
  registerSecret('a-fresh-refresh-token');
  const control = controlMessage({ token: 'a-fresh-refresh-token' });

  expect(redactMessage(control)).toBe(control);
});

test('finds secrets through every way a schema nests', () => {
  const secret = { type: 'string', airbyte_secret: true };
  const schema = {
    $ref: '#/definitions/base',
    definitions: { base: { properties: { from_ref: secret, self: { $ref: '#/definitions/base' } } } },
    properties: {
      plain: { type: 'string' },
      direct: secret,
      nested: { properties: { deep: secret } },
      choice: { oneOf: [{ properties: { kind: { const: 'a' } } }, { properties: { one_of: secret } }] },
      any: { anyOf: [secret, { type: 'null' }] },
      list: { items: secret },
      tuple: { items: [{ type: 'string' }, secret] },
      map: { additionalProperties: secret },
      whole: { type: 'object', airbyte_secret: true },
      pin: { type: 'integer', airbyte_secret: true },
    },
    allOf: [{ properties: { all_of: secret } }],
  };
  const config = {
    plain: 'visible',
    direct: 's1',
    nested: { deep: 's2' },
    choice: { kind: 'a', one_of: 's3' },
    any: 's4',
    list: ['s5', 's6'],
    tuple: ['visible', 's7'],
    map: { x: 's8' },
    whole: { a: 's9', b: ['s10', null, ''] },
    pin: 4711,
    all_of: 's11',
    from_ref: 's12',
    self: { from_ref: 's13', self: { from_ref: 's14' } },
    unknown: 'visible',
  };

  const found = secretsOf(schema, config);

  expect(new Set(found)).toEqual(new Set([...Array.from({ length: 14 }, (_, index) => `s${index + 1}`), '4711']));
});
