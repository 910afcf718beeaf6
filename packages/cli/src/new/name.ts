import { builtinModules } from 'node:module';

/** Of a package that npm publishes. */
const MOST_CHARS = 214;

const RESERVED: ReadonlySet<string> = new Set(['node_modules', 'favicon.ico', ...builtinModules]);

/** Why a connector cannot be called so, with a name that works; undefined for a name that does. */
export const whyNotName = (name: string): string | undefined => {
  const why = fault(name);
  return why && `"${name}" cannot be the name of a connector: ${why} Try "${sourceName(name)}".`;
};

const fault = (name: string): string | undefined => {
  if (name === '') return 'it is empty.';
  if (name.length > MOST_CHARS) return `it has ${name.length} characters, and npm takes no more than ${MOST_CHARS}.`;
  if (/[/\\]/.test(name)) return 'it is a path. Say the folder with --directory.';
  if (/^[._-]/.test(name)) return `it begins with "${name[0]}", and npm wants a letter or a digit there.`;
  if (/[A-Z]/.test(name)) return 'npm wants small letters.';
  const strange = /[^a-z0-9._-]/.exec(name)?.[0];
  if (strange !== undefined)
    return `it has ${JSON.stringify(strange)} in it, and npm takes a-z, 0-9, ".", "_" and "-".`;
  return RESERVED.has(name) ? 'Node.js or npm uses that name.' : undefined;
};

/** A name in the form that Airbyte's own connectors have: `Acme CRM` gives `source-acme-crm`. */
export const sourceName = (title: string): string => {
  const last = title.split(/[/\\]/).at(-1) ?? '';
  const words = last
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const short = (words ?? ['example']).join('-').slice(0, 100).replace(/-$/, '');
  return short === 'source' ? 'source-example' : short.startsWith('source-') ? short : `source-${short}`;
};

/** What people call the API by the connector's name: `source-acme-crm` gives `Acme Crm`. */
export const titleOf = (name: string): string =>
  name
    .replace(/^source-/, '')
    .split(/[-._]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

const NOT_TELLING: ReadonlySet<string> = new Set(['api', 'www', 'rest', 'app', 'data', 'v1', 'v2', 'gateway']);

/** The part of a URL's host that names whose API it is: `https://api.acme.com/v2` gives `acme`. */
export const nameFromUrl = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  if (/^[\d.]+$|^\[/.test(hostname) || hostname === 'localhost') return undefined;
  const parts = hostname.split('.').slice(0, -1);
  return parts.findLast((part) => !NOT_TELLING.has(part) && part.length > 2) ?? parts.at(-1);
};
