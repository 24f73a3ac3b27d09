/// One request to a host. The body's bytes are sent as they are.
package struct HttpRequest {
  package enum Method: String { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }
  package let method: Method
  /// With its query, behind the host's own path.
  package let path: String
  package var contentType: String?
  package var isGzip = false
  package var body: [UInt8] = []
  /// For the whole exchange, where it is shorter than usual.
  package var timeout: Duration?

  package init(
    method: Method, path: String, contentType: String? = nil, isGzip: Bool = false,
    body: [UInt8] = []
  ) {
    (self.method, self.path, self.contentType) = (method, path, contentType)
    (self.isGzip, self.body) = (isGzip, body)
  }
}
