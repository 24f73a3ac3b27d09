extension ValueKind where Value == String {
  /// Any text of one line.
  static func string(_ allowed: String) -> ValueKind {
    .text(
      "text", allowed: allowed,
      parse: { isOneLine($0) ? $0 : nil }, show: { .string($0) })
  }

  private static func isOneLine(_ text: String) -> Bool {
    !text.isEmpty && !text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }

  static var path: ValueKind {
    .text(
      "path", allowed: "a path of one line",
      parse: { isOneLine($0) ? $0 : nil }, show: { .string($0) })
  }

  /// A name that becomes part of a path.
  static var fileName: ValueKind {
    .text(
      "name", allowed: "1 to 64 of a-z A-Z 0-9 . _ -, the first no dot",
      parse: { text in
        let isPlain = text.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
          default: false
          }
        }
        return isPlain && (1...64).contains(text.utf8.count) && !text.hasPrefix(".") ? text : nil
      }, show: { .string($0) })
  }

  /// A path of a URL.
  static var urlPath: ValueKind {
    .text(
      "URL path", allowed: "a path such as /v1/events: it starts with / and has no ? # or spaces",
      parse: { text in
        text.hasPrefix("/") && text.utf8.count <= 1024
          && text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 })
          ? text : nil
      },
      suggest: { text in text.contains(" ") || text.hasPrefix("/") ? nil : "/" + text },
      show: { .string($0) })
  }

  /// The name of a daily index; one without a date is left to ``ConfigurationChecks``.
  static var indexPattern: ValueKind {
    .text(
      "index pattern",
      allowed: "lower-case letters, digits, - _ and . with %Y, %m and %d once each behind a name, "
        + "at most 200 bytes, the first a letter or digit",
      parse: { text in
        // A name first: the template is for all that begins like it.
        if text.hasPrefix("%") { return nil }
        var rest = text
        for part in ["%Y", "%m", "%d"] where text.contains("%") {
          guard let found = rest.firstRange(of: part) else { return nil }
          // Any digits stand for the day, so that the name is checked as it will be.
          rest.replaceSubrange(found, with: part == "%Y" ? "2026" : "01")
        }
        let isPlain = rest.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
        let startsWell = rest.utf8.first.map { $0 != 0x2E && $0 != 0x5F && $0 != 0x2D } ?? false
        return isPlain && startsWell && rest.utf8.count <= 200 ? text : nil
      },
      suggest: { text in
        if text.lowercased() != text, !text.contains("%") { return text.lowercased() + "-%Y.%m.%d" }
        return text.contains("%") || text.isEmpty ? nil : text + "-%Y.%m.%d"
      },
      show: { .string($0) })
  }
}

extension ValueKind where Value == ListenAddress? {
  /// host:port, or `off`.
  static var listen: ValueKind {
    .text(
      "address",
      allowed: "host:port, [ipv6]:port or off; 127.0.0.1:PORT for this machine alone, "
        + "0.0.0.0:PORT for all networks, port 0 for any free one",
      parse: { text in
        if text == "off" { return .some(nil) }
        return ListenAddress(text).map { .some($0) }
      },
      suggest: { text in
        let digits = text.hasPrefix(":") ? String(text.dropFirst()) : text
        if UInt16(digits) != nil { return "127.0.0.1:\(digits)" }
        return ["false", "no", "none"].contains(text.lowercased()) ? "off" : nil
      },
      show: { value in .string(value?.description ?? "off") })
  }
}

extension ValueKind where Value == ElasticsearchHost {
  static var host: ValueKind {
    let allowed =
      "http://host:port or https://host:port, with a path if need be; user and password go into "
      + "elasticsearch.user and elasticsearch.password"
    return ValueKind(
      name: "URL", allowed: allowed,
      read: { node, context in
        if let host = node.text.flatMap(ElasticsearchHost.init) { return host }
        let (text, wasSecret) = (node.text ?? "", context.isSecret)
        // A password may stand before an @.
        context.isSecret = text.contains("@")
        let isBare = !text.isEmpty && !text.contains("://") && !text.contains("@")
        context.refuse(node, allowed: allowed, suggestion: isBare ? "https://\(text)" : nil)
        context.isSecret = wasSecret
        return nil
      },
      show: { .string($0.url) })
  }
}

extension ValueKind where Value == CertificateFingerprint {
  static var fingerprint: ValueKind {
    .text(
      "SHA-256",
      allowed: "64 hexadecimal digits, with or without colons, "
        + "as openssl x509 -fingerprint -sha256 prints them",
      parse: { CertificateFingerprint($0) }, show: { .string($0.description) })
  }
}
