import type ts from 'typescript';
import type { MemberEntry, MemberRole, TypeEntry, TypeRole } from '../../catalogue/schema.ts';

/** A catalogue row that matched a member, and the name under which it matched. */
export interface MemberMatch extends MemberEntry {
  /** As written in the row: `Pool.connect`, `once`. */
  readonly name: string;
  /** The package or module of the row. */
  readonly from: string;
}

/** A catalogue row that matched a type. */
export interface TypeMatch extends TypeEntry {
  readonly name: string;
  readonly from: string;
}

/**
 * Which catalogue row is this call or type? Matched by the package that declares the symbol, through aliases, base types,
 * constraints, utility types and unions; `any` matches nothing.
 */
export interface Api {
  /** The row of a called function, method or constructor; for a user's subclass, the row of the base it inherits. */
  memberOf(call: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression): MemberMatch | undefined;
  /** As `memberOf`, for a function or method that is named but not called here (passed on, bound, assigned). */
  memberAt(expression: ts.Expression): MemberMatch | undefined;
  /** Every row of a type, most specific first. */
  typesOf(type: ts.Type): readonly TypeMatch[];
  /** Does the call's row carry this role? */
  plays(
    call: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression,
    role: MemberRole,
  ): MemberMatch | undefined;
  /** Does the type, or a part of it that is not nullish, carry this role? */
  isA(type: ts.Type, role: TypeRole): TypeMatch | undefined;
  /** The argument a row points to (`argument`, counted from the end when negative), if the call has it and no spread hides it. */
  argumentOf(call: ts.CallExpression | ts.NewExpression, at: number | undefined): ts.Expression | undefined;
}
