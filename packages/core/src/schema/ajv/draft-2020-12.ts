export { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
