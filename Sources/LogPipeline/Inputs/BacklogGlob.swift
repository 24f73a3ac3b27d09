/// A shell pattern for one path component: `*`, `?`, `[a-z]`, `[!a-z]`. A leading dot must be written out.
package struct BacklogGlob: Sendable {
  private let pattern: [Character]

  package init(_ pattern: some StringProtocol) { self.pattern = Array(pattern) }

  /// Whether a text has anything that is special here.
  package static func isPattern(_ text: some StringProtocol) -> Bool {
    text.contains { "*?[".contains($0) }
  }

  package func matches(_ name: String) -> Bool {
    let name = Array(name)
    if name.first == ".", pattern.first != "." { return false }
    // The last star is the only place to go back to: linear for names and patterns as people write them.
    var (at, place) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while place < name.count {
      if at < pattern.count, pattern[at] == "*" {
        star = (at, place)
        at += 1
      } else if let next = matchOne(at, name[place]) {
        at = next
        place += 1
      } else if let back = star {
        at = back.pattern + 1
        place = back.name + 1
        star = (back.pattern, place)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == "*" }
  }

  /// Where the pattern goes on after taking one character; nil when it does not take it.
  private func matchOne(_ at: Int, _ character: Character) -> Int? {
    guard at < pattern.count else { return nil }
    switch pattern[at] {
    case "?": return at + 1
    case "[":
      guard let set = characterSet(at) else { return character == "[" ? at + 1 : nil }
      return set.contains(character) ? set.end : nil
    default: return pattern[at] == character ? at + 1 : nil
    }
  }

  private struct CharacterSet {
    var ranges: [ClosedRange<Character>] = []
    var isNegated = false
    var end = 0
    func contains(_ character: Character) -> Bool {
      ranges.contains { $0.contains(character) } != isNegated
    }
  }

  /// The set that begins at `[`; nil when it is never closed, and the bracket is a plain one.
  private func characterSet(_ start: Int) -> CharacterSet? {
    var set = CharacterSet()
    var at = start + 1
    if at < pattern.count, pattern[at] == "!" || pattern[at] == "^" {
      set.isNegated = true
      at += 1
    }
    let first = at
    while at < pattern.count {
      if pattern[at] == "]", at > first {
        set.end = at + 1
        return set
      }
      if at + 2 < pattern.count, pattern[at + 1] == "-", pattern[at + 2] != "]",
        pattern[at] <= pattern[at + 2]
      {
        set.ranges.append(pattern[at]...pattern[at + 2])
        at += 3
      } else {
        set.ranges.append(pattern[at]...pattern[at])
        at += 1
      }
    }
    return nil
  }
}
