import { spawn } from 'node:child_process';

/** Asks the desktop to show a page. Where there is none, nothing happens: the URL has been printed. */
export const openBrowser = (url: URL): void => {
  const [command, args] = commandFor(process.platform);
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
};

const commandFor = (platform: NodeJS.Platform): [string, string[]] => {
  if (platform === 'darwin') return ['open', []];
  // What `start` does, without a shell that would read "&" in a URL as its own.
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler']];
  return ['xdg-open', []];
};
