/// Why what lies at a place of the log is not the group that belongs there.
enum HeaderFault: Equatable {
  case unreadable
  case zeros
  case noMark
  case checksum
  case foreignFile
  case misplaced(position: UInt64)
  case bounds
  case otherGroup(found: UInt64)
  case chain
  case sequence(found: UInt64)

  var text: String {
    switch self {
    case .unreadable: "the disk can not read the group's header"
    case .zeros: "there are zeros where the group's header belongs"
    case .noMark: "there is no group header where one belongs"
    case .checksum: "the checksum of the group's header is wrong"
    case .foreignFile: "the group's header belongs to another file"
    case .misplaced(let position):
      "the group that lies here belongs to log position \(TextAmount.count(position)): a misdirected write, or an older lap"
    case .bounds: "the group's header is checked but its numbers are impossible"
    case .otherGroup(let found):
      "the group that lies here has the number \(TextAmount.count(found))"
    case .chain: "the group's header does not name the group before it (its chain is wrong)"
    case .sequence(let found):
      "events are missing: the group that lies here begins with event \(TextAmount.count(found))"
    }
  }
}
