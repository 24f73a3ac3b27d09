import LogPipeline
import Testing

/// Goal: a name means the model it names, and never one whose name it merely starts with.
@Suite struct ModelResolverTests {
  private func name(_ raw: String, _ book: PriceBookName = .direct) throws -> String {
    let match = PricingFixtures.match(try PricingFixtures.books, raw, book)
    let model = String(decoding: match.model, as: UTF8.self)
    return match.row == nil ? "unpriced \(model)" : model
  }

  @Test(arguments: [
    ("gpt-4.1", "gpt-4.1"), ("GPT-4.1", "gpt-4.1"), ("  gpt-4.1\t", "gpt-4.1"),
    ("GPT 4.1", "gpt-4.1"),
    ("Claude Sonnet 4.5", "claude-sonnet-4.5"), ("openai/gpt-4.1", "gpt-4.1"),
    ("models/gemini-2.5-pro", "gemini-2.5-pro"), ("gpt-4.1-2025-04-14", "gpt-4.1"),
    ("azure/gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
    ("claude-sonnet-4-5-20250929", "claude-sonnet-4.5"),
    ("claude-sonnet-4.5@20250929", "claude-sonnet-4.5"),
    ("claude-sonnet-4-5[1m]", "claude-sonnet-4.5"),
    ("anthropic/claude-haiku-4-5@20251001", "claude-haiku-4.5"),
    ("vertex_ai/claude-opus-4-6@20260205", "claude-opus-4.6"),
    ("claude-opus-4-8[1m]", "claude-opus-4.8"),
    ("ft:gpt-4o-2024-08-06:acme::Ab1", "gpt-4o"),
    ("openai/ft:gpt-4.1-mini:acme:x:Ab1", "gpt-4.1-mini"),
    ("gpt-4.1-mini", "gpt-4.1-mini"), ("gpt-4o", "gpt-4o"), ("gpt-4-32k", "gpt-4-32k"),
    ("gpt-4", "gpt-4"), ("gpt-5.4-mini-2026-03-17", "gpt-5.4-mini"),
    ("deepseek-v3-2", "deepseek-v3.2"),
    ("minimax/minimax-m3", "minimax-m3"), ("moonshot-v1-8k", "moonshot-v1-8k"),
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4.5@bedrock-us"),
    ("openai/gpt-oss-120b", "gpt-oss-120b@groq"), ("claude-opus-4-20250514", "claude-opus-4"),
  ])
  func `a name is found under its other forms`(raw: String, model: String) throws {
    #expect(try name(raw) == model)
  }

  @Test(arguments: [
    "gpt-4.1-max", "gpt-4.", "gpt", "gpt-4-vision", "claude", "claude-sonnet",
    "claude-sonnet-4.5-turbo",
    "gpt-4.1-99999999", "bedrock/gpt-4.1", "groq/gpt-4o", "gpt-4.1[1x]", "gpt-oss-120b", "None", "",
    "o",
    "gpt-4.1-2025-13-14", "ft:", "4.1", "gpt-4.1:free",
  ])
  func `a name that only resembles one is unpriced`(raw: String) throws {
    #expect(try name(raw).hasPrefix("unpriced "))
  }

  @Test func `a name means different models in different books`() throws {
    #expect(try name("gpt-4", .holysheep) == "gpt-4.1")
    #expect(try name("openai/gpt-4", .holysheep) == "gpt-4.1")
    #expect(try name("claude-3-sonnet-20240229", .holysheep) == "claude-sonnet-4.5")
    #expect(try name("gemini-pro", .holysheep) == "gemini-2.5-flash")
    #expect(try name("gemini-pro").hasPrefix("unpriced"))
    let books = try PricingFixtures.books
    #expect(PricingFixtures.match(books, "gpt-4", .holysheep).book == .holysheep)
    #expect(PricingFixtures.match(books, "claude-3-opus", .holysheep).book == .direct)
    #expect(PricingFixtures.match(books, "gpt-5", .holysheep).book == .direct)
    #expect(PricingFixtures.match(books, "gpt-5", .direct).family == Array("gpt-5".utf8))
  }

  @Test func `an unknown name is normalised and safe to put into JSON`() throws {
    #expect(try name(" OpenAI/Llama \"3\\\n8b\"-20250101") == "unpriced llama-_3_-8b_")
    #expect(try name("Foo-4-5-20250101") == "unpriced foo-4.5")
    #expect(try name(String(repeating: "x", count: 5000)).utf8.count == 9 + 256)
  }

  @Test func `the cache gives what was worked out, past its bound too`() throws {
    let resolver = ModelResolver(books: try PricingFixtures.books)
    for round in 0..<2 {
      for index in 0..<5000 {
        let match = PricingFixtures.resolve(resolver, "model-\(index)", .direct)
        #expect(match.model == Array("model-\(index)".utf8), "round \(round)")
      }
      #expect(PricingFixtures.resolve(resolver, "gpt-4", .direct).book == .direct)
      #expect(PricingFixtures.resolve(resolver, "gpt-4", .holysheep).book == .holysheep)
    }
  }

  @Test(arguments: [
    ("gpt-4.1-minni", "gpt-4.1-mini"), ("claude-sonet-4.5", "claude-sonnet-4.5"),
    ("gemni-2.5-pro", "gemini-2.5-pro"), ("gpt-4.11", "gpt-4.1"),
  ])
  func `a slip of a name is recognised`(raw: String, model: String) throws {
    #expect(try PricingFixtures.books.nearest(to: Array(raw.utf8)) == model)
  }

  @Test func `no name is suggested for one that is far from all`() throws {
    #expect(try PricingFixtures.books.nearest(to: Array("llama-guard-vision".utf8)) == nil)
    #expect(try PricingFixtures.books.nearest(to: []) == nil)
  }
}
