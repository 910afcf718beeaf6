export { Ajv2019 as Ajv } from 'ajv/dist/2019.js';
