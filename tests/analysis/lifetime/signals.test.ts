import type ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { signalUseOf } from '../../../src/analysis/lifetime/signal-slots.ts';
import { signalsOf } from '../../../src/analysis/lifetime/signals.ts';
import { coreOf } from '../../support/core.ts';

/** The signals of a function, each as `origin text`. */
function signalsIn(code: string, start: string): readonly string[] {
  const { core, fn } = coreOf(code);
  return core.ask(signalsOf, fn(start)).map(({ origin, text }) => `${origin} ${text}`);
}

describe('the signals of a function', () => {
  it('come from its parameters', () => {
    expect(
      signalsIn(
        `export async function load(id: string, signal: AbortSignal, options?: { signal: AbortSignal }, { stop }: { stop?: AbortSignal } = {}) {}`,
        'export async function load',
      ),
    ).toEqual(['given signal', 'given options?.signal', 'given stop']);
  });

  it('come from variables of its body, not of inner functions', () => {
    expect(
      signalsIn(
        `
        export async function load(options: { signal?: AbortSignal }) {
          const { signal } = options;
          const deadline = AbortSignal.timeout(100);
          const both = AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]);
          const inner = () => { const own = AbortSignal.timeout(10); return own; };
          return [signal, both, inner];
        }`,
        'export async function load',
      ),
    ).toEqual(['given options.signal', 'given signal', 'deadline deadline', 'joined both']);
  });

  it('come from controllers, by who aborts them', () => {
    expect(
      signalsIn(
        `
        import type { Socket } from 'node:net';
        const running = new Map<string, AbortController>();
        export async function load(socket: Socket) {
          const left = new AbortController();
          socket.on('close', () => left.abort());
          const bound = new AbortController();
          socket.on('end', bound.abort.bind(bound));
          const kept = new AbortController();
          running.set('load', kept);
          const timed = new AbortController();
          setTimeout(() => timed.abort(), 100);
          const own = new AbortController();
          own.abort();
          const stopped = new AbortController();
          process.on('SIGTERM', () => stopped.abort());
        }`,
        'export async function load',
      ),
    ).toEqual(['cancelled left.signal', 'cancelled bound.signal', 'cancelled kept.signal', 'deadline timed.signal']);
  });

  it('are those of a request only where it is handled', () => {
    const code = `
      import Fastify, { type FastifyRequest } from 'fastify';
      const app = Fastify();
      app.get('/', async (request) => request.url);
      export async function audit(request: FastifyRequest) { return request.url; }
      export async function GET(request: Request) { return new Response(request.url); }
      export async function send(request: Request) { return request.url; }`;
    expect(signalsIn(code, 'async (request)')).toEqual(['request request.signal']);
    expect(signalsIn(code, 'export async function audit')).toEqual([]);
    expect(signalsIn(code, 'export async function GET')).toEqual(['request request.signal']);
    expect(signalsIn(code, 'export async function send')).toEqual([]);
  });
});

/** What a call does about a signal. */
function useIn(code: string, call: string): ReturnType<typeof signalUseOf> {
  const { core, expression } = coreOf(code);
  return signalUseOf(expression(call) as ts.CallExpression, core);
}

describe('a call', () => {
  const DECLARED = `
    declare function load(id: string, options?: { limit?: number; signal?: AbortSignal }): Promise<void>;
    declare function lock(id: string, limit?: number, signal?: AbortSignal): Promise<void>;
    declare const given: { signal?: AbortSignal };
  `;

  it('takes a signal at its place or among its options', () => {
    expect(useIn(`${DECLARED} load('a');`, "load('a')")).toMatchObject({
      is: 'empty',
      slot: { argument: 1, option: 'signal', gap: 0 },
    });
    expect(useIn(`${DECLARED} lock('a');`, "lock('a')")).toMatchObject({ is: 'empty', slot: { argument: 2, gap: 1 } });
  });

  it('is given one, or may be', () => {
    expect(
      useIn(
        `${DECLARED} load('a', { signal: AbortSignal.timeout(1) });`,
        "load('a', { signal: AbortSignal.timeout(1) })",
      ).is,
    ).toBe('given');
    expect(useIn(`${DECLARED} load('a', given);`, "load('a', given)").is).toBe('hidden');
    expect(useIn(`${DECLARED} load('a', { ...given });`, "load('a', { ...given })").is).toBe('hidden');
    expect(useIn(`${DECLARED} lock('a', 1, undefined);`, "lock('a', 1, undefined)").is).toBe('hidden');
  });

  it('takes none', () => {
    expect(useIn(`${DECLARED} Number('1');`, "Number('1')").is).toBe('none');
    expect(useIn(`declare function stop(signal?: NodeJS.Signals): void; stop();`, 'stop()').is).toBe('none');
  });
});
