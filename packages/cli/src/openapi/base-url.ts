import type { ConfigField, Guess } from '../plan/plan.ts';
import { isObject, listOf, objectOf, textOf, type Description } from './description.ts';
import { sentence, snake } from '../plan/words.ts';

export interface BaseUrl {
  /** Absolute, without a slash at its end. */
  readonly url: string;
  /** What stands before the path of each stream and needs the config, e.g. `/{tenant}`. */
  readonly pathPrefix: string;
  readonly config: readonly ConfigField[];
  readonly guesses: readonly Guess[];
}

const NOWHERE = 'https://api.example.com';

/** Where the API is. */
export const baseUrlOf = (description: Description, servers: readonly unknown[]): BaseUrl => {
  const known = servers.filter(isObject).filter((server) => textOf(server['url']) !== '');
  const server =
    known.find(({ url }) => textOf(url).startsWith('https:') && !/localhost|127\.0\.0\.1/.test(textOf(url))) ??
    known[0];
  const template = server === undefined ? '' : textOf(server['url']);
  const variables = objectOf(server?.['variables']);
  const { host, path } = split(absolute(description, template));
  const guesses: Guess[] = [];

  const valueOf = (name: string): string | undefined => {
    const variable = objectOf(variables[name]);
    const value = variable['default'] ?? listOf(variable['enum'])[0];
    return typeof value === 'number' ? `${value}` : textOf(value) || undefined;
  };
  const filledHost = host.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = valueOf(name);
    guesses.push({
      about: 'base URL',
      decided: `{${name}} is "${value ?? 'example'}"`,
      because: `${value === undefined ? 'Nothing is said of this part of the host' : 'The description gives it as default'}: the config's base_url replaces it.`,
    });
    return value ?? 'example';
  });
  const filledPath = path.replace(/\{([^{}]+)\}/g, (whole, name: string) => valueOf(name) ?? whole).replace(/\/+$/, '');
  const open = filledPath.indexOf('{');
  const cut = open < 0 ? filledPath.length : filledPath.lastIndexOf('/', open);
  const url = filledHost + filledPath.slice(0, Math.max(cut, 0));
  const usable = URL.canParse(url) ? url : NOWHERE;
  const isRelative = !template.includes('//') && description.url === undefined;
  if (isRelative || usable !== url) {
    guesses.push({
      about: 'base URL',
      decided: usable,
      because:
        template === ''
          ? 'The description names no server. Put the right URL into spec.json.'
          : `The server "${template}" does not say on which host it is. Put the right URL into spec.json.`,
    });
  } else if (known.length > 1) {
    guesses.push({
      about: 'base URL',
      decided: usable,
      because: `The first of ${known.length} servers: ${known.map((each) => textOf(each['url'])).join(', ')}.`,
    });
  }
  const names = [...filledPath.slice(Math.max(cut, 0)).matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const config = names.map((name) => ({
    name: snake(name) || 'server',
    schema: {
      type: 'string',
      title: sentence(name),
      description: textOf(objectOf(variables[name])['description']) || `Part of the API's URL: ${template}`,
      minLength: 1,
    },
    required: true,
    example: 'example',
  }));
  return { url: usable, pathPrefix: filledPath.slice(Math.max(cut, 0)), config, guesses };
};

/** The servers of a description as OpenAPI 3 writes them. */
export const serversOf = ({ root, isSwagger }: Description): readonly unknown[] => {
  if (!isSwagger) return listOf(root['servers']);
  const host = textOf(root['host']);
  const schemes = listOf(root['schemes']);
  const scheme = schemes.includes('https') || schemes.length === 0 ? 'https' : String(schemes[0]);
  const path = textOf(root['basePath']);
  if (host === '') return path === '' ? [] : [{ url: path }];
  return [{ url: `${scheme}://${host}${path === '' || path.startsWith('/') ? path : `/${path}`}` }];
};

const absolute = ({ url }: Description, template: string): string => {
  if (/^[a-z{][\w+.{}-]*:\/\//i.test(template)) return template;
  if (template.startsWith('//')) return `https:${template}`;
  if (url !== undefined && !template.includes('{')) return new URL(template, url).href;
  // The braces of variables would be escaped by a URL.
  const path = template.startsWith('/') ? template : `/${template.replace(/^\.?\//, '')}`;
  if (url === undefined) return `${NOWHERE}${path}`;
  const above = template.startsWith('/') ? '' : new URL('.', url).pathname.replace(/\/$/, '');
  return `${url.origin}${above}${path}`;
};

const split = (url: string): { readonly host: string; readonly path: string } => {
  const [, host = NOWHERE, path = ''] = /^([^/]*:\/\/[^/?#]+)([^?#]*)/.exec(url.replace(/^\{[^}]*\}:/, 'https:')) ?? [];
  return { host, path };
};
