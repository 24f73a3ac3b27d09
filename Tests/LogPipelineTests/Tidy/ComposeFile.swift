import LogPipeline

/// A compose file by its lines: services stand two blanks in, their parts four.
struct ComposeFile {
  let path: String
  let lines: [Substring]

  init(_ path: String) throws {
    self.path = path
    lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Names of the services, in order.
  var services: [String] {
    block(under: "services:", indent: 0).filter { Self.indent($0) == 2 && $0.hasSuffix(":") }
      .map { String($0.dropFirst(2).dropLast()) }
  }

  func service(_ name: String) -> [Substring] { block(under: "  \(name):", indent: 2) }

  /// What a service finds in its environment when nothing but the passwords is set.
  func environment(of service: String) -> [String: String] {
    var found: [String: String] = [:]
    var isInside = false
    for line in self.service(service) {
      if Self.indent(line) == 4 { isInside = line == "    environment:" }
      guard isInside, Self.indent(line) == 6, let colon = line.firstRange(of: ": ") else {
        continue
      }
      let name = String(line[..<colon.lowerBound].drop { $0 == " " })
      found[name] = Self.value(line[colon.upperBound...])
    }
    return found
  }

  /// Left and right of the colon: the address with the port on this machine, and the port inside.
  func ports(of service: String) -> [(outside: String, inside: String)] {
    var isInside = false
    var found: [(String, String)] = []
    for line in self.service(service) {
      if Self.indent(line) == 4 { isInside = line == "    ports:" }
      guard isInside, let dash = line.firstRange(of: "- "),
        let colon = line.lastIndex(of: ":")
      else { continue }
      found.append(
        (
          Self.value(line[dash.upperBound..<colon]), String(line[line.index(after: colon)...])
        ))
    }
    return found
  }

  private static func indent(_ line: Substring) -> Int {
    line.isEmpty ? .max : line.prefix { $0 == " " }.count
  }

  private func block(under head: String, indent: Int) -> [Substring] {
    guard let start = lines.firstIndex(of: head[...]) else { return [] }
    return Array(lines[(start + 1)...].prefix { Self.indent($0) > indent })
  }

  /// Without quotes; `${NAME:-this}` is `this`, and what must be given is a word.
  private static func value(_ text: Substring) -> String {
    var text = String(text)
    for quote in ["'", "\""] where text.hasPrefix(quote) && text.hasSuffix(quote) {
      text = String(text.dropFirst().dropLast())
    }
    while let start = text.firstRange(of: "${"),
      let end = text[start.upperBound...].firstIndex(of: "}")
    {
      let inside = text[start.upperBound..<end]
      let standard = inside.firstRange(of: ":-").map { String(inside[$0.upperBound...]) }
      text.replaceSubrange(start.lowerBound...end, with: standard ?? "given")
    }
    return text
  }
}
