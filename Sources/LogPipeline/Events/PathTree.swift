import CSimdjson

/// The path table as a tree of keys, which the walker takes over as contexts.
final class PathTree {
  private var row: Int?
  private var children: [(key: String, node: PathTree)] = []

  private init() {}

  init(_ rows: [FieldRow]) {
    for (index, row) in rows.enumerated() {
      var node = self
      for key in row.path { node = node.child(key) }
      invariant(node.row == nil, "the path \(row.dottedPath) stands twice in the field table")
      node.row = index
    }
  }

  private func child(_ key: String) -> PathTree {
    if let found = children.first(where: { $0.key == key }) { return found.node }
    let made = PathTree()
    children.append((key, made))
    return made
  }

  /// Makes this node's context, then those below it. The root must come first: its context is 0.
  /// - Returns: the context's number.
  @discardableResult
  func register(in walker: OpaquePointer, rows: [FieldRow]) -> UInt32 {
    let unknown = row.flatMap { rows[$0].unknownBelow } ?? .extra
    let context = unsafe cjson_walker_add_context(walker, unknown.rawValue)
    for (key, node) in children where key != "[]" {
      let objects = node.children.contains { $0.key != "[]" }
      let element = node.children.first { $0.key == "[]" }?.node
      let none = UInt32(cjson_no_context)
      let objectContext = unsafe objects ? node.register(in: walker, rows: rows) : none
      let elementContext = unsafe element?.register(in: walker, rows: rows) ?? none
      let found = node.row.map { rows[$0] }
      let bytes = Array(key.utf8)
      unsafe cjson_walker_add_key(
        walker, context, bytes, bytes.count, (found?.action ?? .extra).rawValue,
        found?.field?.rawValue ?? UInt8(cjson_no_slot), found?.rank ?? 0,
        UInt32(node.row ?? 0), found?.traits.rawValue ?? 0, objectContext, elementContext,
        found?.field?.isName == false ? 0 : 1)
    }
    return context
  }
}
