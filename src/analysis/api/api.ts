import type ts from 'typescript';
import type {
  ConventionEntry,
  MemberEntry,
  MemberRole,
  ProgramMark,
  TypeEntry,
  TypeRole,
} from '../../catalogue/schema.ts';

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

/** A convention that matched a file and a name. */
export interface ConventionMatch extends ConventionEntry {
  readonly from: string;
}

/** The events for which rows of one name play a role, and where the event stands among the arguments. */
export interface EventsOfRole {
  readonly key: number;
  readonly events: ReadonlySet<string>;
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
  /** The row of the member that values of a type have under this name, whether or not anybody names it. */
  memberIn(type: ts.Type, name: string): MemberMatch | undefined;
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
  /** Is there a row with the role for whatever a type has, or for what is called itself? Then no name rules it out. */
  isNameless(role: MemberRole): boolean;
  /**
   * The names under which members with this role are called or built, each with the events it is limited to, if it is: to pass over
   * files and calls that cannot be one of them. With `where` only rows that it takes count; keep what it gives.
   */
  namesWith(role: MemberRole, where?: (row: MemberMatch) => boolean): ReadonlyMap<string, EventsOfRole | undefined>;
  /** As `namesWith`, by what a row says and whatever its role; keep what it gives. */
  namesWhere(where: (row: MemberMatch) => boolean): ReadonlySet<string>;
  /**
   * Where members with this role and name are reached through globals alone, as `process.send` is: texts of which a file holds one
   * that reaches them (`process`, also in `node:process`). `undefined` where they may come from anywhere.
   */
  globalsWith(role: MemberRole, name: string): ReadonlySet<string> | undefined;
  /** Has the package a type of requests or responses? */
  hasRequests(packageName: string): boolean;
  /** The row of a function that a file exports under a name, if a framework calls it because of that. */
  conventionOf(fileName: string, exported: string): ConventionMatch | undefined;
  /** What a program is taken for that takes this name from a module (`*`: anything). */
  markOf(module: string, name: string): ProgramMark | undefined;
}
