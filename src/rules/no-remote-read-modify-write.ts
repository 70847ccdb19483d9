import { type Core, type RemoteUpdate, remoteUpdates } from '../analysis/index.ts';
import { lineText } from '../report/wording.ts';
import { certainty, defineRule } from '../rule.ts';
import { addAtOnce } from './no-remote-read-modify-write/add-at-once.ts';
import { oneAtATime } from './no-remote-read-modify-write/one-at-a-time.ts';
import { onlyIfAbsent } from './no-remote-read-modify-write/only-if-absent.ts';
import type { StoreRepair } from './no-remote-read-modify-write/repair.ts';
import { thingText } from './no-remote-read-modify-write/thing-text.ts';

export default defineRule({
  name: 'no-remote-read-modify-write',
  family: 'shared-state',
  summary: 'Disallow writing a key, row or file of a store from what was read of it before',
  preset: 'recommended',
  fixes: true,
  messages: {
    lost: '`{{thing}}` was read on {{read}} and is written from that here; what others wrote in between is lost, unlike with {{form}}.',
    lostPlain:
      '`{{thing}}` was read on {{read}} and is written from that here; what another request or process wrote in between is lost.',
    twice:
      '`{{thing}}` was not there on {{read}} and is created here; two requests may both come this far, unlike with {{form}}.',
    twicePlain: '`{{thing}}` was not there on {{read}} and is created here; two requests may both come this far.',
    add: 'Let the store add ({{form}}).',
    absent: 'Write it only if it is still not there ({{form}}).',
    queue: 'Let the runs of this process take turns, from the read to the write.',
  },
  options: { certainty },
  create({ ask, core, options, report, sourceFile }) {
    function tell(update: RemoteUpdate): void {
      const form = formOf(update);
      report({
        at: update.writeAt,
        messageId: messageOf(update.is, form !== undefined),
        data: {
          thing: thingText(update, core),
          read: lineText(update.readAt, sourceFile),
          ...(form === undefined ? {} : { form }),
        },
        repairs: repairsOf(update, core).map((repair) => ({ ...repair, data: { form: form ?? '' } })),
      });
    }

    return {
      Program() {
        for (const update of ask(remoteUpdates, sourceFile)) {
          if (update.isCertain || options.certainty === 'likely') tell(update);
        }
      },
    };
  },
});

function repairsOf(update: RemoteUpdate, core: Core): readonly StoreRepair[] {
  if (update.is === 'twice') return onlyIfAbsent(update);
  return [...(update.how === 'sum' ? addAtOnce(update, core) : []), ...oneAtATime(update, core)];
}

/** The message, with or without the form that the store has for it. */
function messageOf(is: RemoteUpdate['is'], isNamed: boolean): 'lost' | 'lostPlain' | 'twice' | 'twicePlain' {
  if (is === 'lost') return isNamed ? 'lost' : 'lostPlain';
  return isNamed ? 'twice' : 'twicePlain';
}

/** The store's own way to do it in one step, in the words of its client. */
function formOf({ how, is, write }: RemoteUpdate): string | undefined {
  const { adds, atOnce, ifAbsent } = write.row.store;
  if (is === 'twice') return ifAbsent;
  if (how !== 'sum' || adds === undefined) return atOnce;
  return adds.name.includes('`') ? adds.name : `\`${adds.name}\``;
}
