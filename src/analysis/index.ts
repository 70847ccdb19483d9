export * from './answer.ts';
export * from './facts.ts';
export type { Api, MemberMatch, TypeMatch } from './api/api.ts';
export * from './flow/graph.ts';
export { blockOf } from './syntax/block-scope.ts';
export * from './syntax/expressions.ts';
export * from './syntax/functions.ts';
export { isBindingElement } from './syntax/bindings.ts';
export { isInside } from './syntax/inside.ts';
export { isMemberName } from './syntax/names.ts';
export { flowGraph } from './flow/flow-graph.ts';
export * from './flow/solve.ts';
export { isNamedBy, type ProgramGlobs } from './program/globs.ts';
export { isNamedCall } from './program/named-call.ts';
export { ownFiles } from './text/files.ts';
export { fileNodes } from './text/nodes.ts';
export { mayMention } from './syntax/may-mention.ts';
export { mentions } from './text/mentions.ts';
export { type Access, accesses } from './places/accesses.ts';
export { entryOf, keyOf, placeOf } from './places/place-of.ts';
export * from './places/place.ts';
export * from './places/symbols.ts';
export * from './syntax/this-owner.ts';
export * from './types/index.ts';
export {
  type ClosureRun,
  type ClosureTime,
  type ClosureWhen,
  closureTime,
  laterOf,
  parameterTime,
  within as timeWithin,
} from './escape/closure-time.ts';
export { isLocal, isReachableFromOutside, referencesOf as referencesInFileOf, symbolAt } from './escape/references.ts';
export { restBehind, type RestOfBlock } from './escape/rest-of-block.ts';
export { type FollowOptions, type UseKind, usesOf, usesOfSymbol, type ValueUse } from './escape/value-uses.ts';
export {
  type CallSite,
  type CallSites,
  callSitesOf,
  isPackageApi,
  type Reference,
  type References,
  referencesOf,
  type ReferenceUse,
} from './program/references.ts';
export {
  entryPointOf,
  isLongLived,
  type KindWitness,
  type ProgramKind,
  programKind,
  programKinds,
} from './program/kind.ts';
export { isOneOff } from './program/one-off.ts';
export { isTopLevelOnce, onceAt } from './program/start-up.ts';
export { type Handle } from './program/handles.ts';
export { type Listener, type Registrar } from './program/listeners.ts';
export { type KeptTimer } from './program/timers.ts';
export {
  type Exit,
  listenersOf,
  type ProgramIndex,
  programIndex,
  type ShutdownHook,
  type Started,
} from './program/program-index.ts';
export { type BackgroundTask, backgroundTasks, type Launch } from './lifetime/background.ts';
export { type FloatingRequest, floatingRequests } from './lifetime/floating-requests.ts';
export { type Given, type LateRequestUse, type ScopeOf } from './lifetime/late-request-uses.ts';
export { type AfterAnswer, answersTooLate, ownerOf, rootOf, sendsIn } from './lifetime/request-end.ts';
export { type LateAwait, lateAwaits, siblingsIn } from './lifetime/late-awaits.ts';
export {
  type AbortLeak,
  type HandlerLeak,
  type Overlap,
  type RaceLeak,
  type SharedTimer,
  type TimerLeak,
  timerLeaks,
} from './lifetime/timer-leaks.ts';
export { type LoggerInScope, loggerInScope, type LoggerStyle } from './lifetime/logger-in-scope.ts';
export { capturesRejections, registersShutdown, rejectionListener, taskFailure } from './lifetime/task-failure.ts';
export { type PerCallClient, perCallClientAt } from './lifetime/per-call-clients.ts';
export { secondEntry } from './lifetime/second-entry.ts';
export type { SecondEntry } from './lifetime/second-entry.ts';
export { classLifetime } from './lifetime/class-lifetime.ts';
export { sharingOf } from './lifetime/sharing.ts';
export type { Sharing } from './lifetime/sharing.ts';
export { type StaleWrite, staleWrites } from './lifetime/stale-writes.ts';
export { type Capture, type Captures, capturesOf } from './escape/captures-of.ts';
export { type Escape, type EscapeKind, escapesOf, type Keeps, keepsIt } from './escape/escapes-of.ts';
export { type Task, type TaskEnd, taskOf } from './escape/task-of.ts';
export { type CellLock, cellLocks } from './program/cell-locks.ts';
export { type CellRace, cellRaces, isStep, type MixedAccess, mixedAccesses } from './program/cell-races.ts';
export { type Cell, cellAt } from './program/shared-cells.ts';
export {
  type Acquisition as Borrowing,
  acquisitionAt,
  acquisitionsIn,
  handOutOf,
  awaitedAround,
  holdersOf,
} from './resources/acquisitions.ts';
export type { HidingRelease } from './resources/hiding-release.ts';
export { type Holders, holdersIn, leasesOf } from './resources/holders.ts';
export { type LeaseFault, leaseFaults } from './resources/lease-faults.ts';
export { type LockedRequest, lockedRequests } from './resources/locked-requests.ts';
export { type FreeList, freeListsIn, type PoolShape, poolShapeOf } from './resources/house-pool.ts';
export { type AfterRelease, usesTooLate } from './resources/after-release.ts';
export {
  type DirtyReturn,
  dirtyReturns,
  doubleRelease,
  isResetByPool,
  type LateReturn,
  lateReturns,
  type LateUse as UseAfterRelease,
  type Leak,
  leakPath,
  type PoolReset,
  usesAfterRelease,
} from './resources/lease-questions.ts';
export { dirtyPath } from './resources/dirty-path.ts';
export { type DirtyPool, dirtyPools, type Giver } from './resources/dirty-pools.ts';
export { carriesData } from './resources/object-writes.ts';
export { ABSENT, HANDED_ON, type Happening, HELD, type LeaseState, RELEASED } from './resources/lease-state.ts';
export { type LockOrder, lockOrders, type Nesting } from './resources/lock-orders.ts';
export { type LockTaking, lockTakings, lockTakingsAt } from './resources/lock-takings.ts';
export type { UnheldLock } from './resources/unheld-locks.ts';
export { type SelfDeadlock, selfDeadlocks } from './resources/self-deadlocks.ts';
export { type Lease, leasesIn, type ParameterDoings, parameterDoings } from './resources/lease.ts';
export { givesSessionLockBack, strayLocks } from './resources/session-locks.ts';
export { type SessionChange, sessionChangesOf, type SessionPart, statementTextOf } from './resources/statements.ts';
export {
  type Call,
  callablesAt,
  type Callables,
  type Callees,
  calleesOf,
  givenFor,
  parametersOf,
  returnedBy,
} from './effects/callees-of.ts';
export { heirsOf } from './effects/class-index.ts';
export { effectAccesses } from './effects/effect-accesses.ts';
export { endsProcess, type ProcessEnd, type ProcessEnds } from './effects/ends-process.ts';
export { everSettles, type Settling } from './effects/ever-settles.ts';
export { type Failure, type FailureWitness, isSound, rootCauseOf } from './effects/failure.ts';
export { failureAt, failures, type Failures, rejectsAt, throwsAt } from './effects/failures.ts';
export { type Handling, type HandlingKind, handlingOf } from './effects/handling-of.ts';
export {
  mayCallbackFail,
  mayCallThrow,
  type MayFail,
  mayPromiseReject,
  mayReject,
  mayThrow,
} from './effects/may-reject.ts';
export {
  firstSuspensionOf,
  mayCallSuspend,
  maySuspend,
  type MaySuspend,
  type Suspension,
} from './effects/may-suspend.ts';
export {
  type CallbackCall,
  type Deed,
  type Handing,
  type LateUse,
  type On,
  parameterUses,
  type ParameterUse,
  type ReturnedAs,
  useOfArgument,
  useOfParameter,
  type When,
} from './effects/parameter-uses.ts';
export {
  type OuterAccess,
  type ReadsAndWrites,
  readsAndWrites,
  type ReturnedPlace,
} from './effects/reads-and-writes.ts';
export { resultParts } from './effects/result-parts.ts';
export { hasRole } from './effects/roles.ts';
export { type RequestScope, requestParametersOf, requestScopeOf } from './lifetime/request-scope.ts';
export { suspects } from './lifetime/suspects.ts';
export { type HouseLock, houseLock } from './effects/house-lock.ts';
export { type Acquisition, type ExclusiveParameter, heldLocksAt, locking, type Locking } from './effects/locking.ts';
export { type Bound, type BoundKind } from './resources/bound-of.ts';
export { type Drain, type Drains, drainsOn, type ReachedExit } from './resources/drains-on.ts';
export { lateListener, type LateListener } from './resources/late-listeners.ts';
export { type PendingReplies, pendingReplies } from './resources/pending-replies.ts';
export {
  type BranchGap,
  type ErrorGap,
  type EventsGap,
  isSameEmitter,
  type SettleGap,
  settleGaps,
} from './resources/settle-paths.ts';
export { type HandMade, type Hop, type Settler } from './resources/settlers.ts';
export { type SettlingEvent, type Wait, waitOf } from './resources/wait-of.ts';
export { type Poll } from './resources/poll-of.ts';
export { toldWait, type UnboundedKind, type UnboundedWait, unboundedWaits } from './resources/unbounded-waits.ts';
export { type UnboundedRequest, unboundedRequests } from './resources/unbounded-requests.ts';
export { creationsOf } from './resources/bound-of.ts';
export { type StaleClear, staleClears } from './lifetime/stale-clears.ts';
export { type UnawaitedGuard, unawaitedGuard, type UnawaitedKind } from './lifetime/unawaited-guards.ts';
export { type SignalSlot } from './lifetime/signal-slots.ts';
export { type NamedSignal, type SignalOrigin } from './lifetime/signals.ts';
export { type UnforwardedSignal, unforwardedSignals } from './lifetime/unforwarded-signals.ts';
export { type RequestState, requestStatesIn } from './lifetime/request-state.ts';
export { type RequestDefault, requestDefaultsIn } from './lifetime/request-defaults.ts';
export { type EnteredContext, enteredContextsIn } from './lifetime/entered-contexts.ts';
export { begunIn, registrarGaps, type ShutdownGap, shutdownGaps } from './shutdown/gaps.ts';
export { type ShutdownPath, type Stage, stageOf } from './shutdown/paths.ts';
export { type UnboundedDrain, unboundedDrains } from './shutdown/deadline.ts';
export { type EarlyHook } from './shutdown/early-hooks.ts';
export { type ForgottenHandle } from './shutdown/forgotten.ts';
export { type EarlyEnd, type EarlyUser, type FragileJoin, type OrderFault, orderFaults } from './shutdown/order.ts';
export { type CheckSuspect, checkSuspects } from './lifetime/check-suspects.ts';
export { type LateAct, lateActs, mayBeShared } from './lifetime/late-acts.ts';
export { type Harm, harmOf, type SeenHarm } from './lifetime/harm-of.ts';
export { type KeptRejection, keptRejections } from './lifetime/kept-rejections.ts';
export { type RemoteUpdate, remoteUpdates } from './lifetime/remote-updates.ts';
export { calledName, chainOf } from './lifetime/store-calls.ts';
export { sourcesOf as storeSourcesOf, writesOf } from './lifetime/store-sources.ts';
