import ts from 'typescript';
import {
  type FunctionNode,
  hasRole,
  holdersOf,
  isFunctionNode,
  isOneOff,
  type Leak,
  leakPath,
  type Lease,
  leasesIn,
  mayAcquire,
  programKinds,
} from '../analysis/index.ts';
import { certainty, defineRule } from '../rule.ts';
import { repairsOf } from '../repair/release-repairs.ts';
import { heldFirst, unheldRelease } from '../repair/unheld-release.ts';
import { lossOf, messageOf, unheldMessageOf } from '../repair/leak-wording.ts';

export default defineRule({
  name: 'require-pool-release',
  family: 'pools',
  summary: 'Require that whatever is acquired from a pool is given back on every path',
  preset: 'recommended',
  fixes: true,
  messages: {
    throws: '{{step}} on {{line}} may throw before {{release}} on {{end}}; then {{loss}}.',
    rejects: '{{step}} on {{line}} may reject, and the `then` with {{release}} on {{end}} never runs; then {{loss}}.',
    thrown: 'The `throw` on {{line}} leaves before {{release}} on {{end}}; then {{loss}}.',
    returns: 'The `return` on {{line}} leaves before {{release}} on {{end}}; then {{loss}}.',
    skips: 'The condition on {{line}} goes past {{release}} on {{end}}; then {{loss}}.',
    again: 'The loop goes on from {{line}} without {{release}} on {{end}}; then {{loss}}.',
    never: '{{lease}} is acquired here and given back on no path: {{loss}}.',
    hook: '{{step}} on {{line}} may throw while only this function has {{lease}}; then {{loss}}.',
    hides: 'If {{acquire}} fails, {{release}} on {{end}} throws as well, and its TypeError hides why.',
    before: 'Acquire it before the `try`.',
    asked: 'Give it back only if it is there.',
    finally: 'Give it back in a `finally`.',
    rethrow: 'Give it back when what comes before the hand-over throws.',
    using: 'Declare it with `{{using}}`, which gives it back at the end of the block.',
  },
  options: { certainty },
  create({ core, options, report, sourceFile, tsOf }) {
    const callers = new Set<FunctionNode>();

    function look(lease: Lease, isInOneOff: boolean): void {
      const { acquisition } = lease;
      // A lock is `require-lock-release`'s.
      if (acquisition.kind === 'lock') return;
      // The end of the process gives back its connections and files; a transaction stays with the other side.
      const outlivesProcess = acquisition.member !== undefined && hasRole(acquisition.member, 'begins');
      if (isInOneOff && !outlivesProcess) return;
      // Such a pool exists to spare work: without the object it works a little more.
      if ((acquisition.lender ?? acquisition).isMadeAnew === true && options.certainty !== 'likely') return;
      const answer = leakPath(lease, core);
      if (answer.is === 'no') tellUnheld(lease);
      if (answer.is === 'no' || answer.witness === undefined) return;
      if (answer.is === 'unknown' && answer.because !== 'unknown-callee') return;
      const isCertain = answer.is === 'yes' && answer.witness.cause?.isSoft !== true;
      if (isCertain || options.certainty === 'likely') tell(lease, answer.witness, isCertain);
    }

    function tellUnheld(lease: Lease): void {
      const unheld = unheldRelease(lease, core);
      if (unheld === undefined) return;
      report({ at: lease.acquisition.call, ...unheldMessageOf(lease, unheld, sourceFile), repairs: heldFirst(unheld) });
    }

    function tell(lease: Lease, leak: Leak, isCertain: boolean): void {
      const loss = lossOf(lease, core);
      report({
        at: lease.acquisition.call,
        ...messageOf(lease, leak, loss, sourceFile),
        repairs: repairsOf(lease, leak, isCertain, core),
      });
    }

    return {
      'CallExpression, NewExpression'(node) {
        const call = tsOf(node);
        if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return;
        if (mayAcquire(call, core)) for (const fn of holdersOf(call)) callers.add(fn);
      },
      'Program:exit'() {
        if (callers.size === 0) return;
        if ([...programKinds(sourceFile, core)].every((kind) => kind === 'test')) return;
        const isInOneOff = isOneOff(sourceFile, core);
        for (const fn of callers) {
          if (!isFunctionNode(fn)) continue;
          for (const lease of core.ask(leasesIn, fn)) look(lease, isInOneOff);
        }
      },
    };
  },
});
