import LogPipeline

/// The stages in the order an event passes them.
enum Stages {
  /// 2026-11-21T15:00:00Z.
  private static let demo = DemoEvents(endingAt: 1_795_273_200_000)
  private static let lines = demo.relayLines.split(separator: UInt8(ascii: "\n")).map { Array($0) }

  static var all: [Stage] {
    [
      Stage("JsonValue.parse, settings and answers", eventsPerCall: lines.count) {
        { try lines.reduce(0) { $0 &+ (try JsonValue.parse($1).members?.count ?? 0) } }
      }
    ]
  }
}
