import CCurl

/// One libcurl handle: its connections are kept between requests. Noncopyable, and stays on its sender's thread.
@safe struct Transport: ~Copyable {
  private let handle: UnsafeMutableRawPointer
  /// libcurl writes here what went wrong, in more words than its error codes have.
  private let words: UnsafeMutablePointer<CChar>
  private let exchange: TransportExchange
  private let settings: ElasticsearchConfiguration
  /// By host, where a fingerprint is configured: the certificate that has it.
  private var pinned: [String: [UInt8]] = [:]
  /// The `Authorization` header as last read; nil without credentials.
  private var authorization: String?

  /// libcurl asks for this once per process, before any other thread uses it.
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Throws: ``DeliveryError`` when there is no memory for a handle or the credentials can not be read.
  init(
    _ settings: ElasticsearchConfiguration, stop: StopSignal, clock: any Clock
  ) throws(DeliveryError) {
    let authorization = try settings.credentials.authorization()
    guard Self.isReady, let made = unsafe curl_easy_init() else { throw .noTransport }
    unsafe handle = made
    unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    self.authorization = authorization
    self.settings = settings
    exchange = TransportExchange(
      stop: stop, clock: clock, answerBytesMax: settings.answerBytesMax)
    setFixedOptions()
    setTls()
    setCallbacks()
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
    unsafe words.deallocate()
  }

  /// Reads the credentials again; the old ones stay when that fails.
  mutating func rereadCredentials() throws(DeliveryError) {
    authorization = try settings.credentials.authorization()
  }

  /// Sends the request and waits for the whole answer. Blocks up to the request's time-out.
  mutating func send(
    _ request: HttpRequest, to host: String
  ) -> Result<HttpAnswer, TransportFailure> {
    if let failure = pin(host) { return .failure(failure) }
    exchange.begin()
    unsafe words.pointee = 0
    set(CURLOPT_URL, host + request.path)
    let whole = TransportTimes.whole(
      base: settings.requestTimeout, bodyBytes: request.body.count)
    set(CURLOPT_TIMEOUT_MS, Int((request.timeout ?? whole).milliseconds))
    var lines = ["Expect:", "Accept: application/json"]
    if let contentType = request.contentType { lines.append("Content-Type: \(contentType)") }
    if request.isGzip { lines.append("Content-Encoding: gzip") }
    if let authorization { lines.append("Authorization: \(authorization)") }
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines { unsafe list = curl_slist_append(list, line) }
    defer {
      unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, nil)
      unsafe curl_slist_free_all(list)
    }
    unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
    let code = perform(request)
    if code == CURLE_OK { return .success(answer()) }
    let failure = failure(code)
    // Its certificate may have been renewed.
    if failure.kind == .tls { pinned[host] = nil }
    return .failure(failure)
  }

  /// Where a fingerprint is configured: makes the certificate that has it the one to trust. nil: all is well.
  private mutating func pin(_ host: String) -> TransportFailure? {
    guard let fingerprint = settings.tls.fingerprint, host.hasPrefix("https://") else { return nil }
    if pinned[host] == nil {
      switch PinnedCertificate.fetch(
        from: host, fingerprint, proxy: settings.proxy, tls: settings.tls)
      {
      case .success(let pem): pinned[host] = pem
      case .failure(let failure): return failure
      }
    }
    unsafe (pinned[host] ?? []).withUnsafeBytes { pem in
      _ = unsafe ccurl_set_blob(handle, CURLOPT_CAINFO_BLOB, pem.baseAddress, pem.count)
    }
    return nil
  }

  private func perform(_ request: HttpRequest) -> CURLcode {
    switch request.method {
    case .get:
      set(CURLOPT_HTTPGET, 1)
      unsafe ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, nil)
      return unsafe curl_easy_perform(handle)
    case .post, .put, .delete:
      set(CURLOPT_POST, 1)
      unsafe request.method.rawValue.withCString { name in
        _ = unsafe ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, name)
      }
      return unsafe request.body.withUnsafeBytes { body in
        // libcurl does not copy the body: it is only read while this call runs.
        unsafe ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        unsafe ccurl_set_pointer(
          handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
        defer { unsafe ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, nil) }
        return unsafe curl_easy_perform(handle)
      }
    }
  }

  private func answer() -> HttpAnswer {
    var status = 0
    unsafe ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    var answer = HttpAnswer(status: status, headers: exchange.headers, body: exchange.body)
    answer.wasSentTwice = exchange.wasSentTwice
    return answer
  }

  private func failure(_ code: CURLcode) -> TransportFailure {
    var beforeTransfer: curl_off_t = 0
    unsafe ccurl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &beforeTransfer)
    let kind: TransportFailure.Kind =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
      case CURLE_COULDNT_CONNECT: .refused
      case CURLE_OPERATION_TIMEDOUT: .timeout
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER:
        .tls
      case CURLE_GOT_NOTHING: .closedWithoutAnswer
      case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: .reset
      case CURLE_ABORTED_BY_CALLBACK: .aborted
      case CURLE_WRITE_ERROR where exchange.isTooLarge: .answerTooLarge
      default: .other
      }
    let detail = unsafe words.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(words)
    return TransportFailure(
      kind: kind, detail: unsafe detail.map { unsafe String(cString: $0) } ?? "",
      mayBeStored: beforeTransfer > 0)
  }

  private func setFixedOptions() {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_NOPROGRESS, 0)
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_UPLOAD_BUFFERSIZE, 1 << 20)
    set(CURLOPT_TCP_NODELAY, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeout.milliseconds))
    // Below a byte a second for so long: nobody is there any more.
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_LOW_SPEED_TIME, Int(max(1, settings.idleTimeout.milliseconds / 1000)))
    // A name that moves to another address is followed: names are asked for again, and no connection lives for ever.
    set(CURLOPT_DNS_CACHE_TIMEOUT, Int(TransportTimes.name.milliseconds / 1000))
    set(CURLOPT_MAXLIFETIME_CONN, Int(TransportTimes.connection.milliseconds / 1000))
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // Empty means: none, and do not look into the environment.
    set(CURLOPT_PROXY, settings.proxy ?? "")
    set(CURLOPT_NOPROXY, "")
    set(CURLOPT_USERAGENT, "sheepshipper")
  }

  private func setTls() {
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let caFile = settings.tls.caFile { set(CURLOPT_CAINFO, caFile) }
    if settings.tls.fingerprint != nil { unsafe ccurl_set_string(handle, CURLOPT_CAINFO, nil) }
    if settings.tls.caFile != nil || settings.tls.fingerprint != nil {
      unsafe ccurl_set_string(handle, CURLOPT_CAPATH, nil)
    }
    settings.tls.apply { set($0, $1) }
  }

  private func setCallbacks() {
    unsafe ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
    unsafe ccurl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      let exchange = unsafe TransportExchange.at(context)
      let taken = unsafe exchange.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return taken ? size * count : 0
    }
    unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    unsafe ccurl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      let exchange = unsafe TransportExchange.at(context)
      let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
      return unsafe exchange.takeHeader(line) ? size * count : 0
    }
    unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    unsafe ccurl_set_progress_function(handle) { context, _, _, _, _ in
      unsafe TransportExchange.at(context).mustAbort ? 1 : 0
    }
    unsafe ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    unsafe ccurl_set_prerequest_function(handle) { context, _, _, _, _ in
      unsafe TransportExchange.at(context).noteSending()
      return 0
    }
    unsafe ccurl_set_pointer(handle, CURLOPT_PREREQDATA, context)
  }

  private func set(_ option: CURLoption, _ value: Int) {
    _ = unsafe ccurl_set_long(handle, option, value)
  }
  private func set(_ option: CURLoption, _ value: String) {
    unsafe value.withCString { text in _ = unsafe ccurl_set_string(handle, option, text) }
  }
}

extension TransportExchange {
  /// The transport owns the exchange for longer than libcurl knows of it.
  fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> TransportExchange {
    guard let context = unsafe context else { invariantIsBroken("libcurl lost the exchange") }
    return unsafe Unmanaged<TransportExchange>.fromOpaque(context).takeUnretainedValue()
  }
}
