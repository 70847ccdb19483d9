import type { TSESTree } from '@typescript-eslint/utils';
import * as ts from 'typescript';
import {
  isNamedBy,
  isNamedCall,
  mayMention,
  ownFiles,
  registrarGaps,
  type ShutdownGap,
  shutdownGaps,
  type ShutdownPath,
} from '../analysis/index.ts';
import { certainty, defineRule, listOf, milliseconds } from '../rule.ts';
import { repairsOf } from './require-shutdown-drain/repairs.ts';
import { wordsOf } from './require-shutdown-drain/words.ts';

export default defineRule({
  name: 'require-shutdown-drain',
  family: 'shutdown',
  summary: 'Require that a service drains what it has in flight before its process ends',
  preset: 'recommended',
  fixes: true,
  messages: {
    pending: 'The process exits here while {{drains}} under way; {{loss}}.',
    work: 'The process exits here while {{work}} of {{line}} is under way; what follows its first wait never happens.',
    serving: 'On {{signal}} the process exits here while what {{started}} of {{line}} began still runs; {{loss}}.',
    loop: 'The process exits here in the middle of a round of {{loop}}: {{line}} only sets a flag, and nobody waits for the loop.',
    other: 'On {{signal}} {{drain}} is cut off: the listener of {{line}} exits the process and does not wait for it.',
    exit: 'A listener of `exit` cannot wait: the process ends before {{begun}} is done.',
    stays:
      'When {{failing}} rejects, this exit is skipped: {{line}} takes the failure, and the process stays until it is killed.',
    crashes:
      'When {{failing}} rejects, this exit is skipped and the process crashes; what is still draining is cut off.',
    swallowed: 'This listener of {{signal}} ends nothing, and {{open}} keeps the process alive until it is killed.',
    cut: '{{cut}} destroys connections before they are drained; {{loss}}.',
    store: '{{store}} closes a store while {{intake}} of {{line}} is under way; requests in flight fail on it.',
    hook: '{{drain}} is not waited for here; the process ends without it, and {{loss}}.',
    await: 'Wait for it, then exit.',
    drain: 'Drain what can be named here, then exit.',
    always: 'Exit after a failure as well.',
    later: 'Destroy what is left when the deadline is over.',
    together: 'Wait for it in the listener that exits.',
    signal: 'Do it on SIGTERM, and exit when it is done.',
    end: 'Drain what keeps the process alive, then exit.',
  },
  options: {
    certainty,
    deadline: milliseconds(
      10_000,
      'How long a shutdown may take, in milliseconds, before a fix lets the process exit with code 1.',
      'drain',
    ),
    drains: listOf(
      'Functions and methods that end something and give a promise, by name (`flush`) or with their class.',
    ),
    registrars: listOf('Functions that run what they are given at shutdown and wait for it, by name.'),
    services: listOf('Globs of files that are part of a service, whatever they look like.'),
    signals: listOf('Signals that end the program. Default: all that ask a process to end.'),
  },
  create({ ask, core, options, program, report, sourceFile, tsOf }) {
    function tell(gap: ShutdownGap): void {
      if (!gap.isCertain && options.certainty !== 'likely' && !isNamedDrain(gap)) return;
      const { at, path } = gap;
      if (!isService(path) || (path.on === 'signal' && !isLookedAt(path.events)) || isRegistered(gap)) return;
      const repairs = repairsOf(gap, options.deadline, core);
      report({ at, repairs, ...wordsOf(gap, sourceFile, core) });
    }

    function isService({ file, service }: ShutdownPath): boolean {
      return service.is === 'yes' || isNamedBy(options.services, file.fileName, program);
    }

    function isLookedAt(events: readonly string[]): boolean {
      return options.signals.length === 0 || events.some((event) => options.signals.includes(event));
    }

    function isNamedDrain(gap: ShutdownGap): boolean {
      return gap.kind === 'work' && isNamedCall(gap.work, options.drains, core);
    }

    /** Does a function that the user has named end the program in another way? */
    function isRegistered({ kind }: ShutdownGap): boolean {
      if (kind !== 'serving' && kind !== 'swallowed') return false;
      const names = options.registrars.map((name) => name.slice(name.lastIndexOf('.') + 1));
      return names.length > 0 && ask(ownFiles, program).some((file) => names.some((name) => mayMention(file, name)));
    }

    function lookAtNamed(node: TSESTree.CallExpression): void {
      const call = tsOf(node);
      if (!ts.isCallExpression(call) || !isNamedCall(call, options.registrars, core)) return;
      for (const gap of registrarGaps(call, core)) tell(gap);
    }

    return {
      ...(options.registrars.length > 0 ? { CallExpression: lookAtNamed } : {}),
      Program() {
        for (const gap of ask(shutdownGaps, sourceFile)) tell(gap);
      },
    };
  },
});
