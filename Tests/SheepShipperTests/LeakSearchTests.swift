import LogPipeline
import TestSupport
import Testing

/// Goal: the searches of the end-to-end tests find what is there. Method: known texts in each form, and a ring of the
/// program's own whose blocks are read by the tests' reader.
@Suite struct LeakSearchTests {
  private let text = "größe \"7\"/8\nan alle Schafe"

  @Test func `a text is found plain and in every escaped form`() throws {
    let search = LeakSearch([text])
    let once = JsonValue.quoted(text)
    let ascii = #""gr\u00f6\u00dfe \"7\"/8\nan alle Schafe""#
    for place in [text, once, JsonValue.quoted(once), ascii, JsonValue.quoted(ascii)] {
      #expect(search.findings(in: "before \(place) behind", of: "it").count == 1, "\(place)")
    }
    #expect(search.findings(in: "größe 7", of: "it").isEmpty)
  }

  @Test func `of a long text its beginning and its end are found`() {
    let long = String(repeating: "a", count: 30) + String(repeating: "b", count: 30)
    let search = LeakSearch([long])
    #expect(search.findings(in: String(repeating: "a", count: 24), of: "it").count == 1)
    #expect(search.findings(in: "x" + String(repeating: "b", count: 24), of: "it").count == 1)
    #expect(search.findings(in: String(repeating: "a", count: 23), of: "it").isEmpty)
  }

  @Test func `texts are collected from messages, answers, tools, attributes and addresses`() throws
  {
    var content = ContentTexts()
    content.collect(
      try JsonValue.parse(
        #"""
        {"messages":[{"role":"user-of-the-relay","content":"first text of a person"}],
        "response":{"choices":[{"message":{"tool_calls":[{"function":{"arguments":"{\"a\":\"second text, inside\"}"}}]}}]},
        "resourceSpans":[{"attributes":[{"key":"gen_ai.input.messages","value":{"stringValue":"third text of a person"}},
        {"key":"gen_ai.request.model","value":{"stringValue":"a-model-of-some-kind"}}]}],
        "error":"told jane@example.com."}
        """#))
    #expect(
      content.texts == [
        "first text of a person", #"{"a":"second text, inside"}"#, "second text, inside",
        "third text of a person", "jane@example.com",
      ])
  }
}
