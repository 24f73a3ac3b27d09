import CCurl

/// The certificate with a configured fingerprint, asked of a host: it then is the authority that its connections are
/// checked against, as if `elasticsearch.tls.ca` named it.
///
/// The handshake that fetches it checks nothing and sends no request and no credentials; every later one is checked in full.
/// Elastic's own clients know this as `ca_trusted_fingerprint`.
enum PinnedCertificate {
  /// - Returns: its PEM text; or why it is not to be had.
  static func fetch(
    from host: String, _ fingerprint: CertificateFingerprint, proxy: String?, tls: ClientTls
  ) -> Result<[UInt8], TransportFailure> {
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
    var seen: [String] = []
    for pem in unsafe certificates(of: handle) {
      guard let found = CertificateFingerprint(pem: pem) else { continue }
      if found == fingerprint { return .success(pem) }
      seen.append(found.description)
    }
    return .failure(
      failure(
        .tls,
        "none of the \(seen.count) certificates presented has elasticsearch.tls.fingerprint; they have \(seen.joined(separator: ", "))"
      ))
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
