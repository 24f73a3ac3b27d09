/// The settings of one kind of thing, and how a group of them is read.
package struct KeySet<Root: Sendable>: Sendable {
  package let keys: [ConfigurationKey<Root>]
  /// Settings of the design that this version does not have: refused by name, so that nobody relies on them.
  let later: Set<String>
  private let byPath: [String: ConfigurationKey<Root>]
  /// The groups: all that stands before a dot in a path.
  private let groups: Set<String>

  init(_ keys: [ConfigurationKey<Root>], later: Set<String> = []) {
    self.keys = keys
    self.later = later
    byPath = Dictionary(keys.map { ($0.path, $0) }) { first, _ in
      invariant(false, "the setting \(first.path) stands in its table once")
      return first
    }
    var groups: Set<String> = []
    for key in keys {
      var parts = key.path.split(separator: ".")
      while parts.popLast() != nil, !parts.isEmpty { groups.insert(parts.joined(separator: ".")) }
    }
    self.groups = groups
  }

  package func key(_ path: String) -> ConfigurationKey<Root>? { byPath[path] }

  /// Reads what was given for `path` (from the root of this set; "" is the whole), a setting or a group of them.
  /// `prefix` stands before paths in messages; `onSet` hears of each setting that was given.
  func read(
    _ node: YamlNode, at path: String, keyPlace: YamlPlace, into root: inout Root,
    prefix: String = "", _ context: inout ValueContext,
    onSet: (String, YamlPlace) -> Void = { _, _ in }
  ) {
    if let key = byPath[path] {
      (context.key, context.isSecret) = (prefix + path, key.isSecret)
      key.assign(node, to: &root, &context)
      return onSet(path, node.isNull ? keyPlace : node.place)
    }
    guard path.isEmpty || groups.contains(path) else {
      return context.add(unknown(path, node, keyPlace, prefix, context.source))
    }
    switch node.content {
    case .mapping(let members):
      for member in members where !context.isFull {
        let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
        read(
          member.value, at: inner, keyPlace: member.keyPlace, into: &root, prefix: prefix,
          &context, onSet: onSet)
      }
    case _ where node.isNull: return
    default:
      (context.key, context.isSecret) = (prefix + path, mayHoldSecret(path))
      context.refuse(
        node, "is no group of settings", allowed: members(of: path).joined(separator: ", "))
    }
  }

  /// Why `path` is no setting: a later version's, or unknown, with what stands there and what was probably meant.
  private func unknown(
    _ path: String, _ node: YamlNode, _ place: YamlPlace, _ prefix: String, _ source: SettingSource
  ) -> ConfigurationProblem {
    if let known = later.first(where: { path == $0 || path.hasPrefix($0 + ".") }) {
      return ConfigurationProblem(
        place: source.place(place), key: prefix + path,
        reason:
          "\(path == known ? "it" : prefix + known) is not available in this version; take it out")
    }
    let suggestion = nearest(to: path)
    let isMasked = mayHoldSecret(path) || suggestion.map(mayHoldSecret) ?? false
    let given = isMasked ? "a value that is not shown" : node.summary
    let group = path.split(separator: ".").dropLast().joined(separator: ".")
    let near = groups.contains(group) ? group : ""
    return ConfigurationProblem(
      place: source.place(place), key: prefix + path,
      reason: "there is no such setting (given: \(given))",
      allowed: (near.isEmpty ? "" : "in \(prefix)\(near): ")
        + members(of: near).joined(separator: ", "),
      suggestion: suggestion.map { prefix + $0 })
  }

  /// The names right below a group; "" is the top.
  private func members(of group: String) -> [String] {
    let start = group.isEmpty ? "" : group + "."
    var names: [String] = []
    for key in keys where key.path.hasPrefix(start) {
      let name = String(key.path.dropFirst(start.count).prefix { $0 != "." })
      if names.last != name { names.append(name) }
    }
    return names
  }

  /// The setting or group that was probably meant.
  func nearest(to path: String) -> String? {
    let known = keys.map(\.path) + groups.sorted()
    if let near = Spelling.nearest(to: path, among: known) { return near }
    // The right name in the wrong place.
    let name = path.split(separator: ".").last.map(String.init) ?? path
    let sameName = known.filter { $0 == name || $0.hasSuffix("." + name) }
    if !sameName.isEmpty { return Spelling.best(of: sameName, for: path) }
    let parent = path.split(separator: ".").dropLast().joined(separator: ".")
    guard let near = Spelling.nearest(to: name, among: members(of: parent)) else { return nil }
    return parent.isEmpty ? near : "\(parent).\(near)"
  }

  /// Whether a value given under this name could be a secret, rightly or by mistake.
  private func mayHoldSecret(_ path: String) -> Bool {
    if keys.contains(where: { $0.isSecret && ($0.path == path || $0.path.hasPrefix(path + ".")) }) {
      return true
    }
    let name = path.lowercased()
    return ["key", "token", "secret", "pass", "auth", "bearer", "cred", "pwd"].contains {
      name.contains($0)
    }
  }
}
