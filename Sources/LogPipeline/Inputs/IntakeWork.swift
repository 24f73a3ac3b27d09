/// What one intake of several makes events with; it belongs to that intake's thread once it runs.
package struct IntakeWork {
  package let mill: FrameMill
  /// Called on the intake's thread at the end of each turn that did something.
  package let publish: () -> Void

  package init(mill: FrameMill, publish: @escaping () -> Void = {}) {
    (self.mill, self.publish) = (mill, publish)
  }
}
