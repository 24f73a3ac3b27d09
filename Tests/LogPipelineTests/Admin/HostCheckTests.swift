import LogPipeline
import Testing

@Suite struct HostCheckTests {
  @Test(arguments: [
    "localhost", "localhost:9600", "LOCALHOST:9600", "127.0.0.1:9600", "[::1]:9600",
  ])
  func `a page on loopback answers to the names of loopback`(host: String) {
    #expect(HostCheck(listenHost: "127.0.0.1").allows(host))
  }

  @Test(arguments: [
    "evil.example", "evil.example:9600", "127.0.0.1.evil.example", "10.0.0.7:9600", "", ":9600",
    "localhost:96x", "[::1", "[::1]evil", "localhost.evil.example",
  ])
  func `a page on loopback answers to no other name`(host: String) {
    #expect(!HostCheck(listenHost: "127.0.0.1").allows(host))
  }

  @Test func `a page on all addresses answers to addresses and to configured names only`() {
    let check = HostCheck(listenHost: "0.0.0.0", alsoAllowed: ["Shipper"])
    #expect(check.allows("10.0.0.7:9600"))
    #expect(check.allows("[fd00::7]:9600"))
    #expect(check.allows("shipper:9600"))
    #expect(check.allows("localhost:9600"))
    #expect(!check.allows("evil.example:9600"))
    #expect(!check.allows("10.0.0.7.evil.example"))
    #expect(!check.allows("10.0.0.777"))
  }

  @Test func `a configured listen name is answered to`() {
    #expect(HostCheck(listenHost: "relay-01").allows("relay-01:9600"))
  }
}
