export { planFromResponses, type FromResponsesOptions } from './plan-from-responses.ts';
