export type Config = { base_url: string; api_key: string; start_date?: string; [key: string]: unknown };
export type Repository = { id: number; name: string; [key: string]: unknown };
export type Issue = { id: number; updated_at: string; [key: string]: unknown };
export type Commit = { sha: string; [key: string]: unknown };
