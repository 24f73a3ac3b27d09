/// An index could not be read to its end: nothing is known of what it holds.
package struct IndexReadError: Error, Equatable, CustomStringConvertible {
  package let index: String
  package let reason: String

  package var description: String {
    """
    \(index) can not be read whole: \(reason). Nothing was found out. Check that the hosts answer \
    and that this user may read the index, and try again.
    """
  }
}
