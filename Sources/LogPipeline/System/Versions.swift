import CCurl
import CGnutls
import CMicrohttpd
import CXxhash
import CYaml
import CZlib

/// Which program this is, and which libraries it found on this machine.
package enum Versions {
  package static let program = "0.1.0"

  /// The compiler it was built with, as far as it can be told.
  package static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// Name and version as each library itself says at run time.
  package static var libraries: [(name: String, version: String)] {
    let curl = unsafe String(cString: curl_version())
    let number = XXH_versionNumber()
    return [
      (
        "libcurl",
        curl.split(separator: " ").first?.split(separator: "/").last.map(String.init) ?? ""
      ),
      ("zlib", unsafe String(cString: zlibVersion())),
      ("libmicrohttpd", unsafe String(cString: MHD_get_version())),
      ("gnutls", unsafe gnutls_check_version(nil).map { unsafe String(cString: $0) } ?? "unknown"),
      ("xxhash", "\(number / 10_000).\(number / 100 % 100).\(number % 100)"),
      ("libyaml", unsafe String(cString: yaml_get_version_string())),
    ]
  }
}
