import LogPipeline
import Testing

/// Goal: each sender's shape becomes the same document. Method: hand-made events in each shape, figures worked out by hand.
@Suite struct EventShapeTests {
  @Test func `the relay's own event is typed and priced from its book`() throws {
    let event = try events("relay")[0]
    #expect(event.index == "holysheep-logs-2026.11.20")
    #expect(event.string("@timestamp") == "2026-11-20T09:15:00.250Z")
    #expect(event.string("schema_version") == "1")
    #expect(event.integer("usage.completion_tokens") == 500)
    #expect(event.integer("token_count") == 1500)
    #expect(event.double("latency_ms") == 812.5)
    // 1000 x 2.50 + 500 x 8.00 micro-dollars.
    #expect(event.double("cost_usd") == 0.0065)
    #expect(event.string("cost.book") == "holysheep")
    #expect(event.string("team_id") == "search")
    #expect(event.string("finish_reason") == "stop")
    #expect(event.string("outcome") == "success")
    #expect(event["extra"]?["timing.upstream_ms"]?.integer == 790)
    #expect(event["error"] == nil)
  }

  @Test func `audit entries: flat with a transport failure, nested with Anthropic's counts`() throws
  {
    let all = try events("relay")
    #expect(all[2].string("outcome") == "failure")
    #expect(all[2].string("error.type") == "transport")
    #expect(all[2].string("cost.status") == "no_usage")
    #expect(all[2]["cost_usd"] == nil)
    #expect(all[2]["response_hash"] == nil)
    #expect(all[2].string("event_id") == "audit_1795166100000_9f86d081")
    #expect(all[2].string("@timestamp") == "2026-11-20T09:15:00.123456Z")
    // Anthropic leaves its cache out of input_tokens: 1000 + 200 + 50.
    #expect(all[3].integer("usage.prompt_tokens") == 1250)
    #expect(all[3].integer("usage.cached_tokens") == 200)
    #expect(all[3].integer("usage.cache_write_tokens") == 50)
    #expect(all[3].string("@timestamp") == "2026-11-20T09:15:00.500Z")
    #expect(all[3].string("user_id") == "42")
    #expect(all[3].string("client_ip") == "2001:db8:1:2::3")
    #expect(all[3].double("cost.reported_usd") == 0.01)
  }

  @Test func `records of A/B tests and fallbacks have no time, and name an arm`() throws {
    let all = try events("relay")
    #expect(all[4].string("ab_arm") == "legacy")
    #expect(all[4]["provider"] == nil)
    #expect(all[4].string("timestamp_source") == "arrival")
    #expect(all[4].index == "holysheep-logs-2026.11.21")
    #expect(all[5].string("error.code") == "401")
    #expect(all[5].string("error.message") == "bad key")
    #expect(all[5].string("outcome") == "failure")
    #expect(all[6].string("endpoint") == "eu-1")
    #expect(all[6]["extra"]?["cost_per_1m"]?.double == 0.42)
  }

  @Test func `Gemini's thoughts are output, and a cut stream is truncated`() throws {
    let event = try events("relay")[7]
    #expect(event.integer("usage.completion_tokens") == 50)
    #expect(event.integer("usage.reasoning_tokens") == 30)
    #expect(event.integer("usage.total_tokens") == 150)
    #expect(event["usage.total_mismatch"] == nil)
    #expect(event.string("outcome") == "truncated")
    #expect(event.string("@timestamp") == "2026-11-20T09:15:00.000Z")
    #expect(event["tags"] == .array([.string("nightly"), .string("7")]))
  }

  @Test func `LiteLLM's payload is priced directly, its cache counted once`() throws {
    let event = try events("litellm")[0]
    #expect(event.string("cost.book") == "direct")
    #expect(event.integer("usage.prompt_tokens") == 5000)
    #expect(event.integer("usage.cached_tokens") == 3000)
    #expect(event.integer("usage.cache_write_tokens") == 1000)
    // 1000 x 3 + 1000 x 3.75 + 3000 x 0.30 + 300 x 15 micro-dollars.
    #expect(event.double("cost_usd") == 0.01215)
    #expect(event.double("cost.drift_usd") == 0.00015)
    #expect(event.double("latency_ms") == 1500)
    #expect(event.double("ttft_ms") == 750)
    #expect(event.string("team_id") == "team-harbour")
    #expect(event.string("team_id_claimed") == "support")
    #expect(event.string("environment") == "prod")
    #expect(event.string("session_id") == "sess-7")
    #expect(event.string("finish_reason") == "tool_calls")
    #expect(event.double("relay_overhead_ms") == 7.5)
    #expect(event["extra"]?["metadata.user_api_key_alias"]?.string == "harbour-ci")
    #expect(event["extra"]?["metadata.user_api_key_team_alias"]?.string == "Harbour Office")
  }

  @Test func `not zero although it says zero`() throws {
    let all = try events("litellm")
    #expect(all[1].string("cost.status") == "no_usage")
    #expect(all[1]["usage"] == nil)
    #expect(all[1].string("error.type") == "RateLimitError")
    #expect(all[1].string("error.message") == "RateLimitError: wait")
    #expect(all[2].double("cost_usd") == 0)
    // 1000 x 2 + 500 x 8 micro-dollars at list prices.
    #expect(all[2].double("saved_cache_cost") == 0.006)
    #expect(all[2].integer("usage.prompt_tokens") == 1000)
    #expect(all[3].string("cost.status") == "unpriced")
    #expect(all[3]["cost_usd"] == nil)
    #expect(all[3]["cost.reported_usd"] == nil)
  }

  @Test func `python-logstash-async: the wrapped event wins over its logger`() throws {
    let all = try events("logstash")
    #expect(all[0].integer("usage.prompt_tokens") == 1200)
    #expect(all[0].string("outcome") == "failure")
    #expect(all[0].string("error.type") == "KeyError")
    #expect(all[0].string("cost.book") == "holysheep")
    #expect(all[0]["extra"]?["extra.logger_name"]?.string == "ai.relay")
    #expect(all[1].string("@timestamp") == "2026-07-09T03:37:49.000Z")
    #expect(all[1].index == "holysheep-logs-2026.07.09")
    #expect(all[1].double("latency_ms") == 389)
    #expect(all[1].integer("token_count") == 1000)
    #expect(all[1].string("environment") == "staging")
    #expect(all[2].string("environment") == "prod")
    #expect(all[2].string("request_id") == "req-9")
    #expect(all[2].integer("token_count") == 3472)
    #expect(all[2].bool("usage.total_mismatch") == true)
    #expect(all[2]["user_id"] == nil)
    #expect(all[2]["extra"]?["cost_usd"]?.string == "n/a")
    #expect(all[2]["extra"]?["tags_list"]?.string == "[array 2]")
  }

  @Test func `OpenTelemetry lines are kept as an unknown shape`() throws {
    let event = try EventBench().one(
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"harbour"}]}]}],"n":1}"#)
    #expect(event["extra"]?["resourceSpans"]?.string == "[array 1]")
    #expect(!event.text.contains("harbour"))
  }

  @Test func `book, basis and trust follow the rules`() throws {
    let line =
      #"{"timestamp":"2026-11-20T00:00:00Z","model":"gpt-4.1","team":"a","headers":{"X-Team-ID":"b"},"#
      + #""usage":{"prompt_tokens":1000,"completion_tokens":500}}"#
    let total = try EventBench { $0.meaning.basis = .total }.one(line)
    #expect(total.double("cost_usd") == 0.012)
    let chosen = try EventBench { rules in
      var meaning = SourceMeaning()
      meaning.basis = .total
      var choice = SourceChoice(meaning)
      choice.input = .webhook
      rules.sources = [choice]
    }
    #expect(try chosen.one(line).double("cost_usd") == 0.0065)
    #expect(try chosen.one(line, unit: EventBench.unit(.webhook)).double("cost_usd") == 0.012)
    let direct = try EventBench { $0.meaning.book = .direct }.one(line)
    #expect(direct.double("cost_usd") == 0.006)
    let wary = try EventBench { $0.trustsNamedTeam = false }.one(line)
    #expect(wary["team_id"] == nil)
    #expect(wary.string("team_id_claimed") == "b")
    let trusting = try EventBench {
      $0.trustsNamedTeam = false
      $0.meaning.trustsTeamHeader = true
    }.one(line)
    #expect(trusting.string("team_id") == "b")
    var source = SourceContext(input: .webhook, peer: "test")
    source.teamId = "proven"
    source.teamIdClaimed = "said"
    source.environment = "edge"
    let unit = FrameUnit(source: source, keepsAllOccurrences: true)
    let proven = try EventBench().one(#"{"team":"a","model":"m"}"#, unit: unit)
    #expect(proven.string("team_id") == "proven")
    #expect(proven.string("team_id_claimed") == "said")
    #expect(proven.string("environment") == "edge")
    let keyed = try EventBench().one(
      #"{"metadata":{"user_api_key_team_id":"b"},"team":"a","model":"m"}"#, unit: unit)
    #expect(keyed.string("team_id") == "proven")
    #expect(keyed.string("team_id_claimed") == "b")
  }

  private func events(_ fixture: String) throws -> [EventBench.Event] {
    let bench = try EventBench()
    let events = try bench.process(FieldTableTests.fixture("events/\(fixture).ndjson"))
    try #require(bench.refusals.isEmpty)
    return events
  }
}
