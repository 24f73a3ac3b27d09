/// What is said to the operator about answers.
enum DeliveryWords {
  /// " (HTTP 503 cluster_block_exception: blocked by …)": what the server or libcurl said, in brackets.
  static func of(_ error: ItemError?) -> String {
    guard let error else { return "" }
    let reason = ReasonScrubber.scrub(error.reason)
    let status = error.status == 0 ? "" : "HTTP \(error.status) "
    return " (\(status)\(error.type)\(reason.isEmpty ? "" : ": \(reason)"))"
  }

  static func advice(_ cause: RetryCause) -> String {
    switch cause {
    case .tls:
      ". Check elasticsearch.tls, the host's name in its certificate, and that the port speaks TLS"
    case .closedWithoutAnswer:
      ". A port that wants TLS closes plain HTTP like this: check the scheme of the hosts"
    case .unreadableAnswer, .unexpectedStatus, .itemCountWrong:
      ". Check that the hosts are Elasticsearch itself, and what a proxy before it does"
    default: ""
    }
  }

  static func pause(_ reason: String, _ wait: Duration) -> String {
    """
    Delivery is paused: \(reason). All events are kept. Check the credentials, their privileges on \
    the indices, and blocks of the cluster; the next try is in \(wait.milliseconds) ms.
    """
  }
}
