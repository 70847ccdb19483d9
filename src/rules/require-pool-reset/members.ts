import * as ts from 'typescript';
import { bare, type Core, hasRole, isThenable, type MemberMatch } from '../../analysis/index.ts';

/** A member of a leased object. */
export interface LeaseMember {
  readonly name: string;
  readonly row: MemberMatch;
  readonly givesPromise: boolean;
  /** Must something be passed? */
  readonly needs: number;
}

type Role = Parameters<typeof hasRole>[1];

/** The member of a type that the catalogue gives this role, those first that need the fewest arguments. */
export function memberWith(type: ts.Type, role: Role, { api, checker }: Core): LeaseMember | undefined {
  const found = checker.getPropertiesOfType(type).flatMap((property): readonly LeaseMember[] => {
    const row = api.memberIn(type, property.name);
    if (row === undefined || !hasRole(row, role)) return [];
    const signatures = checker.getTypeOfSymbol(property).getCallSignatures();
    const [first] = signatures;
    if (first === undefined) return [];
    return [
      {
        name: property.name,
        row,
        givesPromise: signatures.some((each) => isThenable(checker.getReturnTypeOfSignature(each), checker)),
        needs: Math.min(...signatures.map(({ parameters }) => parameters.filter((each) => isRequired(each)).length)),
      },
    ];
  });
  return found.toSorted((left, right) => left.needs - right.needs)[0];
}

function isRequired({ valueDeclaration }: ts.Symbol): boolean {
  return (
    valueDeclaration !== undefined &&
    ts.isParameter(valueDeclaration) &&
    valueDeclaration.questionToken === undefined &&
    valueDeclaration.initializer === undefined &&
    valueDeclaration.dotDotDotToken === undefined
  );
}

/** The object on which a member is called, and the text between it and the member's name. */
export function receiverOf(call: ts.Node): { readonly object: ts.Expression; readonly link: string } | undefined {
  if (!ts.isCallExpression(call)) return undefined;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return { object: callee.expression, link: callee.questionDotToken === undefined ? '.' : '?.' };
}
