// An API to test against
export { mockApi, MockApiError, type MockApi, type MockApiOptions } from './mock-api.ts';
export type { Answer, RoutedRequest } from './mock/answer.ts';
export type { MockAuth } from './mock/auth.ts';
export type { OauthServer } from './mock/token-server.ts';
export type { CollectionOptions } from './mock/collection.ts';
export type { Paging } from './mock/paging.ts';
export type { Bound } from './mock/bounds.ts';
export type { Drift } from './mock/unsteady.ts';
export type { FaultRule } from './mock/faults.ts';
export type { Latency } from './mock/latency.ts';
export type { LoopbackServer, ReceivedRequest } from './loopback-server.ts';
export type { Fault, Reply, ReplyHeaders } from './reply.ts';
export type { RouteParams } from './route.ts';

// A connector as its users see it: a process
export { runConnector } from './run-connector.ts';
export { ConnectorTimeoutError, startConnector, type RunningConnector, type RunOptions } from './start-connector.ts';
export { ConnectorRun } from './connector-run.ts';
export { catalogOf, type CatalogOptions } from './catalog-of.ts';
export { stateOf } from './state-of.ts';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

// A stream on its own
export { collect } from './collect.ts';

// The standard suites: what any connector has to keep
export { checkSource, type SuiteReport } from './suite/check-source.ts';
export { standardSourceSuite } from './suite/standard-source-suite.ts';
export type { HostileOptions, SourceSuiteOptions } from './suite/source-options.ts';
export { sourceRules } from './suite/source-rules.ts';
export { checkDestination, standardDestinationSuite } from './suite/destination/check-destination.ts';
export type { DestinationSuiteOptions } from './suite/destination/options.ts';
export { destinationRules } from './suite/destination/rules.ts';
export { policySuite, type PolicySuiteOptions } from './suite/policy-suite.ts';
export type { Finding, Rule, RuleResult, Severity } from './suite/rule.ts';
export { resultText, type RegisterTest, type TestOptions } from './suite/test-runner.ts';
export type { LaunchOptions } from './suite/launcher.ts';
export { faultProxy, type FaultKind, type FaultProxy, type FaultProxyOptions } from './suite/fault-proxy.ts';

// The API of the demo and of the template connector
export { demoApi, type DemoApi, type DemoApiOptions, type DemoApiStats } from './demo-api.ts';
export type { DemoCommit, DemoData, DemoIssue, DemoRepository } from './demo-data.ts';
