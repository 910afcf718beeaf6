/** Runs the work of a process: an error ends it with its message and exit code 1, a signal with its exit handlers. */
export const asProcess = async (work: () => Promise<void>): Promise<void> => {
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
};
