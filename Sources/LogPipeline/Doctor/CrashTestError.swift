/// Why a crash test could not be made; it says nothing of the disk's promise.
package struct CrashTestError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
