/// How far one replayed file is settled, and what became of its events until there.
package struct ReplayAdvance: Equatable, Sendable {
  /// Everything before it is settled; what is behind it comes again after a crash.
  package var mark: ReplayMark
  package var delivered: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var deadLettered: UInt64 = 0
  /// The file was read to its end and all of it is settled.
  package var isFinished = false

  package init(mark: ReplayMark) { self.mark = mark }
}
