/// One row of the path table: a path of keys and what its value is.
struct FieldRow: Sendable {
  enum Action: UInt8, Sendable {
    case extra = 0, slot, list, content, ignore, keep
  }
  /// Facts about the sender that a path gives away.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt32
    /// Only LiteLLM writes this key.
    static let liteLlm = Traits(rawValue: 1)
    /// Only OpenTelemetry writes this key.
    static let openTelemetry = Traits(rawValue: 2)
    /// Anthropic's own count: input without what came from or went to the cache.
    static let excludesCache = Traits(rawValue: 4)
    /// Gemini's own count: output without thoughts.
    static let excludesThoughts = Traits(rawValue: 8)
    /// A logger writes this key itself: the same field inside its wrapper is the event's own, and wins.
    static let ofLogger = Traits(rawValue: 16)
  }

  /// Keys from the root; "[]" is the first element of an array.
  let path: [String]
  let action: Action
  let field: Field?
  /// Of several paths to one field the lowest wins; at most 63 where a logger may wrap it.
  let rank: UInt8
  let traits: Traits
  /// For the path of an object or an array's element: what is done with keys that no row names.
  let unknownBelow: Action?

  init(
    _ path: String, _ action: Action, _ field: Field? = nil, rank: UInt8 = 0,
    _ traits: Traits = [], unknownBelow: Action? = nil
  ) {
    self.path = path.split(separator: "/").map(String.init)
    self.action = action
    self.field = field
    self.rank = rank
    self.traits = traits
    self.unknownBelow = unknownBelow
  }

  private init(copying row: FieldRow, path: [String], rank: UInt8) {
    self.path = path
    (action, field, self.rank) = (row.action, row.field, rank)
    (traits, unknownBelow) = (row.traits, row.unknownBelow)
  }

  /// As `extra.name` in a log line: a logger's wrapper around the event.
  func wrapped(in wrapper: String) -> FieldRow {
    FieldRow(
      copying: self, path: [wrapper] + path,
      rank: traits.contains(.ofLogger) ? rank : rank + 64)
  }

  /// As it stands at the root: behind the wrapped one when a logger writes it.
  var plain: FieldRow {
    FieldRow(copying: self, path: path, rank: traits.contains(.ofLogger) ? rank + 64 : rank)
  }

  /// The path as `extra` shows it.
  var dottedPath: String { path.joined(separator: ".") }
}
