/** The commands of the package manager that a person uses. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** Installs from what is on the disk already as far as it can, and says little. */
  readonly install: readonly string[];
  /** Runs a program of the installed packages. */
  readonly exec: string;
  /** In front of a path in `package.json`, for a folder that is used in place. */
  readonly linkProtocol: 'file:' | 'link:';
}

const NPM: PackageManager = {
  name: 'npm',
  install: ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
  exec: 'npx',
  linkProtocol: 'file:',
};

const OTHERS: Readonly<Record<string, PackageManager>> = {
  pnpm: {
    name: 'pnpm',
    install: ['install', '--prefer-offline', '--reporter=append-only'],
    exec: 'pnpm exec',
    linkProtocol: 'link:',
  },
  yarn: { name: 'yarn', install: ['install'], exec: 'yarn', linkProtocol: 'link:' },
};

/** The one that started this process, as it says in `npm_config_user_agent`; else npm. */
export const packageManager = (userAgent = process.env['npm_config_user_agent'] ?? ''): PackageManager =>
  OTHERS[userAgent.split('/')[0] ?? ''] ?? NPM;
