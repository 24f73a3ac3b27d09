import LogPipeline
import Testing

@Suite struct ListenAddressTests {
  @Test func `host and port are told apart`() {
    #expect(ListenAddress("127.0.0.1:5044") == ListenAddress(host: "127.0.0.1", port: 5044))
    #expect(ListenAddress("[2001:db8::1]:0") == ListenAddress(host: "2001:db8::1", port: 0))
    #expect(ListenAddress("relay-1.lan:65535") == ListenAddress(host: "relay-1.lan", port: 65535))
    for wrong in [
      "", ":", ":1", "1", "h", "h:", "h:65536", "h:-1", "h:+1", "h: 1", "[::1]", "[::1]1", "::1:5",
      "[h]:1", "[::1:5", "h:1:2", "h h:1", "h/:1", "[]:1",
    ] {
      #expect(ListenAddress(wrong) == nil, "\(wrong)")
    }
    for text in ["127.0.0.1:5044", "[::1]:5044", "localhost:0"] {
      #expect(ListenAddress(text)?.description == text)
    }
  }

  @Test func `this machine is told from others`() {
    for host in ["127.0.0.1", "127.8.9.1", "localhost", "::1"] {
      #expect(ListenAddress(host: host, port: 1).isLoopback, "\(host)")
    }
    for host in ["0.0.0.0", "::", "128.0.0.1", "127.0.0.1.evil.com", "127.evil.com", "127.0.0.256"]
    {
      #expect(!ListenAddress(host: host, port: 1).isLoopback, "\(host)")
    }
  }

  @Test func `an Elasticsearch host is a URL without user, query and spaces`() throws {
    let host = try #require(ElasticsearchHost("https://[::1]:9200/es//"))
    #expect(host.url == "https://[::1]:9200/es")
    #expect(host.host == "::1")
    #expect(host.isHttps && host.isLoopback)
    #expect(ElasticsearchHost("http://es")?.isHttps == false)
    for wrong in [
      "es:9200", "ftp://es", "https://", "https://:9200", "https://u@es", "https://es?x",
      "https://e s",
      "https://es:x", "https://es:99999", "https://es#", "https:///x", "https://es\n",
    ] {
      #expect(ElasticsearchHost(wrong) == nil, "\(wrong)")
    }
  }
}
