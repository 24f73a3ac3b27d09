/// One timer of an event loop: fires once after it was armed, may be armed again.
final class LoopTimer {
  private(set) var deadline: MonotonicTime?
  private let action: () -> Void

  init(action: @escaping () -> Void) { self.action = action }

  /// Replaces an earlier deadline.
  func arm(at deadline: MonotonicTime) { self.deadline = deadline }
  /// Keeps an earlier deadline, if there is one.
  func armIfIdle(at deadline: MonotonicTime) {
    if self.deadline == nil { self.deadline = deadline }
  }
  /// Never later than an earlier deadline.
  func armIfSooner(at deadline: MonotonicTime) {
    self.deadline = min(self.deadline ?? deadline, deadline)
  }
  func disarm() { deadline = nil }

  func fire(ifDueAt now: MonotonicTime) {
    guard let deadline, deadline <= now else { return }
    self.deadline = nil
    action()
  }
}
