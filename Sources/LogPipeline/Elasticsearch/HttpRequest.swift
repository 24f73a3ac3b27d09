/// One request to a host. The body's bytes are sent as they are.
package struct HttpRequest {
  package enum Method: String { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }
  package let method: Method
  /// With its query, behind the host's own path.
  package let path: String
  package var contentType: String?
  package var isGzip = false
  package var body: [UInt8] = []
}
