/// Looks at what a configuration points to on this machine.
package enum ConfigurationInspection {
  /// A sentence for each secret and file that can not be used here and now. Only a warning: a configuration may be
  /// checked on another machine than it will run on.
  package static func unreadableFiles(of configuration: Configuration) -> [String] {
    let elasticsearch = configuration.elasticsearch
    var secrets = configuration.inputs.webhook.bearer.map { ("inputs.webhook.bearer", $0) }
    for (key, secret) in [
      ("privacy.key", configuration.privacy.key), ("elasticsearch.api_key", elasticsearch.apiKey),
      ("elasticsearch.bearer", elasticsearch.bearer), ("elasticsearch.user", elasticsearch.user),
      ("elasticsearch.password", elasticsearch.password),
    ] {
      if let secret { secrets.append((key, secret)) }
    }
    var sentences: [String] = []
    for (key, secret) in secrets {
      do throws(SecretError) {
        // The key of the HMACs may be binary, all others are text.
        if key == "privacy.key" { _ = try secret.resolve() } else { _ = try secret.resolveText() }
      } catch { sentences.append("\(key): \(error)") }
    }
    for (key, path) in [
      ("elasticsearch.tls.ca", elasticsearch.tls.caFile),
      ("elasticsearch.tls.cert", elasticsearch.tls.certificateFile),
      ("elasticsearch.tls.key", elasticsearch.tls.keyFile),
      ("pricing.file", configuration.pricing.file),
    ] {
      guard let path else { continue }
      do throws(SystemError) { _ = try FileDescriptor(opening: path, .read) } catch {
        sentences.append("\(key): \(error).")
      }
    }
    if let tls = configuration.inputs.tls.settings {
      do throws(TlsError) { _ = try TlsCredentials(tls) } catch { sentences.append(error.fault) }
    }
    let library = IsalLibrary.found
    if configuration.ring.compression == .isal {
      if case .ready = library {
      } else {
        sentences.append("ring.compression: isal, but \(library.explanation).")
      }
    }
    return sentences
  }
}
