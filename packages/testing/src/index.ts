// An API to test against
export { mockApi, type Answer, type MockApi, type RoutedRequest } from './mock-api.ts';
export type { LoopbackServer, ReceivedRequest } from './loopback-server.ts';
export type { Fault, Reply, ReplyHeaders } from './reply.ts';
export type { RouteParams } from './route.ts';

// A connector as its users see it: a process
export { runConnector } from './run-connector.ts';
export { ConnectorTimeoutError, startConnector, type RunningConnector, type RunOptions } from './start-connector.ts';
export { ConnectorRun } from './connector-run.ts';
export { catalogOf, type CatalogOptions } from './catalog-of.ts';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

// A stream on its own
export { collect } from './collect.ts';

// The API of the demo and of the template connector
export { demoApi, type DemoApi, type DemoApiOptions, type DemoApiStats } from './demo-api.ts';
export type { DemoCommit, DemoData, DemoIssue, DemoRepository } from './demo-data.ts';
