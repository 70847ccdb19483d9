import type { MemberMatch } from '../api/api.ts';

type Role = MemberMatch['role'] extends infer Roles ? (Roles extends readonly (infer Each)[] ? Each : Roles) : never;

/** Does the row carry the role? */
export function hasRole(member: MemberMatch, role: Role): boolean {
  const { role: roles } = member;
  return typeof roles === 'string' ? roles === role : roles.includes(role);
}
