/** The command line asks for what makes no sense. The command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
