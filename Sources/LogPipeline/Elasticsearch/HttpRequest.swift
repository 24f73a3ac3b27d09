/// One request to a host. The body's bytes are sent as they are.
struct HttpRequest {
  enum Method: String { case get = "GET", post = "POST", put = "PUT" }
  let method: Method
  /// With its query, behind the host's own path.
  let path: String
  var contentType: String?
  var isGzip = false
  var body: [UInt8] = []
}
