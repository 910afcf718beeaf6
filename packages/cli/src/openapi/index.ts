export { planFromOpenApi, type OpenApiCandidate, type OpenApiOptions, type OpenApiPlan } from './plan-from-openapi.ts';
export type { LeftOut } from './candidates.ts';
