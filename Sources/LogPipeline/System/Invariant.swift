/// Stops the agent because its own code is wrong, and says which promise was broken.
///
/// Not `precondition`: the optimizer drops its message from release builds.
@inlinable package func invariant(
  _ holds: Bool, _ promise: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !holds { fatalError("broken invariant: \(promise())", file: file, line: line) }
}
