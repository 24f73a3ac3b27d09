/// What one listener of a ``ControlStream`` hears.
package protocol ControlSource: AnyObject, Sendable {
  /// Whole lines with their ends; none when nothing came until `deadline`. On the listener's thread.
  func next(until deadline: MonotonicTime) -> [UInt8]

  /// The listener has gone. Once.
  func close()
}
