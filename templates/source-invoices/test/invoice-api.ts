import { setTimeout as wait } from 'node:timers/promises';
import { mockApi, type MockApi, type ReceivedRequest } from '@headwater/testing';
import type { AuthorizationServer } from './authorization-server.ts';

const PER_PAGE = 50;

export const CUSTOMERS = Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, name: `Customer ${index}` }));

/** Three pages for each customer; number 0 is the oldest. */
export const INVOICES = CUSTOMERS.flatMap(({ id }) =>
  Array.from({ length: 120 }, (_, number) => ({
    id: `${id}-${number}`,
    customer_id: id,
    status: 'open',
    total: number / 4,
    updated_at: new Date(Date.UTC(2026, 0, 1, number)).toISOString().replace('.000Z', 'Z'),
  })),
);

export interface InvoiceApi extends MockApi {
  /** How many requests it refused with 401. */
  readonly refusals: () => number;
}

export interface Incidents {
  /** The numbers, from 1, of requests from which on no answer goes out until the token they came with has expired. */
  readonly slow?: readonly number[];
  /** The number of the request whose token is revoked as it comes in. */
  readonly revoked?: number;
}

/** The resource server: it asks the authorization server about the token of every request. */
export const invoiceApi = async (
  server: AuthorizationServer,
  { slow = [], revoked }: Incidents = {},
): Promise<InvoiceApi> => {
  let [requests, refusals] = [0, 0];
  let held: string | undefined;

  const check = async ({ headers: { authorization = '' } }: ReceivedRequest): Promise<boolean> => {
    const token = authorization.replace(/^Bearer /, '');
    const number = ++requests;
    if (number === revoked) await server.revoke(token);
    if (!(await server.isActive(token))) {
      refusals += 1;
      return false;
    }
    if (slow.includes(number)) held = token;
    if (held === token) while (await server.isActive(token)) await wait(50);
    return true;
  };

  const api = await mockApi({ strict: false, auth: { kind: 'custom', check } });
  const pages = {
    recordsPath: '$.data[*]',
    paging: { kind: 'pageNumber', pageSize: PER_PAGE, sizeParam: 'per_page', hasMore: '$.has_more' },
  } as const;
  api.collection('GET /v1/customers', { items: CUSTOMERS, ...pages });
  api.collection('GET /v1/customers/:id/invoices', {
    items: ({ params }) => INVOICES.filter(({ customer_id }) => customer_id === params['id']),
    since: { param: 'updated_since', field: 'updated_at' },
    ...pages,
  });
  return { ...api, refusals: () => refusals };
};
