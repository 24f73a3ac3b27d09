import Glibc
import Synchronization

/// One line on standard error for what an operator would act on: time, level, message, then `key=value` pairs.
/// Never an event's content.
package struct Log: Sendable {
  package enum Level: Int, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error, silent

    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  private static let minimum = Atomic<Int>(Level.info.rawValue)

  package static var level: Level { Level(rawValue: minimum.load(ordering: .relaxed)) ?? .info }

  package static func setMinimum(_ level: Level) {
    minimum.store(level.rawValue, ordering: .relaxed)
  }

  package static func debug(_ message: @autoclosure () -> String, _ pairs: (String, String)...) {
    write(.debug, message, pairs)
  }
  package static func info(_ message: @autoclosure () -> String, _ pairs: (String, String)...) {
    write(.info, message, pairs)
  }
  package static func warning(_ message: @autoclosure () -> String, _ pairs: (String, String)...) {
    write(.warning, message, pairs)
  }
  package static func error(_ message: @autoclosure () -> String, _ pairs: (String, String)...) {
    write(.error, message, pairs)
  }

  private static func write(
    _ level: Level, _ message: () -> String, _ pairs: [(String, String)]
  ) {
    guard level.rawValue >= minimum.load(ordering: .relaxed) else { return }
    var line = UtcTime(milliseconds: SystemClock().wallMilliseconds()).text
    line += " \(level) \(oneLine(message()))"
    for (key, value) in pairs { line += " \(key)=\(quoted(value))" }
    line += "\n"
    StandardStreams.writeError(line)
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D }
    return isPlain ? value : "\"\(oneLine(value).replacing("\"", with: "'"))\""
  }

  private static func oneLine(_ text: String) -> String {
    text.utf8.contains { $0 < 0x20 }
      ? String(text.map { $0.isNewline || ($0.asciiValue ?? 32) < 32 ? " " : $0 }) : text
  }
}
