/// How rotation calls files. Pure.
package enum FollowNames {
  /// Whether `name` is what a rotated file or a copy of `birthName` may be called: `app.log.1`, `app.log-20261127.gz`,
  /// `app-20261127.log`.
  package static func isRotated(_ name: String, of birthName: String) -> Bool {
    guard name != birthName else { return false }
    let stem = birthName.lastIndex(of: ".").map { String(birthName[..<$0]) } ?? birthName
    return continues(name, birthName) || !stem.isEmpty && continues(name, stem)
  }

  /// The same, and what is added begins with a digit: nobody writes to such a file any more.
  package static func isNumbered(_ name: String, of birthName: String) -> Bool {
    guard isRotated(name, of: birthName) else { return false }
    let stem = birthName.lastIndex(of: ".").map { String(birthName[..<$0]) } ?? birthName
    return [birthName, stem].contains { start in
      guard name.hasPrefix(start) else { return false }
      return name.utf8.dropFirst(start.utf8.count + 1).first.map { 0x30...0x39 ~= $0 } ?? false
    }
  }

  private static func continues(_ name: String, _ start: String) -> Bool {
    guard name.hasPrefix(start), name.utf8.count > start.utf8.count else { return false }
    return ".-_~".utf8.contains(
      name.utf8[name.utf8.index(name.startIndex, offsetBy: start.utf8.count)])
  }

  /// The last part of a path.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
