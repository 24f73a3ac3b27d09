import LogPipeline

/// What is wrong with the lines of a bulk body: two for each item, the first ours, the second a document.
enum BulkLines {
  static func faults(in body: [UInt8], index: String) -> [String] {
    guard body.last == 0x0A else { return ["the body does not end with a line's end"] }
    let lines = body.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    var faults = lines.count.isMultiple(of: 2) ? [] : ["\(lines.count) lines"]
    for at in stride(from: 0, to: lines.count - 1, by: 2) {
      let text = String(decoding: lines[at], as: UTF8.self)
      guard let action = try? JsonValue.parse(text), action.members?.count == 1,
        let create = action["create"], create.members?.count == 2,
        create["_index"]?.string?.hasPrefix(index) == true, create["_id"]?.string?.utf8.count == 26
      else {
        faults.append("no action of ours: \(text)")
        continue
      }
      let document = Array(lines[at + 1])
      if (try? JsonValue.parse(document))?["@timestamp"]?.string == nil {
        faults.append("no document: \(String(decoding: document, as: UTF8.self))")
      }
      if document.contains(where: { $0 < 0x20 }) { faults.append("a control character in it") }
    }
    return faults
  }
}
