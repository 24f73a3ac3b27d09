/// Stops the agent because its own code is wrong, and says which promise was broken.
///
/// Not `precondition`: the optimizer drops its message from release builds.
@inlinable package func invariant(
  _ holds: Bool, _ promise: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !holds { invariantIsBroken(promise(), file: file, line: line) }
}

/// The end of ``invariant(_:_:file:line:)``, where a comparison is not what shows it.
///
/// Never inlined: a check costs its place the comparison, and little room.
@usableFromInline @inline(never) package func invariantIsBroken(
  _ promise: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError("broken invariant: \(promise)", file: file, line: line)
}
