/// Why delivery can not start, or can not go on as it is. Events stay in the ring in all cases.
package enum DeliveryError: Error, Equatable, CustomStringConvertible {
  case noHosts
  case badHost(String)
  case unreadableCredentials(path: String, reason: String)
  case unreadableCertificates(setting: String, path: String, reason: String)
  case noTransport
  case damagedBlock(id: UInt64, reason: String)
  case deadLettersFull(path: String, usedBytes: UInt64, limitBytes: UInt64)
  case deadLettersUnwritable(path: String, reason: String)

  /// Whether waiting can help, without anybody's doing.
  package var isTransient: Bool {
    switch self {
    case .noTransport, .unreadableCredentials, .deadLettersUnwritable: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .noHosts:
      "No Elasticsearch host is configured. Nothing was sent. Set elasticsearch.hosts."
    case .badHost(let host):
      """
      elasticsearch.hosts holds \"\(host)\", which is no http:// or https:// address. \
      Nothing was sent. Write it as https://host:9200; credentials go into their own settings.
      """
    case .unreadableCredentials(let path, let reason):
      """
      The Elasticsearch credentials in \(path) can not be used: \(reason). \
      Events are kept. Correct the file; it is read again before the next try.
      """
    case .unreadableCertificates(let setting, let path, let reason):
      """
      \(setting) (\(path)) can not be read: \(reason). \
      Nothing was sent. Point it to a PEM file this user may read.
      """
    case .noTransport:
      "libcurl gave no handle (out of memory?). Events are kept; delivery tries again."
    case .damagedBlock(let id, let reason):
      """
      Block \(id) can not be unpacked: \(reason). Its events are kept and tried again. \
      Check the disk; keep a copy of the ring file before anything is changed.
      """
    case .deadLettersFull(let path, let usedBytes, let limitBytes):
      """
      The dead letters beside \(path) take \(usedBytes) of \(limitBytes) bytes allowed. \
      The events they would take are kept and tried again. Work the files off and remove them, \
      or raise the limit.
      """
    case .deadLettersUnwritable(let path, let reason):
      """
      Dead letters can not be written to \(path): \(reason). \
      The events are kept and tried again. Free space there, or correct its owner.
      """
    }
  }
}
