import type { FailureType, ResponseRule } from '@headwater/core';
import { RENEWED } from '../read.ts';
import { answers, bodyOf } from '../servers.ts';
import { PAGES, type ExpectedError, type Row, type Section } from '../row.ts';

const status = (failureType: FailureType, says: string): ExpectedError => ({
  code: 'HEADWATER_HTTP_STATUS',
  failureType,
  says: `was answered ${says}`,
});

/** What `http.retry.rules` make of an answer. */
const ruled = (rule: ResponseRule, row: Omit<Row, 'http'>): Row => ({ ...row, http: { retry: { rules: [rule] } } });

const RENEW: ResponseRule = { status: 401, verdict: 'refresh-token' };

export const rules: Section = {
  title: 'Answers that rules decide about',
  about:
    'The rule of each row is all that `http.retry.rules` has. A rule goes before the table of statuses and before `shouldRetry`.',
  rows: [
    ruled(
      {
        status: 200,
        text: '"error"',
        verdict: 'fail',
        failureType: 'config_error',
        message: 'Enable the API in your account settings.',
      },
      {
        fault: 'A 200 with an error in its body, and a rule: `fail`, `config_error`, with a message',
        arrange: answers({ body: { error: 'API disabled' } }),
        pages: PAGES,
        expect: {
          records: 'before',
          attempts: 1,
          error: status('config_error', 'with 200 OK. Enable the API in your account settings.'),
        },
      },
    ),
    ruled(
      { status: 404, verdict: 'ignore' },
      {
        fault: '404 Not Found, and a rule: `ignore`',
        arrange: answers({ status: 404 }),
        pages: PAGES,
        expect: { records: 'before', attempts: 1 },
        kit: 'Takes it for the end of the list.',
        user: 'The records of the pages before it, and no error.',
      },
    ),
    ruled(
      { status: 409, text: 'locked', verdict: 'retry' },
      {
        fault: '409 Conflict with a text, once, and a rule: `retry`',
        arrange: answers({ status: 409, body: { error: 'The table is locked.' } }, 1),
        expect: { records: 'all', attempts: 2 },
      },
    ),
    ruled(
      { status: 400, header: { name: 'x-quota', value: '0' }, verdict: 'rate-limited' },
      {
        fault: '400 Bad Request with a header, once, and a rule: `rate-limited`',
        arrange: answers({ status: 400, headers: { 'x-quota': '0', 'retry-after': '9' } }, 1),
        expect: { records: 'all', attempts: 2, waits: [9000], throttled: 1 },
        kit: 'Waits as long as the API says.',
      },
    ),
    ruled(RENEW, {
      fault: '401 Unauthorized until the credential is renewed, and a rule: `refresh-token`',
      arrange: answers(({ headers }) =>
        headers.authorization === `Bearer ${RENEWED}` ? { body: bodyOf(2) } : { status: 401 },
      ),
      expect: { records: 'all', attempts: 2, level: 'info' },
      kit: 'Asks for a new credential.',
    }),
    ruled(RENEW, {
      fault: '401 Unauthorized with the renewed credential too, and a rule: `refresh-token`',
      arrange: answers({ status: 401 }),
      expect: {
        records: 'before',
        attempts: 2,
        level: 'info',
        error: status('config_error', 'with 401 Unauthorized.'),
      },
      kit: 'Asks for a new credential, once.',
    }),
  ],
};
