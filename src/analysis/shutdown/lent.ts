import type { Core } from '../facts.ts';
import { hasRole } from '../effects/roles.ts';
import type { Drain } from '../resources/drains-on.ts';

/** Is it something that others use, by its catalogue row? What is read, written or borrowed for one task is not. */
export function isLent({ member, target }: Drain, stage: 'flush' | 'store', core: Core): boolean {
  if (stage === 'flush' || member.stage === 'store') return true;
  // It brings news to this process, and nobody asks it for anything.
  if (target !== undefined && /subscri|(?:^|\.)sub$|Sub$/.test(target.getText())) return false;
  const type = target === undefined ? undefined : core.checker.getTypeAtLocation(target);
  if (type === undefined || hasRole(member, 'releases')) return false;
  if (core.api.isA(type, 'stream') !== undefined || core.api.isA(type, 'lease') !== undefined) return false;
  return core.api.isA(type, 'drainable') !== undefined || core.api.isA(type, 'pool') !== undefined;
}
