import * as ts from 'typescript';
import { isOneOff, type TimerLeak, timerLeaks } from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { repairsOf } from './require-timer-cleanup/repairs.ts';

export default defineRule({
  name: 'require-timer-cleanup',
  family: 'waits',
  summary: 'Require that timers, intervals and listeners end with the work they belong to',
  preset: 'recommended',
  fixes: true,
  messages: {
    race: 'Nothing stops this timer when `{{rival}}` wins the race{{place}}: it runs on, and keeps what it holds and the process alive.',
    raceOf:
      'Nothing stops the timer of `{{element}}` ({{line}}) when `{{rival}}` wins the race: it runs on, and keeps what it holds and the process alive.',
    abort:
      'Nothing stops this timer when the work is done: every call leaves one running, which then aborts `{{controller}}` for nobody.',
    abortThrown:
      'When `{{thrower}}` on {{line}} fails, nothing stops this timer: it runs on and aborts `{{controller}}` for nobody.',
    abortLeft:
      'The `{{way}}` on {{line}} leaves before anything has stopped this timer: it runs on and aborts `{{controller}}` for nobody.',
    endlessRace:
      '`{{promise}}` was made before the loop on {{line}}; each turn of it leaves another callback on that promise, and memory grows until it settles.',
    interval: 'Every call of this handler starts an interval that nothing ends; they add up until the process ends.',
    listener:
      'Every call of this handler adds a listener to `{{emitter}}` that nothing takes away: they add up, and each runs at every event.',
    overlap:
      'The interval does not wait for its work: when the wait on {{line}} takes longer, the next run begins before the last one has ended.',
    shared:
      'This timer belongs to one call, but `{{field}}` keeps only the last one: when two calls overlap, the first one’s is lost.',
    clear: 'Stop the timer when the race is over.',
    close: 'End it when `{{response}}` closes.',
    local: 'Keep it in a variable of the call.',
    skip: 'Skip a run while the last one is on its way.',
    timeout: 'Use `AbortSignal.timeout`.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile }) {
    function tell(leak: TimerLeak): void {
      const repairs = repairsOf(leak, core);
      switch (leak.is) {
        case 'race':
        case 'pause': {
          const { element, race, rival, timer } = leak;
          const data = { rival: quoted(rival), element: quoted(element), place: '' };
          const isHere = timer.getSourceFile() === sourceFile && isNear(timer, race);
          if (isHere) {
            const line = lineText(race, sourceFile);
            const place = line === lineText(timer, sourceFile) ? '' : ` on ${line}`;
            report({ at: timer, messageId: 'race', data: { ...data, place }, repairs });
          } else {
            report({ at: element, messageId: 'raceOf', data: { ...data, line: lineText(timer, sourceFile) }, repairs });
          }
          return;
        }
        case 'abort': {
          const { controller, thrower, timer } = leak;
          const data = { controller: quoted(controller.name) };
          const line = thrower === undefined ? '' : lineText(thrower, sourceFile);
          if (thrower === undefined) report({ at: timer, messageId: 'abort', data, repairs });
          else if (ts.isAwaitExpression(thrower)) {
            const failing = { thrower: quoted(thrower.expression), line };
            report({ at: timer, messageId: 'abortThrown', data: { ...data, ...failing }, repairs });
          } else {
            const way = ts.isThrowStatement(thrower) ? 'throw' : 'return';
            report({ at: timer, messageId: 'abortLeft', data: { ...data, way, line }, repairs });
          }
          return;
        }
        case 'endless-race': {
          const data = { promise: quoted(leak.promise), line: lineText(leak.loop, sourceFile) };
          report({ at: leak.promise, messageId: 'endlessRace', data, repairs });
          return;
        }
        case 'interval':
          report({ at: leak.call, messageId: 'interval', repairs });
          return;
        case 'listener': {
          const data = { emitter: quoted(leak.emitter ?? leak.call.expression) };
          report({ at: leak.call, messageId: 'listener', data, repairs });
          return;
        }
        case 'shared':
          report({ at: leak.timer, messageId: 'shared', data: { field: quoted(leak.field) }, repairs });
          return;
        case 'overlap':
          report({ at: leak.call, messageId: 'overlap', data: { line: lineText(leak.wait, sourceFile) }, repairs });
      }
    }

    return {
      Program() {
        if (isOneOff(sourceFile, core)) return;
        for (const leak of ask(timerLeaks, sourceFile)) {
          if ((leak.is !== 'overlap' && leak.is !== 'shared') || options.certainty === 'likely') tell(leak);
        }
      },
    };
  },
});

/** Does the timer stand in the function of the race, its closures included? */
function isNear(timer: ts.Node, race: ts.Node): boolean {
  for (let at = race.parent as ts.Node | undefined; at !== undefined; at = at.parent as ts.Node | undefined) {
    if (ts.isFunctionLike(at)) return timer.pos >= at.pos && timer.end <= at.end;
  }
  return true;
}
