// Asked for only when something is to be checked: ajv takes long to load.
export { Ajv } from 'ajv';
