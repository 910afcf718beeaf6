import type { JsonObject } from '../protocol/json.ts';
import type { CallStream } from './call-stream.ts';
import type { PingReport } from './ping.ts';
import type { CallOptions, CallRequest } from './request.ts';
import type { CallResponse } from './response.ts';
import type { SoapCallOptions } from './soap.ts';

/** What a connection can be asked for, directly or through a lease of its pool. */
export abstract class HttpCalls {
  /**
   * Sends a request and reads the whole answer.
   *
   * @throws HttpStatusError or RateLimitError for a status that is a failure; NetworkError, TimeoutError, BodyError or
   *   CircuitOpenError when no answer came, after all attempts; the signal's reason
   */
  abstract send(request: CallRequest): Promise<CallResponse>;

  /**
   * Sends a request and hands over its answer before the body is there. A failure until then is tried again and thrown
   * as `send` does; one in the middle of the body is thrown to the reader.
   *
   * @example
   * await using answer = await crm.stream('/export.csv');
   * for await (const bytes of answer.body) await file.write(bytes);
   */
  abstract stream(path: string, options?: CallOptions & { readonly method?: string }): Promise<CallStream>;

  /**
   * Sends one request over a new connection, without another attempt, and measures it. Never throws.
   *
   * @example
   * // The check of a source:
   * override async check() {
   *   const { error } = await this.connections.get('crm').ping();
   *   if (error) throw error;
   * }
   */
  abstract ping(options?: { readonly signal?: AbortSignal | undefined }): Promise<PingReport>;

  /**
   * Calls an operation of a SOAP service: wraps `body` in an envelope, sends it and unwraps the answer, the names of
   * which lose their prefixes.
   *
   * @throws SoapFaultError for a Fault, which is not sent again whatever its status; and as `send` does
   */
  abstract soap(action: string, body: JsonObject | string, options?: SoapCallOptions): Promise<JsonObject>;

  get(path: string, options: CallOptions = {}): Promise<CallResponse> {
    return this.send({ ...options, method: 'GET', path });
  }

  post(path: string, options: CallOptions = {}): Promise<CallResponse> {
    return this.send({ ...options, method: 'POST', path });
  }

  put(path: string, options: CallOptions = {}): Promise<CallResponse> {
    return this.send({ ...options, method: 'PUT', path });
  }

  patch(path: string, options: CallOptions = {}): Promise<CallResponse> {
    return this.send({ ...options, method: 'PATCH', path });
  }

  delete(path: string, options: CallOptions = {}): Promise<CallResponse> {
    return this.send({ ...options, method: 'DELETE', path });
  }
}
