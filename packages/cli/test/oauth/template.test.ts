import { expect, test } from '@jest/globals';

import { fillTemplate } from '../../src/oauth/template.ts';

const values = { client_id_value: 'a b&c', client_secret_value: 'ü', subdomain: 'acme', state_value: 'state' };

test.each([
  ['https://{{ subdomain }}.example.com/?id={{client_id_value}}', 'https://acme.example.com/?id=a b&c'],
  ['{{ client_id_value | urlencode }}', 'a%20b%26c'],
  ['{{ client_id_value | urlEncoder }}', 'a%20b%26c'],
  ['{{ client_id_value|urlencode|urldecode }}', 'a b&c'],
  ["Basic {{ (client_id_value ~ ':' ~ client_secret_value) | b64encode }}", 'Basic YSBiJmM6w7w='],
  ['{{ "YSBiJmM=" | base64Decoder }}', 'a b&c'],
  // What RFC 7636, appendix B, gives as an example.
  [
    "{{ 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' | codechallengeS256 }}",
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  ],
  ['nothing to fill', 'nothing to fill'],
])('fills %s', (template, filled) => {
  expect(fillTemplate(template, values, 'consent_url')).toBe(filled);
});

test.each([
  [
    '{{ tenant }}',
    '{{ tenant }}: "tenant" is not known here. Known: client_id_value, client_secret_value, state_value, subdomain.',
  ],
  ['{{ toString }}', '"toString" is not known here.'],
  ['{{ subdomain | upper }}', 'the filter "upper" is not known. Known: urlencode, '],
  ["{{ {'eu': 'a'}[subdomain] }}", 'only names, texts, "~" and "|" are understood.'],
  ["{{ '%zz' | urldecode }}", 'the filter "urldecode" cannot be applied to this value.'],
  ['{{ (subdomain }}', 'a parenthesis is not closed.'],
  ['{{ subdomain subdomain }}', 'only names, texts, "~" and "|" are understood.'],
  ['{{ }}', 'only names, texts, "~" and "|" are understood.'],
  ['{% if subdomain %}x{% endif %}', '"{% if subdomain %}" is no placeholder.'],
  ['{client_id_key}={{ client_id_value }}', '"{client_id_key}" is no placeholder. Write {{ name }}'],
  ['{urlEncoder:{{ client_id_value }}}', '"{urlEncoder:}" is no placeholder.'],
])('says what is wrong with %s', (template, message) => {
  expect(() => fillTemplate(template, values, 'consent_url')).toThrow(`consent_url: `);
  expect(() => fillTemplate(template, values, 'consent_url')).toThrow(message);
});
