/// The items of a bulk answer, by position.
package enum BulkAnswer: Equatable {
  /// Each of them 200 or 201.
  case allCreated(count: Int)
  case items([Item])

  package struct Item: Equatable {
    package let status: Int
    /// nil when the item was good.
    package let error: ItemError?

    package init(status: Int, error: ItemError?) {
      self.status = status
      self.error = error
    }
  }

  package var count: Int {
    switch self {
    case .allCreated(let count): count
    case .items(let items): items.count
    }
  }

  /// nil when it is no bulk answer.
  package static func parse(_ body: [UInt8]) -> BulkAnswer? {
    scanAllCreated(body).map { .allCreated(count: $0) } ?? parseTree(body)
  }

  /// Counts the items of the one answer that nearly always comes; nil when a single byte is unusual.
  package static func scanAllCreated(_ body: [UInt8]) -> Int? {
    unsafe body.withUnsafeBytes { unsafe scanAllCreated($0) }
  }

  private static func scanAllCreated(_ body: UnsafeRawBufferPointer) -> Int? {
    let start: StaticString = #"{"errors":false,"items":["#
    let item: StaticString = #"{"create":{"status":20"#
    guard unsafe ByteScan.stands(start, at: 0, in: body) else { return nil }
    var at = start.utf8CodeUnitCount
    var count = 0
    while true {
      let digitAt = at + item.utf8CodeUnitCount
      guard unsafe ByteScan.stands(item, at: at, in: body), digitAt < body.count,
        unsafe body[digitAt] == UInt8(ascii: "1") || body[digitAt] == UInt8(ascii: "0")
      else { return nil }
      count += 1
      at = digitAt + 1
      if unsafe ByteScan.stands("}},", at: at, in: body) {
        at += 3
        continue
      }
      let isEnd = unsafe at + 4 == body.count && ByteScan.stands("}}]}", at: at, in: body)
      return isEnd ? count : nil
    }
  }

  /// The general way. Fields beside status and error are passed over, so answers without a filter do too.
  package static func parseTree(_ body: [UInt8]) -> BulkAnswer? {
    guard let tree = try? JsonValue.parse(body), let elements = tree["items"]?.elements else {
      return nil
    }
    var items: [Item] = []
    items.reserveCapacity(elements.count)
    for element in elements {
      guard let result = element.members?.first?.value, element.members?.count == 1,
        let status = result["status"]?.integer, (100...599).contains(status)
      else { return nil }
      items.append(
        Item(status: Int(status), error: result["error"].map { error($0, status: Int(status)) }))
    }
    return .items(items)
  }

  /// What a whole answer that is not 200 says; a few hold a text in place of the object.
  package static func wholeError(_ answer: HttpAnswer) -> ItemError {
    let tree = try? JsonValue.parse(answer.body)
    return error(tree?["error"] ?? .null, status: answer.status)
  }

  private static func error(_ value: JsonValue, status: Int) -> ItemError {
    ItemError(
      status: status, type: value["type"]?.string ?? "no error type",
      reason: value["reason"]?.string ?? value.string ?? "")
  }
}
