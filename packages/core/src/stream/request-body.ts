import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';

/** A request's body: an object or array is sent as JSON, `URLSearchParams` as a form, text and bytes as they are. */
export type RequestBody = JsonObject | readonly unknown[] | URLSearchParams | string | Uint8Array;

/** The body as it travels, and the content type it has unless the stream's headers say otherwise. */
export const encodeBody = (
  body: RequestBody,
): { readonly bytes: string | Uint8Array; readonly contentType: string } => {
  if (body instanceof URLSearchParams) {
    return { bytes: body.toString(), contentType: 'application/x-www-form-urlencoded' };
  }
  if (typeof body === 'string') return { bytes: body, contentType: 'text/plain; charset=utf-8' };
  if (body instanceof Uint8Array) return { bytes: body, contentType: 'application/octet-stream' };
  return { bytes: stringifyJson(isJsonObject(body) ? body : [...body]), contentType: 'application/json' };
};
