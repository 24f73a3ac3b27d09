/// Looks at what a configuration points to on this machine.
package enum ConfigurationInspection {
  /// A sentence for each secret and file that can not be used here and now. Only a warning: a configuration may be
  /// checked on another machine than it will run on.
  package static func unreadableFiles(of configuration: Configuration) -> [String] {
    let elasticsearch = configuration.elasticsearch
    let webhook = configuration.inputs.webhook
    var secrets = webhook.bearer.map { ("inputs.webhook.bearer", $0.secret) }
    secrets += webhook.hmac.map { ("inputs.webhook.hmac", $0.secret) }
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
        if key == "privacy.key" {
          _ = try secret.resolve()
          continue
        }
        let text = try secret.resolveText()
        if key == "inputs.webhook.hmac", SigningSecret.key(of: text) == nil {
          sentences.append(
            "\(key): the secret from \(secret) is no signing secret; it must be \(SigningSecret.form)."
          )
        }
      } catch { sentences.append("\(key): \(error)") }
    }
    sentences += endedKeys(webhook)
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

  private static func endedKeys(_ webhook: Configuration.Webhook) -> [String] {
    let today = Int32(clamping: SystemClock().wallMilliseconds() / 86_400_000)
    return [("bearer", webhook.bearer), ("hmac", webhook.hmac)].flatMap { name, keys in
      keys.enumerated().compactMap { index, key in
        guard let day = key.endDay, day <= today else { return nil }
        return
          "inputs.webhook.\(name)[\(index)] (\(key.secret)) has ended on \(SenderKey.dayText(day)): requests with it are refused."
      }
    }
  }
}
