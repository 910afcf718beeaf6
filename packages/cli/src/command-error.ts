/** What stops a command: a sentence for the person at the desk. The command ends with exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
