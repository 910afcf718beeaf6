import { HeadwaterError } from '@headwater/core';

/** A cassette is missing, cannot be used, or has no answer for a request; or a setting of cassettes is wrong. */
export class CassetteError extends HeadwaterError {
  override readonly name = 'CassetteError';
  override readonly code = 'HEADWATER_CASSETTE';
  override readonly failureType = 'config_error';
}
