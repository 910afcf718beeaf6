import { once } from 'node:events';
import { createServer } from 'node:http';

export const KEY = 'k3y-Ünique/+123';

export interface ItemsApi extends AsyncDisposable {
  readonly url: string;
}

const ITEMS = Array.from({ length: 17 }, (_, index) => ({
  id: index + 1,
  title: `Item ${index + 1}`,
  updated_at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
  note: index % 2 === 0 ? 'even' : null,
}));
const TAGS = ['a', 'b', 'c'].map((name) => ({ name }));

/** The API of connectors/source.js: items by page from `since` on, and tags. */
export const itemsApi = async (): Promise<ItemsApi> => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const key = Buffer.from(String(request.headers['x-api-key']), 'latin1').toString('latin1');
    if (key !== KEY) return answer(401, { error: 'unauthorized' });
    if (pathname === '/tags') return answer(200, { items: TAGS });
    const since = searchParams.get('since') ?? '';
    const wanted = ITEMS.filter(({ updated_at }) => updated_at >= since);
    const size = Number(searchParams.get('size'));
    const start = (Number(searchParams.get('page')) - 1) * size;
    answer(200, { items: wanted.slice(start, start + size), more: start + size < wanted.length });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('No port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
