import CCurl

/// The certificates a host presents, its own first.
///
/// The handshake that fetches them checks nothing and sends no request and no credentials.
package enum PresentedCertificates {
  /// - Returns: their PEM texts; or why there was no handshake.
  package static func fetch(
    from host: String, proxy: String?, tls: ClientTls
  ) -> Result<[[UInt8]], TransportFailure> {
    guard let handle = unsafe curl_easy_init() else {
      return .failure(failure(.other, "libcurl gave no handle"))
    }
    defer { unsafe curl_easy_cleanup(handle) }
    func set(_ option: CURLoption, _ value: Int) {
      _ = unsafe ccurl_set_long(handle, option, value)
    }
    func set(_ option: CURLoption, _ value: String) {
      unsafe value.withCString { _ = unsafe ccurl_set_string(handle, option, $0) }
    }
    set(CURLOPT_URL, host)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_CONNECT_ONLY, 1)
    set(CURLOPT_CERTINFO, 1)
    set(CURLOPT_SSL_VERIFYPEER, 0)
    set(CURLOPT_SSL_VERIFYHOST, 0)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(TransportTimes.connect.milliseconds))
    set(CURLOPT_PROTOCOLS_STR, "https")
    set(CURLOPT_PROXY, proxy ?? "")
    set(CURLOPT_NOPROXY, "")
    tls.apply(set)
    let code = unsafe curl_easy_perform(handle)
    guard code == CURLE_OK else {
      let words = unsafe String(cString: curl_easy_strerror(code))
      let isReachable = code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST
      return .failure(failure(isReachable ? .tls : .refused, words))
    }
    return unsafe .success(certificates(of: handle))
  }

  private static func certificates(of handle: UnsafeMutableRawPointer) -> [[UInt8]] {
    guard let found = unsafe ccurl_certificates(handle) else { return [] }
    var all: [[UInt8]] = []
    for number in 0..<Int(unsafe found.pointee.num_of_certs) {
      var line = unsafe found.pointee.certinfo[number]
      while let current = unsafe line {
        if let data = unsafe current.pointee.data {
          let text = unsafe String(cString: data)
          if text.hasPrefix("Cert:") { all.append(Array(text.utf8.dropFirst(5))) }
        }
        unsafe line = current.pointee.next
      }
    }
    return all
  }

  private static func failure(_ kind: TransportFailure.Kind, _ detail: String) -> TransportFailure {
    TransportFailure(kind: kind, detail: detail, mayBeStored: false)
  }
}
