export { _ as code } from 'ajv';
export { default as formats } from 'ajv-formats';
