import { hasRole, isOneOff, type Lease, leaseFaults, leasesOf } from '../analysis/index.ts';
import { lossOf } from '../repair/leak-wording.ts';
import { hidingReport, leakReport } from '../repair/lease-reports.ts';
import { certainty, defineRule, toldOf } from '../rule.ts';

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
    loop: 'The loop on {{line}} may end without {{release}} on {{end}}; then {{loss}}.',
    succeeds: 'A run in which nothing fails never comes to {{release}} on {{end}}; then {{loss}}.',
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
  create({ core, options, report, sourceFile }) {
    function isOurs({ acquisition }: Lease): boolean {
      // A lock is `require-lock-release`'s.
      if (acquisition.kind === 'lock') return false;
      // The end of the process gives back its connections and files; a transaction stays with the other side.
      const outlivesProcess = acquisition.member !== undefined && hasRole(acquisition.member, 'begins');
      if (!outlivesProcess && isOneOff(sourceFile, core)) return false;
      // Such a pool exists to spare work: without the object it works a little more.
      return (acquisition.lender ?? acquisition).isMadeAnew !== true || options.certainty === 'likely';
    }

    function look(lease: Lease): void {
      for (const answer of leaseFaults(lease, core)) {
        const told = toldOf(answer, options.certainty);
        if (told?.witness.is === 'hides') report(hidingReport(lease, told.witness.hiding));
        if (told?.witness.is !== 'leak') continue;
        report(leakReport(lease, told.witness.leak, { isCertain: told.isCertain, loss: lossOf(lease, core) }, core));
      }
    }

    return {
      Program() {
        for (const lease of leasesOf(sourceFile, core)) if (isOurs(lease)) look(lease);
      },
    };
  },
});
