/// What a server answered, whole.
struct HttpAnswer: Equatable {
  let status: Int
  /// Names in lower case; of two equal names the last.
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  /// libcurl sent the request twice, because a kept connection turned out to be dead: the first may have counted.
  var wasSentTwice = false
}
