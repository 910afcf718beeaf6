// A module of our own names what it takes: of CommonJS that is imported when needed a bundle knows the default only.
export { Ajv } from 'ajv';
