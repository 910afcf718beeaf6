import { BodyError, ConnectorError } from '../errors.ts';
import { charsetOf } from '../http/media-type.ts';
import type { ResponseRule } from '../http/response-rule.ts';
import type { HttpHeaders } from '../http/types.ts';
import type { SoapOptions } from '../parse/soap-envelope.ts';
import type { JsonObject } from '../protocol/json.ts';
import { CallSender } from './call-sender.ts';
import type { CallRequest } from './request.ts';
import type { CallResponse } from './response.ts';

export interface SoapCallOptions extends SoapOptions {
  /** @default '', the base URL itself */
  readonly path?: string;
  /**
   * Headers of the HTTP request; `headers` are those of the envelope.
   *
   * @default none
   */
  readonly httpHeaders?: HttpHeaders;
  /** Ends the request, and any waiting between its attempts, at once. */
  readonly signal?: AbortSignal | undefined;
}

/** A Fault comes with 500, or 400 in SOAP 1.2: sending it again would only ask for it again. */
export const soapFaultRule: ResponseRule = {
  when: ({ request: { sender }, status }) => sender instanceof CallSender && sender.soap && status >= 400,
  text: /<(?:[\w.-]+:)?Fault[\s>/]/,
  verdict: 'success',
};

export const soapRequest = async (
  action: string,
  body: JsonObject | string,
  { version = '1.1', path = '', httpHeaders, signal, ...options }: SoapCallOptions,
): Promise<CallRequest> => {
  if (/["\\\p{Cc}]/u.test(action)) {
    throw new ConnectorError(`soap: the action ${JSON.stringify(action)} cannot stand in a header. Give its URI.`);
  }
  const { wrapSoap } = await import('../parse/soap-envelope.ts');
  const headers =
    version === '1.1'
      ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` }
      : { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` };
  const envelope = wrapSoap(body, { ...options, version });
  return { method: 'POST', path, headers: { ...headers, ...httpHeaders }, body: envelope, signal };
};

/** What stands in the body of the envelope; empty where a one-way operation is answered without one. */
export const soapContent = async (response: CallResponse, place: string): Promise<JsonObject> => {
  const bytes = response.bytes();
  if (bytes.length === 0) return {};
  const { unwrapSoap } = await import('../parse/soap.ts');
  const charset = charsetOf(response);
  try {
    return await unwrapSoap(bytes, charset === undefined ? {} : { charset });
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new BodyError(`${place}: POST ${response.url} was answered with ${response.status}. ${cause.message}`, {
      cause,
    });
  }
};
