/** A record of the bench's API. */
export type Customer = {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly balance: number;
  readonly delinquent: boolean;
  readonly description: string | null;
  readonly address: {
    readonly line1: string | null;
    readonly city: string | null;
    readonly country: string | null;
  } | null;
  readonly tags: readonly string[] | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export const customerSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['id', 'created_at', 'updated_at'],
  properties: {
    id: { type: 'string' },
    number: { type: 'integer' },
    name: { type: 'string' },
    email: { type: ['null', 'string'] },
    phone: { type: ['null', 'string'] },
    balance: { type: 'number' },
    delinquent: { type: 'boolean' },
    description: { type: ['null', 'string'] },
    address: {
      type: ['null', 'object'],
      properties: {
        line1: { type: ['null', 'string'] },
        city: { type: ['null', 'string'] },
        country: { type: ['null', 'string'] },
      },
    },
    tags: { type: ['null', 'array'], items: { type: 'string' } },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
  },
};
