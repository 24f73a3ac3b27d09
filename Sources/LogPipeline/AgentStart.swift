/// How the start of an agent or a pipe is watched and broken off, for as long as it makes its ring's file.
package struct AgentStart {
  /// On a terminal one redrawn line; else lines of the log.
  package var style: ReplayProgressText.Style
  package var show: (String) -> Void
  /// Where the configuration can be read again; nil: nowhere.
  package var source: ConfigurationSource?
  /// Looked at many times a second.
  package var isStopAsked: () -> Bool

  package init(
    style: ReplayProgressText.Style = .lines, source: ConfigurationSource? = nil,
    show: @escaping (String) -> Void = { _ in },
    isStopAsked: @escaping () -> Bool = { false }
  ) {
    (self.style, self.show, self.isStopAsked) = (style, show, isStopAsked)
    self.source = source
  }

  /// The log's line on what a sync is worth where the ring lies.
  static func tellDurability(_ ring: Ring, _ configuration: RingConfiguration) {
    let file = ring.file
    let isAsExpected = file.volume.forgetsBecause == nil && file.volume.warnings.isEmpty
    let line = "durability: \(file.durability)"
    // Who allowed a disk that forgets knows.
    if isAsExpected || configuration.isVolatileDiskAllowed {
      Log.info(line)
    } else {
      Log.warning(line)
    }
  }

  /// The log's line on whose deflate is used; zlib where ISA-L would be faster says how to get that.
  static func tell(_ compression: CompressionLibrary, asked: Configuration.Ring.Compression) {
    switch (compression, IsalLibrary.found) {
    case (.isal, let found): Log.info("compression: \(found.explanation)")
    case (.zlib, .unusable) where asked == .auto:
      Log.warning("compression: zlib; \(IsalLibrary.found.explanation)")
    case (.zlib, .missing) where asked == .auto:
      Log.info(
        "compression: zlib; ISA-L takes a fifth of the time: \(IsalLibrary.found.explanation)")
    case (.zlib, _): Log.info("compression: zlib")
    }
  }

  /// Makes the ring's file if it is not there, and tells how far that is, in percent, each time that changes. Throws
  /// ``RingError``, or ``AgentStopped``; nothing stays behind then.
  func makeRing(
    _ configuration: RingConfiguration, clock: any Clock, told: (Int) -> Void = { _ in }
  ) throws {
    var text = RingMakingText(style: style, path: configuration.path)
    var percent = -1
    let isMade = try withoutActuallyEscaping(told) { told in
      try RingMaking.makeIfMissing(configuration, clock: clock) { progress in
        if progress.percent != percent {
          percent = progress.percent
          told(percent)
        }
        show(text.update(progress) ?? "")
        return !isStopAsked()
      }
    }
    show(text.end())
    if !isMade { throw AgentStopped() }
  }
}
