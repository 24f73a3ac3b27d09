/// A promise that did not hold.
struct CrashFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
