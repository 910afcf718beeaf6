// Real answers, recorded once and replayed without a network
export { useCassettes, type Cassettes, type UnusedExchange } from './use-cassettes.ts';
export type { CassetteMode, CassetteOptions } from './settings.ts';
export { CassetteError } from './cassette-error.ts';
export type { Cassette, Content, Interaction, RecordedRequest, RecordedResponse } from './format.ts';

// What `runSource` of core loads
export { startCassettes } from './start-cassettes.ts';
