import type { FailureType } from '@headwater/core';
import { answers } from '../servers.ts';
import { PAGES, type ExpectedError, type Row, type Section } from '../row.ts';

const status = (failureType: FailureType, says: string): ExpectedError => ({
  code: 'HEADWATER_HTTP_STATUS',
  failureType,
  says: `was answered ${says}`,
});

const refused = (number: number, words: string, failureType: FailureType, remedy: string): Row => ({
  fault: `${number} ${words}`,
  arrange: answers({ status: number, body: { error: 'no such luck' } }),
  pages: PAGES,
  expect: {
    records: 'before',
    attempts: 1,
    error: status(failureType, `with ${number} ${words}: "no such luck". ${remedy}`),
  },
});

const busy = (number: number, words: string): readonly Row[] => [
  {
    fault: `${number} ${words}, once`,
    arrange: answers({ status: number }, 1),
    pages: PAGES,
    expect: { records: 'all', attempts: 2 },
  },
  {
    fault: `${number} ${words}, for ever`,
    arrange: answers({ status: number, body: { error: 'try later' } }),
    pages: PAGES,
    expect: {
      records: 'before',
      attempts: 5,
      error: status('transient_error', `5 times with ${number} ${words}: "try later".`),
    },
  },
];

const CONFLICT = 'The API refuses what the connector asks.';

export const statuses: Section = {
  title: 'Statuses',
  about:
    'Each of them strikes at the first request, in the middle of paging, and at the last page. What the API says in the body is quoted, whatever JSON or HTML it is wrapped in.',
  rows: [
    refused(400, 'Bad Request', 'system_error', 'The API does not understand what the connector asks.'),
    refused(401, 'Unauthorized', 'config_error', 'Check the credentials in the config.'),
    refused(403, 'Forbidden', 'config_error', 'The credentials in the config lack a permission for this resource.'),
    refused(
      404,
      'Not Found',
      'system_error',
      'Check the names and ids in the config, then the URL the connector builds.',
    ),
    refused(409, 'Conflict', 'system_error', CONFLICT),
    refused(418, "I'm a Teapot", 'system_error', CONFLICT),
    refused(422, 'Unprocessable Entity', 'system_error', CONFLICT),
    ...busy(408, 'Request Timeout'),
    {
      fault: '429 Too Many Requests, once',
      arrange: answers({ status: 429 }, 1),
      pages: PAGES,
      expect: { records: 'all', attempts: 2, throttled: 1 },
    },
    {
      fault: '429 Too Many Requests, for ever',
      arrange: answers({ status: 429 }),
      pages: PAGES,
      expect: {
        records: 'before',
        attempts: 5,
        throttled: 4,
        error: {
          code: 'HEADWATER_RATE_LIMIT',
          failureType: 'transient_error',
          says: 'was answered 5 times with 429 Too Many Requests. The API quota is spent',
        },
      },
    },
    ...busy(500, 'Internal Server Error'),
    ...busy(502, 'Bad Gateway'),
    ...busy(503, 'Service Unavailable'),
    ...busy(504, 'Gateway Timeout'),
    {
      fault: '503 with a whole HTML page, for ever',
      arrange: answers({
        status: 503,
        headers: { 'content-type': 'text/html' },
        body: '<html><style>p { color: red }</style><body><h1>Back at noon</h1></body></html>',
      }),
      expect: {
        records: 'before',
        attempts: 5,
        error: status('transient_error', '5 times with 503 Service Unavailable: "Back at noon".'),
      },
    },
  ],
};
