/// What a server answered, whole.
package struct HttpAnswer: Equatable {
  package let status: Int
  /// Names in lower case; of two equal names the last.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []
  /// libcurl sent the request twice, because a kept connection turned out to be dead: the first may have counted.
  package var wasSentTwice = false

  package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
