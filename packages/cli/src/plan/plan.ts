/** A JSON Schema, or any other JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** All that is known of a connector before a line of it is written: what a description or an answer of the API told. */
export interface ConnectorPlan {
  /** What people call the API, e.g. `Acme`. */
  readonly title: string;
  /** What all streams share of the URL: absolute, without a slash at its end. */
  readonly baseUrl: string;
  readonly auth: AuthPlan;
  /** What the config asks for beside the credential, e.g. the organisation that is part of every path. */
  readonly config: readonly ConfigField[];
  readonly streams: readonly StreamPlan[];
  /** What holds for the connector as a whole and was guessed. */
  readonly guesses: readonly Guess[];
}

/** One thing that nobody said and that the author is to look at. */
export interface Guess {
  /** E.g. `pagination`, `primary key`. */
  readonly about: string;
  /** What was decided, e.g. `pageNumber({ sizeParam: 'per_page', pageSize: 100 })`. */
  readonly decided: string;
  /** What speaks for it, in plain text. */
  readonly because: string;
}

/** How requests are signed. The names of the config's fields follow from it. */
export type AuthPlan =
  | { readonly kind: 'none' }
  /** `Authorization: Bearer …`, or another word instead of `Bearer`. */
  | { readonly kind: 'bearer'; readonly scheme?: string }
  | { readonly kind: 'basic' }
  | { readonly kind: 'api-key'; readonly in: 'header' | 'query'; readonly name: string }
  | {
      readonly kind: 'oauth2';
      readonly grant: 'refresh_token' | 'client_credentials';
      readonly tokenUrl: string;
      /** Where the owner of an account gives consent; there for `refresh_token`. */
      readonly consentUrl?: string;
      readonly scopes?: readonly string[];
    };

export interface ConfigField {
  /** Its key in the config, lower snake case. */
  readonly name: string;
  /** Its JSON Schema: at least a type, a title and a description. */
  readonly schema: JsonObject;
  readonly required: boolean;
  /** A value for tests and examples. */
  readonly example: unknown;
}

export interface StreamPlan {
  /** Lower snake case, e.g. `issue_comments`; the class is named by it: `IssueComments`. */
  readonly name: string;
  /** What a person would call it, in one sentence. */
  readonly description?: string;
  /** After the base URL, with a slash first and parameters in braces: `/repos/{owner}/{repo}/issues`. */
  readonly path: string;
  /** Where the values of the parameters in the path come from. */
  readonly pathParams: Readonly<Record<string, PathValue>>;
  /** Parameters of the query that are always the same. */
  readonly query: Readonly<Record<string, string | number | boolean>>;
  /** Such as `$.data[*]`. */
  readonly recordsPath: string;
  /** None: undefined. Several fields together: an array. */
  readonly primaryKey?: string | readonly string[];
  /** The field that grows with every change of a record. */
  readonly cursorField?: string;
  /** The parameter that asks for what has changed since a value of the cursor field, where the API has one. */
  readonly sinceParam?: string;
  readonly pagination: PaginationPlan;
  /** The JSON Schema (draft-07) of a record, without references. */
  readonly schema: JsonObject;
  /** Records as the API gives them, for tests; at least one. Its values fit the schema. */
  readonly examples: readonly JsonObject[];
  readonly guesses: readonly Guess[];
}

export type PathValue =
  /** The field of another stream's records: the stream is a child of it, and has a slice for each of them. */
  | { readonly from: 'parent'; readonly stream: string; readonly field: string }
  /** A field of the config. */
  | { readonly from: 'config'; readonly field: string };

/** One of the kit's paginators with its options, as its documentation says. */
export type PaginationPlan =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'linkHeader' | 'nextUrl' | 'cursor' | 'pageNumber' | 'offset';
      readonly options: JsonObject;
    };
