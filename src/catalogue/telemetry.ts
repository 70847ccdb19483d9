import { entries, type MemberEntry, sameFor, type TypeEntry } from './schema.ts';

const reports: TypeEntry = { role: 'drainable', stage: 'flush' };
const flushes: MemberEntry = { role: 'drains', ends: 'promise', mayHang: true };

/** What reports on a program, and holds some of that back until it is flushed. Sentry is among those that never reject. */
export const telemetry = [
  entries('@opentelemetry/sdk-node', {
    checkedWith: '@opentelemetry/sdk-node 0.223',
    types: { NodeSDK: reports },
    members: { 'NodeSDK.shutdown': flushes },
  }),
  entries('@opentelemetry/sdk-trace', {
    alsoKnownAs: ['@opentelemetry/sdk-trace-base', '@opentelemetry/sdk-trace-node'],
    checkedWith: '@opentelemetry/sdk-trace-base 2.12 (1.30)',
    types: {
      TracerProvider: reports,
      BasicTracerProvider: reports,
      NodeTracerProvider: reports,
      SpanProcessor: reports,
      BatchSpanProcessor: reports,
      SimpleSpanProcessor: reports,
    },
    members: {
      ...sameFor('TracerProvider', ['forceFlush', 'shutdown'], flushes),
      ...sameFor('BasicTracerProvider', ['forceFlush', 'shutdown'], flushes),
      ...sameFor('SpanProcessor', ['forceFlush', 'shutdown'], flushes),
      ...sameFor('BatchSpanProcessor', ['forceFlush', 'shutdown'], flushes),
      ...sameFor('SimpleSpanProcessor', ['forceFlush', 'shutdown'], flushes),
    },
  }),
  entries('@opentelemetry/sdk-metrics', {
    checkedWith: '@opentelemetry/sdk-metrics 2.12',
    types: { MeterProvider: reports, MetricReader: reports },
    members: {
      ...sameFor('MeterProvider', ['forceFlush', 'shutdown'], {
        ...flushes,
        bound: { by: 'timeout-option', argument: 0, option: 'timeoutMillis' },
      }),
      ...sameFor('MetricReader', ['forceFlush', 'shutdown'], {
        ...flushes,
        bound: { by: 'timeout-option', argument: 0, option: 'timeoutMillis' },
      }),
    },
  }),
  entries('@opentelemetry/sdk-logs', {
    checkedWith: '@opentelemetry/sdk-logs 0.223',
    types: { LoggerProvider: reports, LogRecordProcessor: reports },
    members: {
      ...sameFor('LoggerProvider', ['forceFlush', 'shutdown'], flushes),
      ...sameFor('LogRecordProcessor', ['forceFlush', 'shutdown'], flushes),
    },
  }),
  entries('posthog-node', {
    alsoKnownAs: ['@posthog/core'],
    checkedWith: 'posthog-node 5.70',
    types: { PostHog: reports },
    members: {
      'PostHog.shutdown': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'milliseconds', argument: 0, byDefault: true },
        reason: '30 s when nothing is said',
      },
      'PostHog.flush': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('@segment/analytics-node', {
    checkedWith: '@segment/analytics-node 3.1',
    types: { Analytics: reports },
    members: {
      'Analytics.closeAndFlush': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', byDefault: true },
        reason: '75 s when nothing is said',
      },
      'Analytics.flush': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        bound: { by: 'timeout-option', argument: 0, option: 'timeout' },
      },
    },
  }),
  entries('hot-shots', {
    checkedWith: 'hot-shots 17.1',
    types: { StatsD: reports },
    members: { 'StatsD.close': { role: 'drains', argument: 0, ends: 'callback', rejects: false } },
  }),
  entries('newrelic', {
    checkedWith: '@types/newrelic 9.14',
    members: {
      shutdown: {
        role: 'drains',
        argument: -1,
        ends: 'callback',
        bound: { by: 'timeout-option', argument: 0, option: 'timeout' },
        rejects: false,
        reason: 'sends what is held back only with `collectPendingData`',
      },
    },
  }),
];
