import { createHash } from 'node:crypto';
import type { ReceivedRequest, Reply } from '@headwater/testing';

export interface DigestServerOptions {
  readonly algorithm?: string;
  readonly qop?: string;
  readonly extra?: string;
  readonly username?: string;
  readonly password?: string;
  /** How many answers one nonce is good for. */
  readonly uses?: number;
  /** Whether a nonce that is used up is told to be stale. */
  readonly tellsStale?: boolean;
  /** Whether each answer names the next nonce. */
  readonly nextNonce?: boolean;
}

/** A server's side of Digest, written from the RFC and sharing nothing with the kit: it keeps count of each nonce. */
export const digestServer = (options: DigestServerOptions = {}) => {
  const { algorithm = 'MD5', qop = 'auth', extra = '', username = 'Mufasa', password = 'Circle of Life' } = options;
  const { uses = Infinity, tellsStale = true, nextNonce = false } = options;
  const counts = new Map<string, number>();
  const hashName = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }[algorithm.replace('-sess', '')]!;
  const hash = (...parts: readonly string[]) => createHash(hashName).update(parts.join(':')).digest('hex');
  const realm = 'all "of" them, here';

  const newNonce = (): string => {
    const nonce = `nonce-${counts.size + 1}`;
    counts.set(nonce, 0);
    return nonce;
  };
  const challenge = (stale = false): Reply => ({
    status: 401,
    headers: {
      'www-authenticate': [
        'Basic realm="simple"',
        `Digest realm="all \\"of\\" them, here", nonce="${newNonce()}", opaque="o=p,q", algorithm=${algorithm}` +
          `${qop === '' ? '' : `, qop="${qop}"`}${stale ? ', stale=TRUE' : ''}${extra}`,
      ],
    },
  });

  return {
    counts,
    answer(request: ReceivedRequest): Reply {
      const fields = fieldsOf(request.headers.authorization ?? '');
      const nonce = fields.get('nonce') ?? '';
      const count = counts.get(nonce);
      if (count === undefined) return challenge();
      if (count >= uses) return challenge(tellsStale);
      counts.set(nonce, count + 1);

      const target = request.query.size > 0 ? `${request.path}?${request.query.toString()}` : request.path;
      const cnonce = fields.get('cnonce') ?? '';
      const user = hash(username, realm, password);
      const key = algorithm.endsWith('-sess') ? hash(user, nonce, cnonce) : user;
      const used = fields.get('qop');
      const what =
        used === 'auth-int' ? hash(request.method, target, hash(request.body)) : hash(request.method, target);
      const nc = (count + 1).toString(16).padStart(8, '0');
      const wanted = used === undefined ? hash(key, nonce, what) : hash(key, nonce, nc, cnonce, used, what);
      const name = fields.get('username*')?.replace("UTF-8''", '') ?? fields.get('username') ?? '';
      const fits =
        fields.get('response') === wanted &&
        fields.get('uri') === target &&
        fields.get('realm') === realm &&
        fields.get('opaque') === 'o=p,q' &&
        (used === undefined ? qop === '' : qop.split(', ').includes(used) && fields.get('nc') === nc) &&
        [username, hash(username, realm)].includes(decodeURIComponent(name));
      if (!fits) return challenge();
      return { body: 'in', ...(nextNonce && { headers: { 'authentication-info': `nextnonce="${newNonce()}"` } }) };
    },
  };
};

const fieldsOf = (header: string): ReadonlyMap<string, string> => {
  if (!header.startsWith('Digest ')) return new Map();
  const fields = header.slice(7).matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g);
  return new Map([...fields].map(([, name = '', text, word]) => [name, text?.replace(/\\(.)/g, '$1') ?? word ?? '']));
};
