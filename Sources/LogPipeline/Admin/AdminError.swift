/// Why the admin page could not be started.
package struct AdminError: Error, Equatable, CustomStringConvertible {
  package let listenHost: String
  package var description: String {
    """
    The admin page on \(listenHost) could not start its thread. \
    No event was taken in, so none was lost. \
    Look for a limit on threads or open files of this user (ulimit -a).
    """
  }
}
