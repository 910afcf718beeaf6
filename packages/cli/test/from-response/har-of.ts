/** An entry of a HAR file. */
export interface Entry {
  readonly url: string;
  readonly body: unknown;
  readonly method?: string;
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sent?: Readonly<Record<string, string>>;
}

/** The text of a HAR file as a browser would export it. */
export const harOf = (...entries: readonly Entry[]): string =>
  JSON.stringify({
    log: {
      version: '1.2',
      creator: { name: 'test', version: '1' },
      entries: entries.map(({ url, body, method = 'GET', status = 200, type = 'application/json', headers, sent }) => ({
        startedDateTime: '2026-01-01T00:00:00.000Z',
        time: 1,
        request: { method, url, httpVersion: 'HTTP/1.1', headers: listOf(sent), queryString: [], cookies: [] },
        response: {
          status,
          headers: listOf(headers),
          content: { mimeType: type, text: typeof body === 'string' ? body : JSON.stringify(body) },
        },
      })),
    },
  });

const listOf = (headers: Readonly<Record<string, string>> = {}) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));
