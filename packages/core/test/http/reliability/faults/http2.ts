import { constants, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { authority, issue } from '../certificates.ts';
import { bodyOf, listen } from '../servers.ts';
import type { ExpectedError, PageNumber, Row, Section } from '../row.ts';

const ca = await authority();
const certificate = await issue('127.0.0.1', { ca });

const broken = (says: string): ExpectedError => ({
  code: 'HEADWATER_NETWORK',
  failureType: 'transient_error',
  says,
});

/** Like `writes`, by HTTP/2: `misbehave` has the stream of the faulty page, and its body. */
const streams =
  (misbehave: (stream: ServerHttp2Stream, body: string) => void, times = Infinity): Row['arrange'] =>
  async (page: PageNumber) => {
    let attempts = 0;
    const server = createSecureServer(certificate);
    server.on('session', (session) => session.on('error', () => {}));
    server.on('stream', (stream, { ':path': path = '' }) => {
      stream.on('error', () => {});
      const asked = Number(new URL(path, 'https://localhost').searchParams.get('page') ?? 1);
      const body = JSON.stringify(bodyOf(asked));
      if (asked === page && ++attempts <= times) return misbehave(stream, body);
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      return stream.end(body);
    });
    const { port, ...disposal } = await listen(server);
    return { ...disposal, url: `https://127.0.0.1:${port}`, attempts: () => attempts };
  };

/** The connection is closed, and of the streams on it this one is the first that is not answered. */
const goaway = (stream: ServerHttp2Stream): void => {
  const { session, id = 1 } = stream;
  session?.goaway(constants.NGHTTP2_NO_ERROR, id - 2);
  // Node's server cannot say by GOAWAY that it answers nothing at all.
  if (id === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
};

const endHalfway =
  (end: (stream: ServerHttp2Stream) => void) =>
  (stream: ServerHttp2Stream, body: string): void => {
    // Else Node's server ends the answer in good order before it breaks it off.
    stream.respond({ ':status': 200, 'content-type': 'application/json' }, { waitForTrailers: true });
    stream.write(body.slice(0, 10), () => end(stream));
  };

const http = { http2: true, tls: { ca: ca.cert } };

/** The fault at one attempt, and at every attempt. */
const both = (fault: string, misbehave: Parameters<typeof streams>[0], says: string, kit?: string): readonly Row[] => {
  const row = { http, ...(kit !== undefined && { kit }) };
  return [
    { ...row, fault: `${fault}, once`, arrange: streams(misbehave, 1), expect: { records: 'all', attempts: 2 } },
    {
      ...row,
      fault: `${fault}, for ever`,
      arrange: streams(misbehave),
      expect: { records: 'before', attempts: 5, error: broken(says) },
    },
  ];
};

export const http2: Section = {
  title: 'HTTP/2',
  about:
    'With `http.http2: true`. What the other tables say holds too: an HTTP/2 connection is checked, limited and read like one of HTTP/1.1.',
  rows: [
    ...both(
      'GOAWAY that leaves the request out',
      goaway,
      'the server closes the HTTP/2 connection, or has too many requests on it, and did not begin with this one',
      'Takes a new connection for each attempt.',
    ),
    ...both(
      'GOAWAY with an error code, in the middle of the body',
      endHalfway(({ session }) => session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM)),
      'the server finds that too much is asked of it',
      'Takes a new connection for each attempt.',
    ),
    ...both(
      'The connection of an HTTP/2 answer is cut in the middle of the body',
      endHalfway(({ session }) => session?.destroy()),
      'the connection was closed before the answer was complete',
      'Takes a new connection for each attempt.',
    ),
    ...both(
      'RST_STREAM with INTERNAL_ERROR in the middle of the body',
      endHalfway((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)),
      'the server failed in the middle of its work',
    ),
    ...both(
      'RST_STREAM with CANCEL in the middle of the body',
      endHalfway((stream) => stream.close(constants.NGHTTP2_CANCEL)),
      'the connection was closed before the answer was complete',
      'Takes the half for no answer.',
    ),
  ],
};
