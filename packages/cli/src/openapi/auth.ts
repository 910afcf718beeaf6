import type { AuthPlan, Guess, JsonObject } from '../plan/plan.ts';
import { isObject, listOf, objectOf, textOf, type Description } from './description.ts';
import type { Operation } from './operations.ts';

export interface AuthFound {
  readonly auth: AuthPlan;
  readonly guesses: readonly Guess[];
}

interface Scheme {
  readonly name: string;
  readonly plan: AuthPlan;
  /** Smaller is preferred. */
  readonly rank: number;
  readonly note?: string | undefined;
}

/** How requests are signed: by what most of the streams' operations accept. */
export const authOf = (description: Description, operations: readonly Operation[]): AuthFound => {
  const { root } = description;
  const declared = description.isSwagger
    ? root['securityDefinitions']
    : objectOf(root['components'])['securitySchemes'];
  const nodes = Object.entries(objectOf(declared));
  const schemes = nodes.flatMap(([name, node]) => schemesOf(name, description.resolve(node), root));
  if (nodes.length === 0)
    return none(
      'The description has no security scheme. Set `authenticator` in the code if the API asks for a credential.',
    );
  if (schemes.length === 0) {
    const kinds = nodes.map(([name, node]) => `${name} (${textOf(description.resolve(node)['type'])})`).join(', ');
    return none(
      `None of the security schemes is one the generator knows: ${kinds}. Set \`authenticator\` in the code.`,
    );
  }
  const asked = mostCommon(operations.map(({ node }) => node['security'] ?? root['security']));
  // A credential that an operation does not ask for does no harm there, and descriptions forget to ask.
  const wanted =
    asked === undefined || isEmpty(JSON.stringify(asked)) ? (mostCommon([root['security']]) ?? asked) : asked;
  const open = wanted !== undefined && wanted.every((each) => Object.keys(objectOf(each)).length === 0);
  if (open) return none('Most of the operations ask for no credential.');
  const named = listOf(wanted).flatMap((each) => Object.keys(objectOf(each)));
  const usable = wanted === undefined ? schemes : schemes.filter(({ name }) => named.includes(name));
  const [chosen, ...others] = usable.toSorted((a, b) => a.rank - b.rank);
  if (chosen === undefined)
    return none(
      `The operations ask for ${named.join(', ')}, which the generator cannot sign with. Set \`authenticator\` in the code.`,
    );
  const requirement = objectOf(listOf(wanted).find((each) => chosen.name in objectOf(each)));
  const together = Object.keys(requirement).filter((name) => name !== chosen.name);
  const where = wanted === undefined ? 'Nothing says which operations use it' : 'Most of the operations accept it';
  const besides = [...new Set(others.map(({ name }) => name))].filter((name) => name !== chosen.name);
  const instead = besides.length > 0 ? ` ${besides.join(', ')} would do too.` : '';
  return {
    auth: withScopes(chosen.plan, requirement[chosen.name]),
    guesses: [
      {
        about: 'auth',
        decided: authText(chosen.plan),
        because: `${where}: security scheme "${chosen.name}".${instead}${chosen.note ? ` ${chosen.note}` : ''}`,
      },
      ...(together.length > 0
        ? [
            {
              about: 'auth',
              decided: `only "${chosen.name}" is sent`,
              because: `The API asks for ${together.join(', ')} as well: add it in the code.`,
            },
          ]
        : []),
    ],
  };
};

const none = (because: string): AuthFound => ({
  auth: { kind: 'none' },
  guesses: [{ about: 'auth', decided: 'no credential', because }],
});

const mostCommon = (all: readonly unknown[]): readonly unknown[] | undefined => {
  const counts = new Map<string, number>();
  for (const each of all) {
    const text = JSON.stringify(each);
    if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([one, a], [other, b]) => Number(isEmpty(one)) - Number(isEmpty(other)) || b - a);
  return most && listOf(JSON.parse(most[0]));
};

const isEmpty = (text: string): boolean => text === '[]' || text === '[{}]';

const withScopes = (plan: AuthPlan, scopes: unknown): AuthPlan => {
  const names = listOf(scopes).filter((scope) => typeof scope === 'string');
  return plan.kind === 'oauth2' && names.length > 0 ? { ...plan, scopes: names } : plan;
};

const authText = (plan: AuthPlan): string => {
  if (plan.kind === 'api-key')
    return `an API key in the ${plan.in === 'header' ? 'header' : 'query parameter'} ${plan.name}`;
  if (plan.kind === 'bearer') return `a token in the header Authorization: ${plan.scheme ?? 'Bearer'} …`;
  if (plan.kind === 'basic') return 'user name and password';
  if (plan.kind === 'none') return 'no credential';
  return `OAuth 2 with ${plan.grant === 'client_credentials' ? 'client credentials' : 'a refresh token'}`;
};

const schemesOf = (name: string, node: JsonObject, root: JsonObject): readonly Scheme[] => {
  const scheme = textOf(node['scheme']).toLowerCase();
  switch (node['type']) {
    case 'basic':
      return [{ name, plan: { kind: 'basic' }, rank: 4 }];
    case 'http':
      if (scheme === 'basic') return [{ name, plan: { kind: 'basic' }, rank: 4 }];
      if (scheme === 'bearer') return [{ name, plan: { kind: 'bearer' }, rank: 0 }];
      return /^(token|apikey|api-key|key)$/.test(scheme)
        ? [{ name, plan: { kind: 'bearer', scheme: textOf(node['scheme']) }, rank: 0 }]
        : [];
    case 'apiKey':
      return apiKey(name, node);
    case 'oauth2':
      return oauth(name, node, root);
    case 'openIdConnect':
      return [{ name, plan: { kind: 'bearer' }, rank: 5, note: 'OpenID Connect: the config takes an access token.' }];
    default:
      return [];
  }
};

const apiKey = (name: string, node: JsonObject): readonly Scheme[] => {
  const place = node['in'];
  const param = textOf(node['name']);
  if ((place !== 'header' && place !== 'query') || param === '') return [];
  const prefix = /\b(Bearer|Token)\b[\s:]*[<{[$\s]/i.exec(`${textOf(node['description'])} `)?.[1];
  if (place === 'header' && param.toLowerCase() === 'authorization' && prefix !== undefined) {
    const scheme = prefix.toLowerCase() === 'bearer' ? undefined : prefix;
    return [
      { name, plan: { kind: 'bearer', ...(scheme && { scheme }) }, rank: 0, note: 'Its text speaks of such a prefix.' },
    ];
  }
  return [{ name, plan: { kind: 'api-key', in: place, name: param }, rank: 1 }];
};

const oauth = (name: string, node: JsonObject, root: JsonObject): readonly Scheme[] => {
  const flows = isObject(node['flows']) ? node['flows'] : { [textOf(node['flow'])]: node };
  const urlAt = (flow: JsonObject, field: string) => absolute(textOf(flow[field]), root);
  const flow = (...names: readonly string[]) => objectOf(names.map((each) => flows[each]).find(isObject));
  const client = flow('clientCredentials', 'application');
  const code = flow('authorizationCode', 'accessCode');
  const consentUrl = urlAt(code, 'authorizationUrl');
  const found: Scheme[] = [];
  const tokenOf = (each: JsonObject) => urlAt(each, 'tokenUrl');
  const clientUrl = tokenOf(client);
  const codeUrl = tokenOf(code);
  if (clientUrl)
    found.push({ name, plan: { kind: 'oauth2', grant: 'client_credentials', tokenUrl: clientUrl }, rank: 2 });
  if (codeUrl) {
    found.push({
      name,
      plan: { kind: 'oauth2', grant: 'refresh_token', tokenUrl: codeUrl, ...(consentUrl && { consentUrl }) },
      rank: 3,
    });
  }
  if (found.length > 0) return found;
  return [
    {
      name,
      plan: { kind: 'bearer' },
      rank: 5,
      note: 'Its flow needs a person at each login, so the config takes an access token.',
    },
  ];
};

const absolute = (url: string, root: JsonObject): string | undefined => {
  const base = textOf(objectOf(listOf(root['servers'])[0])['url']);
  if (url === '') return undefined;
  if (URL.canParse(url)) return url;
  return URL.canParse(url, base) ? new URL(url, base).href : undefined;
};
